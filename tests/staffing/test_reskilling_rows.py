"""What became of people half a year later: who counts, when, and whose figure is never shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi import ledger, rollup
from kpi.metric import Estimate, Evidence, Frame, Period, Status
from kpi.metrics._shared import HEADCOUNT, example_totals
from kpi.models import Team
from staffing.metrics import _half_year, reskilling_absorption, reskilling_completion
from staffing.metrics._half_year import PRESENT
from staffing.metrics.reskilling_absorption import ABSORBED
from staffing.metrics.reskilling_completion import COMPLETED
from staffing.subjects import reskilling
from tests import factories

ENDED = date(2026, 1, 5)
JUDGED = ENDED + timedelta(182)


def gone(agent: int, team: Team, **changes: object) -> None:
    factories.EmploymentFactory(agent=agent, team=team, **{"ended_on": ENDED, "end_kind": "redundancy", "role": "agent", **changes})


def step(person: int, stage: str, on: date) -> None:
    factories.ReskillingStepFactory(person=person, stage=stage, on=on, from_role="agent", to_role="editor")


def judged(column: str) -> list[tuple[date, int, bool]]:
    """(day, site, outcome) of everybody who is judged on any day."""
    span = [ENDED + timedelta(n) for n in range(400)]
    rows = reskilling.read(span)
    return rows.filter(rows["displaced" if column == "absorbed" else "entered"] == 1).select("day", "site", column).rows()


@pytest.mark.django_db
def test_a_person_is_judged_182_days_after_the_role_ended(lark: Team) -> None:
    gone(7, lark)
    assert judged("absorbed") == [(JUDGED, lark.site_id, False)]


@pytest.mark.django_db
@pytest.mark.parametrize(("on", "absorbed"), [(JUDGED, True), (JUDGED + timedelta(1), False)])
def test_who_was_placed_by_then_is_absorbed(lark: Team, on: date, absorbed: bool) -> None:
    gone(7, lark)
    step(7, "placed", on)
    assert judged("absorbed") == [(JUDGED, lark.site_id, absorbed)]


@pytest.mark.django_db
def test_who_was_placed_and_left_again_is_not_absorbed(lark: Team) -> None:
    gone(7, lark)
    step(7, "placed", ENDED + timedelta(20))
    gone(7, lark, role="editor", started_on=ENDED + timedelta(20), ended_on=ENDED + timedelta(90), end_kind="voluntary")
    assert judged("absorbed") == [(JUDGED, lark.site_id, False)]


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "absorbed"), [("editor", True), ("agent", False)])
def test_a_spell_in_another_role_shows_it_as_well(lark: Team, role: str, absorbed: bool) -> None:
    gone(7, lark)
    factories.EmploymentFactory(agent=7, team=lark, role=role, started_on=ENDED + timedelta(30))
    assert judged("absorbed") == [(JUDGED, lark.site_id, absorbed)]


@pytest.mark.django_db
def test_leavers_are_not_displaced(lark: Team) -> None:
    gone(7, lark, end_kind="voluntary")
    assert judged("absorbed") == []


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "completed"), [(182, True), (183, False)])
def test_a_course_is_finished_within_half_a_year_of_entering_it(lark: Team, days: int, completed: bool) -> None:
    gone(7, lark)
    step(7, "enrolled", ENDED)
    step(7, "completed", ENDED + timedelta(days))
    assert judged("completed") == [(JUDGED, lark.site_id, completed)]


@pytest.mark.django_db
def test_somebody_without_a_spell_belongs_to_no_site() -> None:
    step(7, "enrolled", ENDED)
    assert judged("completed") == [(JUDGED, None, False)]


@pytest.mark.django_db
def test_the_outcome_that_arrives_late_is_rolled_up_again(lark: Team) -> None:
    for day in (ENDED, JUDGED + timedelta(3)):
        factories.InteractionFactory(team=lark, site=lark.site, day=day)
    gone(7, lark)
    rollup.roll_up_due()
    assert JUDGED in ledger.known_days("reskilling")
    assert JUDGED not in ledger.due("reskilling").get("reskilling", {})
    ledger.mark_all_due("reskilling")  # what the import of a step does
    assert JUDGED in ledger.due("reskilling")["reskilling"]


FRAME = Frame(Period(date(2026, 3, 2), date(2026, 6, 1)), date(2026, 6, 1))


def here(n: int, k: int = 0, *, present: int = 364, heads: int = 100) -> Evidence:
    judged_here = example_totals({PRESENT: (present, present), ABSORBED: (n, k), COMPLETED: (n, k)})
    return Evidence(FRAME, {"judged": judged_here, "people": example_totals({HEADCOUNT: (heads, heads)})})


def absorption(*sites: Evidence) -> Estimate:
    return reskilling_absorption.estimate(sites)


def test_absorption_is_the_share_of_all_sites_together() -> None:
    found = absorption(here(400, 220), here(200, 50))
    assert (found.value, found.n, found.reasons) == (pytest.approx(270 / 600), 600, ())
    assert reskilling_completion.estimate((here(30, 24),)).value == pytest.approx(0.8)


def test_a_site_with_a_few_is_left_out_so_that_nobody_can_subtract() -> None:
    found = absorption(here(40, 22), here(9, 9))
    assert (found.value, found.n) == (pytest.approx(0.55), 40)
    assert "small_sites:left_out" in found.reasons


def test_fewer_than_ten_people_are_protected() -> None:
    assert absorption(here(9, 3)).status is Status.SUPPRESSED
    assert absorption(here(9, 3)).n == 0


def test_nobody_displaced_is_not_zero() -> None:
    found = absorption(here(0))
    assert (found.status, found.reasons) == (Status.NOT_APPLICABLE, ("displaced:nobody",))
    assert reskilling_completion.estimate((here(0),)).reasons == ("entered:nobody",)


def test_a_team_is_told_that_only_whole_sites_are_known() -> None:
    assert absorption(here(0, present=0)).reasons == ("reskilling:whole_sites",)


def test_without_employment_there_are_no_data() -> None:
    assert absorption(here(0, present=0, heads=0)).status is Status.NO_DATA


def at_work_elsewhere() -> list[int]:
    """Days after the end of the role on which anybody is redeployed."""
    rows = reskilling.read([ENDED + timedelta(n) for n in range(-5, 100)])
    return [(day - ENDED).days for day in rows.filter(rows["redeployed"] == 1).sort("day")["day"].to_list()]


@pytest.mark.django_db
def test_who_was_placed_is_redeployed_from_that_day_and_not_before_the_role_ended(lark: Team) -> None:
    gone(7, lark)
    step(7, "placed", ENDED - timedelta(3))
    assert at_work_elsewhere() == list(range(100))


@pytest.mark.django_db
def test_a_spell_in_another_role_is_redeployed_while_it_lasts_and_once_a_day(lark: Team) -> None:
    gone(7, lark)
    step(7, "placed", ENDED + timedelta(10))
    gone(7, lark, role="editor", started_on=ENDED + timedelta(12), ended_on=ENDED + timedelta(40), end_kind="voluntary")
    assert at_work_elsewhere() == list(range(10, 40))


@pytest.mark.django_db
def test_who_is_back_in_the_old_role_was_not_redeployed(lark: Team) -> None:
    gone(7, lark)
    step(7, "placed", ENDED + timedelta(10))
    factories.EmploymentFactory(agent=7, team=lark, role="agent", started_on=ENDED + timedelta(30))
    assert at_work_elsewhere() == list(range(10, 30))


@pytest.mark.django_db
def test_who_left_by_themselves_was_not_redeployed(lark: Team) -> None:
    gone(7, lark, end_kind="voluntary")
    factories.EmploymentFactory(agent=7, team=lark, role="editor", started_on=ENDED + timedelta(30))
    assert at_work_elsewhere() == []


def test_a_raised_k_hides_a_site_that_has_fewer() -> None:
    """Twelve people are enough for ten, not for fifteen."""
    [piece] = _half_year.example(ABSORBED, 12, 6).evidence
    shown = _half_year.share_of_people([piece], ABSORBED, "nobody")
    raised = replace(piece, frame=replace(piece.frame, context={"k": 15}))
    assert (shown.status.shows_value, _half_year.share_of_people([raised], ABSORBED, "nobody").status) == (True, Status.SUPPRESSED)
