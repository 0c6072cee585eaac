"""Where the freed hours went: exact in every draw, added up over sites, and its two alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from kpi.metric import Estimate, Evidence, Period, Status, Total, Totals
from kpi.metrics._shared import CONTACTS, HEADCOUNT, example_totals
from staffing import gain, hours
from staffing.metrics import gain_ledger as metric
from staffing.metrics._half_year import PRESENT
from staffing.metrics._redeployed import REDEPLOYED
from staffing.metrics.gain_ledger import PAID_TIME
from tests.staffing.test_fte_reduction import GO_LIVE, SIGNED, WEEK, Week, site, week


def paid(made: Week, hours_a_week: float) -> Week:
    work, people = made
    return work, Totals({**people.parts, PAID_TIME.key: {None: Total(9, 3600 * hours_a_week)}})


def ledger(*sites: Evidence) -> Estimate:
    return metric.estimate(sites)


BASE = [paid(week(), 100)] * 8  # 500 contacts of 300 s: 41.67 of 100 paid hours
NOW = [paid(week(600, 120, 0, 280), 80)] * 4  # 600 contacts, 20 % contained, 280 s: 37.33 of 80 paid hours


def test_it_is_the_allocation_of_the_definition() -> None:
    found = ledger(site(BASE, NOW))
    plain = gain.allocate(gain.Window(500, 0, 300, 100), gain.Window(600, 0.2, 280, 80))
    assert found.value == pytest.approx(plain.freed_h)
    assert [found.parts[name] for name in ("growth_absorbed", "released", "relief")] == pytest.approx(
        [plain.growth_absorbed_h, plain.released_h, plain.relief_h]
    )
    assert found.parts["released_share"] == pytest.approx(plain.released_h / plain.freed_h)


def test_the_example_of_the_definition_frees_2111_hours() -> None:
    """100 000 contacts, c 0 -> 0.2, 300 -> 280 s, 15 000 -> 12 500 paid hours, over four weeks."""
    found = ledger(site([paid(week(25_000), 3750)] * 8, [paid(week(25_000, 5_000, 0, 280), 3125)] * 4))
    assert [4 * (found.value or 0), *(4 * (found.parts[name] or 0) for name in ("growth_absorbed", "released", "relief"))] == pytest.approx(
        [2111.1, 0, 1388.9, 722.2], abs=0.1
    )


def test_the_parts_add_up_in_every_draw() -> None:
    restless = [paid(week(400 + 50 * i, 40 * i, 4 * i, 260 + 10 * i), 90 + i) for i in range(6)]
    found = metric.site_gain(site(BASE, restless), SIGNED).found
    assert found is not None
    for each in (found.hours, found.draws):
        np.testing.assert_allclose(each.growth + each.released + each.relief, each.freed, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found.hours.growth + found.hours.released + found.hours.relief, found.hours.freed, rtol=1e-12)
    assert found.draws.freed.shape == (1000,)


def test_sites_are_added_up() -> None:
    one, other = site(BASE, NOW), site(BASE, [paid(week(500, aht=320), 110)] * 4)
    together = ledger(one, other)
    for name in ("growth_absorbed", "released", "relief"):
        assert together.parts[name] == pytest.approx(sum(ledger(each).parts[name] or 0 for each in (one, other)))
    assert hours.total([metric.site_gain(one, SIGNED).found.hours] * 2).freed.item() == pytest.approx(2 * (ledger(one).value or 0))  # type: ignore[union-attr]


def with_history(evidence: Evidence, weekly: list[int]) -> Evidence:
    end = evidence.frame.period.end
    start = end - len(weekly) * WEEK
    blocks = [(start + i * WEEK, Totals({CONTACTS.key: {None: Total(n, n)}})) for i, n in enumerate(weekly)]
    return replace(evidence, blocks={**evidence.blocks, "history": blocks})


LEVEL, GROWING = [1000 + (i % 2) for i in range(40)], [1000 + 20 * i for i in range(40)]
TAKEN_OUT = [paid(week(500, 100, 0, 300), 80)] * 4  # 8.3 h freed and as many paid hours' work taken out


def test_without_growth_a_gain_taken_out_raises_the_substitution_alert() -> None:
    found = ledger(with_history(site(BASE, TAKEN_OUT), LEVEL))
    assert (found.extra["phase"], found.reasons) == ("plateau", ("alert:substitution",))
    assert found.parts["released_share"] == pytest.approx(1)
    assert found.parts["relief_share"] == pytest.approx(0, abs=1e-9)


def test_while_contacts_grow_the_same_gain_raises_none() -> None:
    found = ledger(with_history(site(BASE, TAKEN_OUT), GROWING))
    assert (found.extra["phase"], found.reasons) == ("growth", ())


def test_a_week_that_one_site_lacks_is_not_known_for_both() -> None:
    whole, holed = with_history(site(BASE, TAKEN_OUT), LEVEL), with_history(site(BASE, TAKEN_OUT), LEVEL[-9:])
    assert ledger(whole, holed).extra["phase"] == "insufficient"


def test_denser_work_is_intensification_and_says_so_in_words() -> None:
    found = ledger(site(BASE, [paid(week(500, aht=290), 80)] * 4))
    assert "alert:intensification" in found.reasons
    assert (found.parts["relief"] or 0) < 0
    [(text, strong)] = found.extra["says"]
    assert strong
    assert "more than was freed came from those who are left: they work denser." in text
    assert "\u2212" not in text, "nothing is told of a share below zero"


def test_where_nothing_was_freed_there_are_no_shares() -> None:
    found = ledger(site(BASE, [paid(week(500, aht=330), 110)] * 4))
    assert (found.parts["released_share"], found.parts["relief_share"], found.parts["growth_share"]) == (None, None, None)
    assert "Nothing was freed" in found.extra["says"][0][0]


@pytest.mark.parametrize(
    ("base", "now", "reason"),
    [
        (BASE, [week(aht=270)] * 4, "paid:unknown"),
        (BASE, [paid(week(), 30)] * 4, "paid:too_few"),
        (BASE[:7], NOW, "baseline:weeks"),
        (BASE, NOW[:3], "current:weeks"),
    ],
)
def test_without_its_minimum_there_is_no_ledger_and_a_reason(base: list[Week], now: list[Week], reason: str) -> None:
    found = ledger(site(base, now))
    assert (found.status, found.value, found.reasons) == (Status.INSUFFICIENT, None, (reason,))


def test_its_sheet_names_baseline_paid_hours_and_whether_contacts_grow() -> None:
    lines = dict(ledger(with_history(site(BASE, NOW), LEVEL)).extra["assumptions"]())
    assert lines["Baseline"] == SIGNED.baseline_text
    assert lines["Paid hours a week"] == "100 in the baseline, 80 now"
    assert lines["Contacts"].startswith("plateau (")


def test_the_weeks_of_growth_end_with_the_period() -> None:
    window = metric.windows(replace(site(BASE, NOW).frame, period=Period(GO_LIVE, GO_LIVE + 4 * WEEK + timedelta(2))))["history"]
    assert (window.end, window.end - window.start) == (GO_LIVE + 4 * WEEK, timedelta(weeks=117))
    assert window.start < date(2026, 1, 1)


def with_people(evidence: Evidence, now: int, base: int = 0, *, heads: int = 100, present: int = 28) -> Evidence:
    """So many people a day in another role in the house; 28 days in each window."""
    moved = {
        name: example_totals({PRESENT: (present, present), REDEPLOYED: (present * n, present * n)})
        for name, n in (("redeployed_now", now), ("redeployed_base", base))
    }
    return replace(evidence, totals={**evidence.totals, **moved, "people_base": example_totals({HEADCOUNT: (28 * heads, 28 * heads)})})


@pytest.mark.parametrize(("now", "base", "counted"), [(10, 0, 10), (14, 0, 10), (19, 2, 15), (9, 0, 0), (12, 4, 0)])
def test_redeployed_hours_are_told_in_steps_of_five_people_and_never_of_fewer_than_ten(now: int, base: int, counted: int) -> None:
    found = ledger(with_people(site(BASE, NOW), now, base))
    load = gain.Window(500, 0, 300, 100).handled_h  # of 100 people: a hundredth each
    assert found.parts["redeployed"] == pytest.approx(min(counted * load / 100, found.parts["released"] or 0))


def test_redeployed_hours_are_a_part_of_the_released_and_change_no_other_part() -> None:
    plain, found = ledger(site(BASE, NOW)), ledger(with_people(site(BASE, NOW), 90))
    assert found.parts["redeployed"] == found.parts["released"]
    assert {**found.parts, "redeployed": None} == plain.parts
    more_paid = ledger(with_people(site(BASE, [paid(week(600, 120, 0, 280), 120)] * 4), 90))
    assert (more_paid.parts["redeployed"], (more_paid.parts["released"] or 0) < 0) == (0, True)


def test_redeployed_hours_are_not_known_for_a_part_of_a_site_or_without_employment() -> None:
    known = with_people(site(BASE, NOW), 20)
    for unknown in (with_people(site(BASE, NOW), 20, present=0), with_people(site(BASE, NOW), 20, heads=0)):
        assert ledger(unknown).parts["redeployed"] is None
        assert ledger(known, unknown).parts["redeployed"] is None
    assert ledger(known, known).parts["redeployed"] == pytest.approx(2 * (ledger(known).parts["redeployed"] or 0))


@pytest.mark.parametrize(("now", "text"), [(20, "at least 20 people"), (9, "fewer than ten people"), (None, "not known")])
def test_the_assumption_sheet_says_how_many_were_redeployed(now: int | None, text: str) -> None:
    evidence = site(BASE, NOW) if now is None else with_people(site(BASE, NOW), now)
    assert text in dict(ledger(evidence).extra["assumptions"]())["Redeployed"]
