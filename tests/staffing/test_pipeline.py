"""How far people walked towards a new role: a later step stands for the earlier ones, and no line is about a few."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kpi.metric import Estimate, Evidence, Frame, Period, Status
from kpi.metrics._shared import example_totals
from kpi.models import Team
from staffing import pipeline
from staffing.metrics import reskilling_pipeline as metric
from staffing.metrics._half_year import PRESENT
from staffing.pipeline import Offered, Walk, by_role, walk, walks_of
from tests import factories

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
BEGUN = date(2026, 1, 5)


def far(role: str, stages: int, begun: date = BEGUN) -> Walk:
    """Somebody who reached so many of the five stages, a month apart."""
    return Walk(role, tuple(begun + timedelta(30 * place) if place < stages else None for place in range(5)))


def people(role: str, *stages: int) -> list[Walk]:
    return [far(role, stage) for stage in stages]


def here(*walks: Walk, present: int = 364, k: int = 10) -> Evidence:
    return Evidence(Frame(MAY, MAY.end, Offered(tuple(walks), k)), {"judged": example_totals({PRESENT: (present, present)})})


def placed(*sites: Evidence) -> Estimate:
    return metric.estimate(sites)


def test_a_later_step_counts_as_the_earlier_ones() -> None:
    found = walk([("editor", "enrolled", BEGUN), ("editor", "placed", BEGUN + timedelta(9))])
    assert found.reached == (BEGUN, BEGUN, BEGUN + timedelta(9), BEGUN + timedelta(9), None)
    assert found.first == BEGUN


def test_a_person_walks_towards_the_role_of_the_last_step_and_counts_once() -> None:
    assert walk([("editor", "offered", BEGUN), ("technician", "offered", BEGUN + timedelta(9))]).role == "technician"


def test_what_is_reached_after_the_period_is_not_reached_yet() -> None:
    assert pipeline.reached([far("editor", 5)], BEGUN + timedelta(60)) == [1, 1, 0, 0, 0]
    assert pipeline.reached([far("editor", 5)], BEGUN + timedelta(61)) == [1, 1, 1, 0, 0]


def test_the_share_placed_is_that_of_all_who_were_offered_a_role_in_a_year() -> None:
    walks = [*people("editor", *[4] * 12, *[2] * 28), far("editor", 5, BEGUN - timedelta(700)), far("editor", 1, MAY.end)]
    found = placed(here(*walks))
    assert (found.value, found.n) == (pytest.approx(12 / 40), 40)
    assert found.parts == {"enrolled": 0.95, "completed": 0.3, "retained": 0.05}  # at least 95 %, at most 5 %


def test_a_line_for_each_role_of_ten_with_counts_in_bands_and_shares_in_steps_of_five() -> None:
    table = by_role([*people("editor", *[4] * 7, *[1] * 6), *people("designer", *[2] * 11)], MAY.end, 10)
    assert [row[:2] for row in table.rows] == [("designer", "10–14"), ("editor", "10–14")]
    assert table.rows[1][2:] == ("55\u202f%", "55\u202f%", "55\u202f%", "≤5\u202f%")
    assert table.rows[0][2] == "≥95\u202f%"


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ({"a": 12, "b": 4, "c": 7}, {"a": "10–14", "other roles together": "10–14"}),
        ({"a": 30, "b": 12, "c": 3}, {"a": "30–34", "other roles together": "15–19"}),  # the 12 hides the 3
        ({"a": 6, "b": 6}, {"all roles together": "10–14"}),
    ],
)
def test_roles_of_a_few_are_joined_with_as_many_more_as_keep_them_from_being_subtracted(counts, lines) -> None:
    walks = [each for role, count in counts.items() for each in people(role, *[1] * count)]
    assert {row[0]: row[1] for row in by_role(walks, MAY.end, 10).rows} == lines


def test_a_site_with_a_few_is_left_out_and_a_few_alone_are_protected() -> None:
    many, few = here(*people("editor", *[4] * 40)), here(*people("editor", *[1] * 9))
    found = placed(many, few)
    assert (found.n, found.reasons) == (40, ("small_sites:left_out",))
    assert found.extra["register"].rows[0][1] == "40–44"
    assert (placed(few).status, placed(few).extra) == (Status.SUPPRESSED, {})


def test_nobody_and_a_part_of_a_site_are_told_apart() -> None:
    assert placed(here()).reasons == ("offered:nobody",)
    assert placed(here(*people("editor", *[4] * 20), present=0)).reasons == ("reskilling:whole_sites",)


@pytest.mark.django_db
def test_walks_belong_to_the_site_of_the_last_spell_before_the_first_step(lark: Team) -> None:
    elsewhere = factories.TeamFactory()
    factories.EmploymentFactory(agent=7, team=elsewhere, started_on=BEGUN - timedelta(400))
    factories.EmploymentFactory(agent=7, team=lark, started_on=BEGUN - timedelta(9))
    factories.EmploymentFactory(agent=7, team=elsewhere, started_on=BEGUN + timedelta(9))
    for person, stage, days in ((7, "offered", 0), (7, "placed", 30), (8, "offered", 0)):
        factories.ReskillingStepFactory(person=person, stage=stage, on=BEGUN + timedelta(days), from_role="agent", to_role="editor")
    found = walks_of([lark.site_id], MAY)
    assert found == {lark.site_id: Offered((Walk("editor", (BEGUN, *[BEGUN + timedelta(30)] * 3, None)),), 10)}


@pytest.mark.django_db
def test_a_raised_k_reaches_the_lines_and_whole_sites(settings: Any, lark: Team) -> None:
    settings.WELLBEING_MIN_GROUP = 25
    assert walks_of([lark.site_id], MAY)[lark.site_id].k == 25
    assert placed(here(*people("editor", *[4] * 20), k=25)).status is Status.SUPPRESSED
    found = placed(here(*people("editor", *[4] * 20), *people("designer", *[2] * 20), k=25))
    assert [row[0] for row in found.extra["register"].rows] == ["all roles together"]
