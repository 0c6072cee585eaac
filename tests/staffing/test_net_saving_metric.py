"""The net saving of sites: signed costs, shared sums, leavers before and now, and what is missing by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kpi.metric import Estimate, Evidence, Family, Period, Status, Total, Totals
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, HEADCOUNT, LEAVERS, example_totals
from staffing.costs import Book, Signed, at, books_of
from staffing.metrics import net_saving as metric
from tests import factories
from tests.kpi.result_help import result
from tests.staffing.test_fte_reduction import GO_LIVE, SIGNED, WEEK, site, week
from tests.staffing.test_gain_ledger import paid

PERIOD = Period(GO_LIVE, GO_LIVE + 4 * WEEK)
AMOUNTS = {"loaded_fte": 40_000.0, "salary": 30_000.0, "ai_run": 20_000.0, "one_off": 9_000.0, "reskilling": 2_000.0}
ROWS = tuple(Signed(kind, None, date(2026, 1, 1), amount, f"{amount:g}") for kind, amount in AMOUNTS.items())
BOOK = Book(1, SIGNED, PERIOD, ROWS, {1: 2000, 2: 6000})


def place(book: Book | None = BOOK, *, heads: int = 50, leavers: tuple[int, int] = (10, 15), contacts: int = 2000) -> Evidence:
    """120 paid hours a week, then 80: one post of 40 hours taken out."""
    hours = site([paid(week(), 120)] * 8, [paid(week(500, aht=270), 80)] * 4)
    totals = {"period": example_totals({CONTACTS: (contacts, contacts)}), "people": example_totals({HEADCOUNT: (1, 28 * heads)})}
    for name, gone in zip(("leaving_base", "leaving_now"), leavers, strict=True):
        totals[name] = example_totals({HEADCOUNT: (18_250, 18_250), LEAVERS: (18_250, gone)})  # fifty people for a year
    return replace(hours, frame=replace(hours.frame, context=book), totals=totals)


def net(*sites: Evidence) -> Estimate:
    return metric.estimate(sites)


def test_every_cost_is_named_and_the_rest_is_left() -> None:
    """A quarter of the contacts of the sites that share the sums; leavers from 20 to 30 % of 50 people at 40 % of 30 000."""
    found = net(place())
    assert found.parts == pytest.approx(
        {
            "paid_fte_released": 1,
            "gross": 40_000,
            "ai_run_cost": 5_000,
            "attrition_cost": 60_000,
            "one_off_annual": 750,
            "reskilling_cost": 500,
        }
    )
    assert found.value == pytest.approx(40_000 - 5_000 - 60_000 - 750 - 500)
    assert (found.n, found.status) == (50, Status.OK)


def test_the_limits_are_those_of_the_replacement_rate() -> None:
    found = net(place())
    assert found.low == pytest.approx(33_750 - 150_000 * 0.65)
    assert found.high == pytest.approx(33_750 - 150_000 * 0.16)
    told = result(Family.SAVINGS, found.value or 0, found.low, found.high)
    assert (told.conf, replace(told, ci_method=found.ci_method).conf) == (0.95, None)  # chance has no part in them


def test_fewer_leavers_than_before_are_a_gain() -> None:
    assert net(place(leavers=(15, 10))).parts["attrition_cost"] == pytest.approx(-60_000)


def test_sites_add_up_and_share_the_whole_sum_between_them() -> None:
    both = net(place(), place(replace(BOOK, site=2), contacts=6000))
    assert both.parts["ai_run_cost"] == pytest.approx(20_000)
    assert both.parts["gross"] == pytest.approx(80_000)


def test_a_sum_of_its_own_is_shared_by_nobody_else() -> None:
    own = (*ROWS, Signed("ai_run", 1, date(2026, 1, 1), 7_000.0, "own"))
    assert net(place(replace(BOOK, rows=own))).parts["ai_run_cost"] == pytest.approx(7_000)
    assert net(place(replace(BOOK, rows=own, site=2), contacts=6000)).parts["ai_run_cost"] == pytest.approx(20_000)


@pytest.mark.parametrize("kind", list(AMOUNTS))
def test_a_missing_cost_is_named_and_not_taken_for_zero(kind: str) -> None:
    found = net(place(replace(BOOK, rows=tuple(row for row in ROWS if row.kind != kind))))
    assert (found.status, found.value, found.reasons) == (Status.INSUFFICIENT, None, (f"cost:{kind}",))


def test_without_spells_of_employment_nothing_is_left_to_say() -> None:
    evidence = place()
    assert net(replace(evidence, totals={"period": evidence.totals["period"]})).reasons == ("attrition:unknown",)


def test_leavers_of_fewer_than_ten_people_are_protected() -> None:
    found = net(place(heads=9))
    assert (found.status, found.reasons) == (Status.SUPPRESSED, ("people:too_few",))


def test_leaving_now_is_counted_from_go_live_on_at_the_earliest() -> None:
    found = metric.windows(place().frame)
    assert (found["leaving_base"].end, found["leaving_now"].start, found["leaving_now"].end) == (GO_LIVE, GO_LIVE, PERIOD.end)


def test_a_part_of_what_people_did_has_no_cost_of_its_own() -> None:
    evidence = place()
    days = {
        name: [
            (day, Totals({**totals.parts, DAY_HANDLING.key: {None: Total(9, 500 * 300 / 0.7)}})) for day, totals in evidence.blocks[name]
        ]
        for name in ("baseline_days", "current_days")
    }
    found = net(replace(evidence, blocks={**evidence.blocks, **days}))
    assert (found.status, found.reasons) == (Status.NOT_APPLICABLE, ("paid:part",))


def test_the_sheet_names_every_cost_row() -> None:
    lines = dict(net(place()).extra["assumptions"]())
    assert lines["Loaded cost of one FTE and year"] == "40000"
    assert lines["AI running cost a year"] == "20000; shared by contacts"
    assert lines["Leaving of their own will"].startswith("20.0")


@pytest.mark.django_db
def test_a_site_pays_its_own_costs_before_the_common_ones_and_those_of_its_time() -> None:
    own, other = factories.SiteFactory(), factories.SiteFactory()
    for where, day, amount in ((None, date(2026, 1, 1), 100), (None, date(2026, 3, 1), 200), (own, date(2026, 2, 1), 300)):
        factories.CostFactory(site=where, kind="ai_run", valid_from=day, amount=amount)
    found = books_of([own.pk, other.pk], PERIOD)
    assert [found[pk].cost("ai_run").amount for pk in (own.pk, other.pk)] == [300, 200]  # type: ignore[union-attr]
    earlier = at(found[other.pk], Period(date(2026, 1, 5), date(2026, 2, 2)))
    assert earlier.cost("ai_run").amount == 100
    assert earlier.contacts == {}
    assert found[other.pk].cost("salary") is None
