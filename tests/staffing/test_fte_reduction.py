"""FTE reduction from weekly totals: what it needs, what it leaves out, and that its parts are those of the definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from django.utils import translation

from kpi.metric import Estimate, Evidence, Frame, Period, Status, Stratum, Total, Totals
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED
from staffing import capacity
from staffing.metrics import fte_reduction as metric
from staffing.practice import SitePractice, practice_of
from staffing.weeks import HANDLING, ON_QUEUE, PAID
from staffing.workload import Practice, fte_reduction
from tests import factories

WEEK = timedelta(weeks=1)
GO_LIVE = date(2026, 3, 2)
LATER = date(2026, 7, 1)
SIGNED = SitePractice(1, GO_LIVE - 8 * WEEK, GO_LIVE, GO_LIVE, 40.0, 0.85, 0.30, "8 weeks to 1 Mar 2026", "40 hours")
Week = tuple[Totals, Totals]


def week(
    contacts: int = 500,
    alone: int = 0,
    false: int = 0,
    aht: float = 300.0,
    *,
    occupancy: float = 0.8,
    shrinkage: float = 0.3,
    known: int | None = None,
) -> Week:
    human, machine = (Stratum("voice", "billing", machine_only=only) for only in (False, True))
    work: dict[str, dict[Stratum | None, Total]] = {
        CONTACTS.key: {human: Total(contacts - alone, contacts - alone), machine: Total(alone, alone)},
        FALSELY_CONTAINED.key: {machine: Total(alone if known is None else known, false)},
        HANDLING.key: {human: Total(contacts - alone, (contacts - alone) * aht)},
    }
    halves = {DAY_HANDLING: occupancy, DAY_WAITING: 1 - occupancy, ON_QUEUE: 1 - shrinkage, PAID: 1.0}
    return Totals(work), Totals({key.key: {None: Total(9, 1000 * part)} for key, part in halves.items()})


def site(
    base: Sequence[Week], now: Sequence[Week], practice: SitePractice | None = SIGNED, *, as_of: date = LATER, start: date = GO_LIVE
) -> Evidence:
    end = start + len(now) * WEEK
    first = practice.baseline_start if practice and practice.baseline_start else GO_LIVE - len(base) * WEEK
    blocks = {}
    for name, begin, weeks in (("baseline", first, base), ("current", start, now)):
        blocks[name] = [(begin + i * WEEK, work) for i, (work, _) in enumerate(weeks)]
        blocks[f"{name}_days"] = [(begin + i * WEEK, people) for i, (_, people) in enumerate(weeks)]
    return Evidence(Frame(Period(start, end), as_of, practice), {}, blocks)


def saving(*sites: Evidence) -> Estimate:
    return metric.estimate(sites)


def test_the_parts_are_those_of_the_plain_definition() -> None:
    found = saving(site([week()] * 8, [week(450, 150, 15, 270, occupancy=0.85, shrinkage=0.28)] * 4))
    plain = fte_reduction([(Practice(500, 0, 300, 0.8, 0.3, 40), Practice(450, 0.3, 270, 0.85, 0.28, 40))])
    assert found.value == pytest.approx(plain.fte_reduction)
    for key, part in {**plain.parts, "required_base": plain.required_base, "volume_effect": plain.volume_effect}.items():
        assert found.parts[key] == pytest.approx(part)
    assert found.parts["percent"] == pytest.approx(plain.fte_reduction / plain.counterfactual)
    assert (found.status, found.n) == (Status.OK, 1800)


def test_sites_are_added_up_each_against_its_own_baseline() -> None:
    one, other = site([week()] * 8, [week(aht=270)] * 4), site([week(aht=200)] * 8, [week(aht=220)] * 4)
    together, apart = saving(one, other), [saving(one), saving(other)]
    assert together.value == pytest.approx(sum(item.value or 0 for item in apart))
    assert together.n == sum(item.n for item in apart)


def test_a_saving_can_be_negative() -> None:
    assert (saving(site([week()] * 8, [week(aht=330)] * 4)).value or 0) < 0


@pytest.mark.parametrize(
    ("evidence", "status", "reason"),
    [
        (site([week()] * 8, [week()] * 4, None), Status.INSUFFICIENT, "baseline:absent"),
        (site([week()] * 8, [week()] * 4, replace(SIGNED, paid_hours_per_week=None)), Status.INSUFFICIENT, "assumption:absent"),
        (site([week()] * 7, [week()] * 4), Status.INSUFFICIENT, "baseline:weeks"),
        (site([week()] * 8, [week(2000)] * 3), Status.INSUFFICIENT, "current:weeks"),
        (site([week()] * 8, [week(249)] * 4), Status.INSUFFICIENT, "current:contacts"),
        (site([week()] * 8, [week()] * 4, start=GO_LIVE - 4 * WEEK), Status.NOT_APPLICABLE, "go_live:later"),
        (site([week()] * 8, [week()] * 4, replace(SIGNED, go_live=GO_LIVE + 4 * WEEK)), Status.NOT_APPLICABLE, "go_live:later"),
    ],
)
def test_without_its_minimum_there_is_no_saving_and_a_reason(evidence: Evidence, status: Status, reason: str) -> None:
    found = saving(evidence)
    assert (found.status, found.value, found.reasons, found.parts) == (status, None, (reason,), {})


def test_the_baseline_may_have_weeks_without_data_as_long_as_eight_are_left() -> None:
    empty = (Totals(), Totals())
    practice = replace(SIGNED, baseline_start=GO_LIVE - 9 * WEEK)
    assert saving(site([*[week()] * 4, empty, *[week()] * 4], [week(aht=270)] * 4, practice)).status is Status.OK


def test_a_guess_is_never_compared_with_a_measurement() -> None:
    now = [week(aht=270, occupancy=0.95), *[(week(aht=270)[0], Totals())] * 3]
    base = [(week()[0], Totals())] * 8
    found = saving(site(base, now))
    assert found.status is Status.PARTIAL
    assert found.reasons == ("occupancy:assumed", "shrinkage:assumed")
    assert (found.parts["occupancy"], found.parts["shrinkage"]) == (pytest.approx(0), pytest.approx(0))
    assert found.parts["required_base"] == pytest.approx(500 * 300 / 3600 / (0.85 * 0.70 * 40))


def test_weeks_that_are_not_over_and_outcomes_that_are_not_ripe_stay_out() -> None:
    weeks = [week(500, 100, 20)] * 5
    end = GO_LIVE + 5 * WEEK
    found = saving(site([week()] * 8, weeks, as_of=end - timedelta(days=1)))
    assert (found.n, found.status) == (2000, Status.PROVISIONAL)
    spoilt = [*weeks[:3], week(500, 100, 100), week(500, 100, 100)]
    assert saving(site([week()] * 8, spoilt, as_of=end)).parts["containment"] != pytest.approx(found.parts["containment"] or 0)
    ripe = saving(site([week()] * 8, [*weeks[:4], week(500, 100, 100)], as_of=end))
    assert ripe.parts["containment"] == pytest.approx(found.parts["containment"] or 0)


def test_machine_contacts_nobody_can_check_are_not_called_contained() -> None:
    found = saving(site([week()] * 8, [week(500, 100, 0, known=0)] * 4))
    assert (found.status, found.reasons) == (Status.PARTIAL, ("containment:unknown",))
    assert found.parts["containment"] == pytest.approx(0)


def test_a_site_without_a_baseline_makes_the_total_partial_and_is_named() -> None:
    found = saving(site([week()] * 8, [week(aht=270)] * 4), site([week()] * 8, [week()] * 4, None))
    assert (found.status, found.reasons, found.n) == (Status.PARTIAL, ("baseline:absent",), 2000)


def test_a_site_without_contacts_is_no_gap() -> None:
    found = saving(site([week()] * 8, [week(aht=270)] * 4), site([], [(Totals(), Totals())] * 4, None))
    assert (found.status, found.reasons) == (Status.OK, ())


def test_the_interval_is_the_same_every_time_and_wider_for_restless_weeks() -> None:
    calm = [week(aht=260 + i) for i in range(4)]
    restless = [week(aht=200 + 40 * i) for i in range(4)]
    one, again, wide = (saving(site([week()] * 8, weeks)) for weeks in (calm, calm, restless))
    assert (one.low, one.high) == (again.low, again.high)
    assert None not in (one.low, one.high, wide.low, wide.high)
    assert (wide.high or 0) - (wide.low or 0) > (one.high or 0) - (one.low or 0) > 0


def test_the_last_block_may_be_longer_than_a_week() -> None:
    long = week(900, aht=300)
    evidence = site([week()] * 8, [*[week(700)] * 3, long])
    period = Period(GO_LIVE, GO_LIVE + 4 * WEEK + timedelta(days=2))
    found = saving(replace(evidence, frame=replace(evidence.frame, period=period)))
    assert found.parts["counterfactual"] == pytest.approx(3000 / 30 * 7 * 300 / 3600 / (0.8 * 0.7 * 40))


def test_a_segment_without_a_handled_contact_takes_the_aht_of_all() -> None:
    work = np.zeros((capacity.WORK_SUMS, 2, 1))
    work[capacity.CONTACTS] = work[capacity.MATURE] = [[10], [10]]
    work[capacity.HANDLED, 0], work[capacity.HANDLING_S, 0] = 5, 500
    people = np.array([[8.0], [2.0], [7.0], [10.0]])
    found = capacity.point(capacity.Weeks(work, people, np.array([7.0])), capacity.Plan(40))
    assert found.aht_s.ravel().tolist() == [100, 100]
    assert (found.occupancy.item(), found.shrinkage.item()) == (pytest.approx(0.8), pytest.approx(0.3))


def test_handling_is_talk_hold_and_wrap_of_what_a_person_did_shared_between_parallel_chats() -> None:
    rows = [  # machine_only, abandoned, talk, hold, wrap, concurrency -> seconds
        (False, False, 100.0, 20.0, 30.0, None, 150.0),
        (False, None, 100.0, None, None, 2.0, 50.0),
        (False, True, 0.0, None, None, None, None),
        (False, False, None, 20.0, 30.0, None, None),
        (True, False, 100.0, None, None, None, None),
    ]
    frame = pl.DataFrame(rows, schema=["machine_only", "abandoned", "talk_s", "hold_s", "wrap_s", "concurrency", "seconds"], orient="row")
    assert frame.select(HANDLING.value).to_series().to_list() == frame["seconds"].to_list()


@pytest.mark.django_db
def test_a_site_stands_on_its_latest_baseline_and_on_the_assumption_of_its_time() -> None:
    own, common = factories.SiteFactory(), factories.SiteFactory()
    factories.BaselineFactory(site=None, version=1, first_day=date(2025, 6, 2), weeks=13, go_live=date(2025, 9, 1))
    factories.BaselineFactory(site=own, version=1, first_day=date(2025, 5, 5), weeks=8, go_live=date(2025, 9, 1))
    factories.BaselineFactory(site=own, version=2, first_day=date(2025, 5, 12), weeks=8, go_live=date(2025, 9, 1))
    for day, hours in ((date(2025, 1, 1), 40), (date(2026, 1, 1), 38), (date(2026, 6, 1), 35)):
        factories.StaffingAssumptionFactory(site=None, valid_from=day, paid_hours_per_week=hours)
    found = practice_of([own.pk, common.pk], Period(date(2026, 3, 1), date(2026, 4, 1)))
    assert found[own.pk].baseline_start == date(2025, 5, 12)
    assert found[common.pk].baseline_end == date(2025, 9, 1)
    assert {practice.paid_hours_per_week for practice in found.values()} == {38}
    assert "8 weeks to 6 Jul 2025, version 2" in found[own.pk].baseline_text
    with translation.override("de"):
        found = practice_of([own.pk], Period(date(2026, 3, 1), date(2026, 4, 1)))
    assert "8 Wochen bis 6. Juli 2025, Version 2" in found[own.pk].baseline_text


@pytest.mark.django_db
def test_nothing_signed_is_nothing_assumed() -> None:
    place = factories.SiteFactory()
    assert practice_of([place.pk], Period(date(2026, 3, 1), date(2026, 4, 1))) == {place.pk: SitePractice(place.pk)}


@pytest.mark.django_db
def test_each_period_takes_the_assumption_in_force_when_it_ended() -> None:
    site = factories.SiteFactory()
    for valid_from, hours, at in ((date(2026, 1, 1), 40, None), (date(2026, 3, 1), 35, None), (date(2026, 5, 1), 30, site)):
        factories.StaffingAssumptionFactory(site=at, valid_from=valid_from, paid_hours_per_week=hours)
    practice = practice_of([site.pk], Period(date(2026, 5, 1), date(2026, 6, 1)))[site.pk]
    ends = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 4, 1), date(2026, 6, 1))
    hours_at = [practice.at(Period(end - timedelta(days=28), end)).paid_hours_per_week for end in ends]
    assert hours_at == [None, 40, 35, 30]
