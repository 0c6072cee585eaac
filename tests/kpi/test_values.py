"""From stored totals to estimates: each window is read once, a failure stays in its place, gaps are said (metrics.md 0.6)."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings

from kpi import registry
from kpi.metric import Estimate, Evidence, Frame, Metric, Period, Status, Window
from kpi.scopes import Part, Unit
from kpi.totals import Members
from kpi.values import Target, contexts_for, estimate
from tests.kpi.rollup_help import contacts

MONDAY = date(2026, 3, 2)
PERIOD = Period(MONDAY, MONDAY + timedelta(28))
AS_OF = PERIOD.end
ONE, TWO = Members("site", (1,)), Members("site", (2,))
BOTH = Members("site", (1, 2))
UNIT = Unit(BOTH, BOTH, (Part(1, ONE, ONE), Part(2, TWO, TWO)), None)
FINE = Estimate(Status.OK, 0.5, 0.4, 0.6, 10)
CONTACTS = registry.measures()["contacts"]
pytestmark = pytest.mark.django_db


def metric(judge: Callable[[Any], Estimate], windows: Callable[[Frame], Mapping[str, Window]] = lambda frame: {}, **changes: Any) -> Metric:
    return replace(registry.metrics()["csat"], estimate=judge, windows=windows, **changes)


def found(
    made: Metric, *, unit: Unit = UNIT, as_of: date = AS_OF, gaps: Mapping[int, frozenset[date]] | None = None, contexts: Any = None
) -> Estimate:
    [row] = estimate([Target(unit, PERIOD)], [made], as_of=as_of, known_gaps=gaps or {}, contexts=contexts or {})
    return row.estimates["csat"]


def lost(*days: int) -> dict[int, frozenset[date]]:
    return {1: frozenset(MONDAY + timedelta(day) for day in days)}


def whole(frame: Frame) -> dict[str, Window]:
    return {"period": Window("interaction", frame.period.start, frame.period.end)}


def test_an_estimate_sees_the_totals_of_its_windows() -> None:
    contacts("site", 1, MONDAY, 30, grain="w")
    contacts("site", 2, MONDAY, 12, grain="w")
    made = metric(lambda evidence: replace(FINE, n=evidence.totals["period"][CONTACTS].n), whole)
    assert found(made).n == 42


def test_by_site_an_estimate_sees_each_site_and_what_is_known_of_it() -> None:
    contacts("site", 1, MONDAY, 30, grain="w")
    contacts("site", 2, MONDAY, 12, grain="w")

    def judge(pieces: tuple[Evidence, ...]) -> Estimate:
        return replace(FINE, extra={"seen": [(piece.totals["period"][CONTACTS].n, piece.frame.context) for piece in pieces]})

    made = metric(judge, whole, per_site=True, context=lambda sites, period: {site: f"site {site}" for site in sites})
    contexts = contexts_for([made, metric(lambda evidence: FINE)], [1], PERIOD)
    assert contexts == {"csat": {1: "site 1"}}
    assert found(made, contexts=contexts).extra["seen"] == [(30, "site 1"), (12, None)]


def test_a_definition_for_the_whole_has_no_site_to_know_about() -> None:
    made = metric(lambda evidence: replace(FINE, extra={"context": evidence.frame.context}), context=lambda sites, period: {1: "x"})
    assert found(made, contexts={"csat": {1: "x"}}).extra["context"] is None


def test_without_a_context_of_its_own_a_definition_is_told_the_smallest_group() -> None:
    made = metric(lambda evidence: replace(FINE, extra={"context": evidence.frame.context}))
    assert found(made).extra["context"] == {"k": settings.WELLBEING_MIN_GROUP}


def test_people_measures_are_read_of_the_people_and_contacts_of_the_work() -> None:
    contacts("cell", 5, MONDAY, 7, grain="w")
    contacts("team", 3, MONDAY, 70, grain="w")
    unit = Unit(Members("cell", (5,)), Members("team", (3,)), (), frozenset({3}), narrowed=True)
    assert found(metric(lambda evidence: replace(FINE, n=evidence.totals["period"][CONTACTS].n), whole), unit=unit).n == 7


def test_a_window_that_several_ask_for_is_read_once(django_assert_num_queries: Any) -> None:
    made = [metric(lambda evidence: FINE, whole, key=f"m{i}") for i in range(3)]
    targets = [Target(UNIT, PERIOD), Target(UNIT, PERIOD)]
    with django_assert_num_queries(1):
        rows = estimate(targets, made, as_of=AS_OF, known_gaps={}, contexts={})
    assert [list(row.estimates) for row in rows] == [["m0", "m1", "m2"]] * 2


def test_a_window_without_days_is_left_out() -> None:
    made = metric(
        lambda evidence: replace(FINE, extra={"windows": set(evidence.totals)}),
        lambda frame: whole(frame) | {"none": Window("interaction", frame.period.start, frame.period.start)},
    )
    assert found(made).extra["windows"] == {"period"}


def test_a_week_with_a_gap_is_left_out_of_the_weeks_of_its_site() -> None:
    weekly = metric(
        lambda evidence: replace(FINE, extra={"weeks": [day for day, _ in evidence.blocks["weeks"]]}),
        lambda frame: {"weeks": Window("interaction", frame.period.start, frame.period.end, by="week")},
    )
    assert found(weekly, gaps=lost(8)).extra["weeks"] == [MONDAY + timedelta(weeks=i) for i in (0, 2, 3)]
    other = Unit(TWO, TWO, (Part(2, TWO, TWO),), None)
    assert len(found(weekly, gaps=lost(8), unit=other).extra["weeks"]) == 4


def test_a_definition_that_fails_leaves_its_own_place_empty_and_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_evidence: Evidence) -> Estimate:
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR, "kpi.values"):
        made = found(metric(broken), gaps=lost(1, 2, 3))
    assert (made.status, made.reasons) == (Status.INSUFFICIENT, ("computation:failed",))
    assert "metric failed key=csat error=ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("estimated", "status"),
    [
        (FINE, Status.PARTIAL),
        (replace(FINE, status=Status.PROVISIONAL), Status.PARTIAL),
        (replace(FINE, status=Status.CARRIED_FORWARD), Status.CARRIED_FORWARD),
    ],
)
def test_a_period_with_more_than_five_percent_missing_is_partial_and_says_so(estimated: Estimate, status: Status) -> None:
    made = found(metric(lambda evidence: estimated), gaps=lost(1, 2))
    assert (made.status, made.reasons, made.value) == (status, ("gap:2_days",), 0.5)


def test_a_single_day_of_four_weeks_does_not_make_it_partial() -> None:
    assert found(metric(lambda evidence: FINE), gaps=lost(1)) == FINE


def test_a_gap_adds_nothing_to_what_has_no_value() -> None:
    assert found(metric(lambda evidence: Estimate(Status.NO_DATA)), gaps=lost(1, 2)) == Estimate(Status.NO_DATA)


def test_a_period_that_is_not_over_is_partial_and_says_so() -> None:
    made = found(metric(lambda evidence: FINE), as_of=AS_OF - timedelta(1))
    assert (made.status, made.reasons) == (Status.PARTIAL, ("period:not_over",))


def test_how_many_people_are_behind_the_contacts_is_the_busiest_day_of_the_week_with_the_fewest() -> None:
    """Two periods may differ by that week."""
    contacts("site", 1, MONDAY, 30, grain="w", agents=6)
    contacts("site", 1, MONDAY + timedelta(7), 30, grain="w", agents=4)
    here = Unit(ONE, ONE, (Part(1, ONE, ONE),), None)
    [row] = estimate([Target(here, PERIOD)], [], as_of=AS_OF, known_gaps={}, contexts={})
    assert row.crew == 4


def test_where_nothing_counts_people_nobody_is_known_to_be_behind_the_contacts() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "measures", dict)
        [row] = estimate([Target(UNIT, PERIOD)], [], as_of=AS_OF, known_gaps={}, contexts={})
    assert row.crew == 0
