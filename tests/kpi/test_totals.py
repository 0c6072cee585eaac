"""Reading totals: any window is an addition, whatever rows it is read from."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi import registry
from kpi.metric import Measure, Stratum, Total, Totals, Window
from kpi.models import Rollup, Slot
from kpi.packing import pack
from kpi.shelves import Stretch
from kpi.slots import slot_ids, stratum_ids
from kpi.totals import EVERYTHING, Members, Request, blocks_of, read_totals

MONDAY = date(2026, 3, 2)
COUNTED = Measure("counted", "interaction", value=None)  # type: ignore[arg-type]


def test_whole_weeks_come_from_week_rows_and_edges_from_day_rows() -> None:
    window = Window("interaction", MONDAY - timedelta(2), MONDAY + timedelta(15))
    [(_, stretches)] = blocks_of(window)
    assert stretches == [
        Stretch("d", MONDAY - timedelta(2), MONDAY),
        Stretch("w", MONDAY, MONDAY + timedelta(14)),
        Stretch("d", MONDAY + timedelta(14), MONDAY + timedelta(15)),
    ]


def test_a_short_block_at_the_end_joins_the_one_before() -> None:
    found = blocks_of(Window("interaction", MONDAY, MONDAY + timedelta(31), by="week"))
    assert [day for day, _ in found] == [MONDAY + timedelta(weeks=i) for i in range(4)]
    assert found[-1][1][-1].end == MONDAY + timedelta(31)


def test_a_week_with_a_gap_is_left_out_whole() -> None:
    found = blocks_of(Window("interaction", MONDAY, MONDAY + timedelta(21), by="week"), frozenset({MONDAY + timedelta(8)}))
    assert [day for day, _ in found] == [MONDAY, MONDAY + timedelta(14)]


@pytest.fixture
def six_weeks(db: None) -> dict[tuple[int, date], int]:
    """Two teams; a different number on each of 42 days, and the weeks that are their sums."""
    slot = Slot.objects.create(measure="counted", part="n").pk
    counts = {(team, MONDAY + timedelta(i)): 100 * team + i for team in (1, 2) for i in range(42)}
    rows = [
        Rollup(subject="interaction", dimension="team", grain="d", member=t, start=d, data=pack({slot: float(n)}))
        for (t, d), n in counts.items()
    ]
    for team in (1, 2):
        for week in range(6):
            start = MONDAY + timedelta(weeks=week)
            total = sum(counts[team, start + timedelta(i)] for i in range(7))
            rows.append(
                Rollup(subject="interaction", dimension="team", grain="w", member=team, start=start, data=pack({slot: float(total)}))
            )
    Rollup.objects.bulk_create(rows)
    return counts


def n(blocks: list[tuple[date, Totals]]) -> int:
    return sum(totals[COUNTED].n for _, totals in blocks)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.integers(0, 41), st.integers(1, 42), st.sampled_from(["all", "day", "week"]))
def test_any_window_is_the_sum_of_its_days(six_weeks: dict[tuple[int, date], int], first: int, length: int, by: str) -> None:
    start, end = MONDAY + timedelta(first), min(MONDAY + timedelta(first + length), MONDAY + timedelta(42))
    window = Window("interaction", start, end, by=by)
    both, one = read_totals([Request(Members("team", (1, 2)), window), Request(Members("team", (2,)), window)])
    assert n(both) == sum(count for (_, day), count in six_weeks.items() if start <= day < end)
    assert n(one) == sum(count for (team, day), count in six_weeks.items() if team == 2 and start <= day < end)


def test_days_without_rows_are_left_out_and_never_zero(six_weeks: dict[tuple[int, date], int]) -> None:
    window = Window("interaction", MONDAY + timedelta(40), MONDAY + timedelta(45), by="day")
    [blocks] = read_totals([Request(Members("team", (1,)), window)])
    assert [day for day, _ in blocks] == [MONDAY + timedelta(40), MONDAY + timedelta(41)]


def test_strata_are_kept_apart_and_add_up(db: None) -> None:
    strata = [Stratum("voice", "billing", False), Stratum("chat", "billing", True)]
    slots = slot_ids([("contacts", part, key) for key in stratum_ids(strata).values() for part in ("n", "s")])
    counts = dict(zip((strata[0], strata[1]), (30, 12), strict=True))
    numbers = stratum_ids(strata)
    data = {slots["contacts", part, numbers[item]]: float(count) for item, count in counts.items() for part in ("n", "s")}
    Rollup.objects.create(subject="interaction", dimension="all", grain="d", member=0, start=MONDAY, data=pack(data))
    contacts = registry.measures()["contacts"]
    [[(_, found)]] = read_totals([Request(EVERYTHING, Window("interaction", MONDAY, MONDAY + timedelta(1)))])
    assert {item: total.n for item, total in found.strata(contacts).items()} == counts
    assert found[contacts] == Total(42, 42.0, 0.0)
    assert (list(found.parts), len(found.parts), "contacts" in found.parts) == (["contacts"], 1, True)
    assert found.strata(COUNTED) == {}
