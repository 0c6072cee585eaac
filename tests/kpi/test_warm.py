"""What a process keeps of one version of the data: the same numbers as a fresh reading, and gone with the version."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi import facts, registry, warm
from kpi.metric import Window
from kpi.models import Rollup
from kpi.packing import pack
from kpi.slots import slot_ids
from kpi.totals import Members, Request, read_highest, read_totals
from kpi.warm import standing

MONDAY = date(2026, 3, 2)
DAYS = 42


@pytest.fixture
def two_teams(db: None) -> dict[tuple[int, date], tuple[int, int]]:
    """{(team, day): (contacts, agents)}, with days and the weeks that go with them."""
    slots = slot_ids([(measure, part, 0) for measure in ("contacts", "agents") for part in ("n", "s")])
    found = {(team, MONDAY + timedelta(i)): (100 * team + i, 3 + (7 * i + team) % 11) for team in (1, 2) for i in range(DAYS)}
    spans = [("d", 1, i) for i in range(DAYS)] + [("w", 7, i) for i in range(0, DAYS, 7)]
    rows = []
    for team in (1, 2):
        for grain, length, first in spans:
            days = [found[team, MONDAY + timedelta(first + i)] for i in range(length)]
            contacts, agents = float(sum(day[0] for day in days)), float(max(day[1] for day in days))
            values = {(key, part, 0): value for key, value in (("contacts", contacts), ("agents", agents)) for part in ("n", "s")}
            data = pack({slots[key]: value for key, value in values.items()})
            start = MONDAY + timedelta(first)
            rows.append(Rollup(subject="interaction", dimension="team", grain=grain, member=team, start=start, data=data))
    Rollup.objects.bulk_create(rows)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(0, DAYS - 1), st.integers(1, DAYS), st.sampled_from(["all", "day", "week"]), st.sampled_from([(1,), (1, 2), (3,)]))
def test_a_shelf_that_is_kept_gives_what_a_fresh_reading_gives(
    two_teams: object, first: int, length: int, by: str, teams: tuple[int, ...]
) -> None:
    contacts, agents = registry.measures()["contacts"], registry.measures()["agents"]
    end = min(MONDAY + timedelta(first + length), MONDAY + timedelta(DAYS))
    request = Request(Members("team", teams), Window("interaction", MONDAY + timedelta(first), end, by=by))
    kept, fresh = (read_totals([request], [contacts, agents], version)[0] for version in ("one", ""))
    assert [(day, totals[contacts], totals[agents]) for day, totals in kept] == [
        (day, totals[contacts], totals[agents]) for day, totals in fresh
    ]


def test_a_second_reading_of_one_version_asks_nothing(two_teams: object, django_assert_num_queries: object) -> None:
    measure = registry.measures()["contacts"]
    request = Request(Members("team", (1,)), Window("interaction", MONDAY, MONDAY + timedelta(21)))
    before = read_totals([request], [measure], "one")[0][0][1][measure].n
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert read_totals([request], [measure], "one")[0][0][1][measure].n == before
    Rollup.objects.filter(grain="w", start=MONDAY).delete()
    after = read_totals([request], [measure], "two")[0][0][1][measure].n
    assert after == before - sum(100 + i for i in range(7))


def test_a_shelf_too_large_to_keep_is_read_as_it_is_asked_for(two_teams: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "SHELF_BYTES", 0)
    measure = registry.measures()["contacts"]
    request = Request(Members("team", (2,)), Window("interaction", MONDAY, MONDAY + timedelta(7)))
    assert read_totals([request], [measure], "one")[0][0][1][measure].n == sum(200 + i for i in range(7))
    assert not standing.sheets


def test_only_so_many_bytes_and_results_are_kept(two_teams: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "ALL_BYTES", 1)
    monkeypatch.setattr(facts, "RESULTS", 2)
    for key in ("contacts", "agents"):
        read_totals(
            [Request(Members("team", (1,)), Window("interaction", MONDAY, MONDAY + timedelta(7)))], [registry.measures()[key]], "one"
        )
    assert len(standing.sheets) == 1
    for number in range(3):
        standing.keep("one", number, number)
    assert [standing.recall("one", number) for number in range(3)] == [None, 1, 2]
    assert standing.recall("two", 2) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(0, DAYS - 1), st.integers(1, DAYS), st.sampled_from(["one", ""]))
def test_the_highest_day_is_that_of_the_whole_weeks_inside_and_never_above_the_true_one(
    two_teams: dict[tuple[int, date], tuple[int, int]], first: int, length: int, version: str
) -> None:
    start, end = MONDAY + timedelta(first), min(MONDAY + timedelta(first + length), MONDAY + timedelta(DAYS))
    groups = [Members("team", (1,)), Members("team", (1, 2)), Members("team", ())]
    [[one], [both], [nobody]] = read_highest(registry.measures()["agents"], groups, [(start, end)], version=version)
    true = {team: max(agents for (who, day), (_, agents) in two_teams.items() if who == team and start <= day < end) for team in (1, 2)}
    inside = [day for day in (start + timedelta(i) for i in range((end - start).days)) if _in_whole_week(day, start, end)]
    days = inside or [start + timedelta(i) for i in range((end - start).days)]
    assert one == max(two_teams[1, day][1] for day in days) <= true[1]
    assert both == max(two_teams[team, day][1] for day in days for team in (1, 2))
    assert nobody == 0


def _in_whole_week(day: date, start: date, end: date) -> bool:
    monday = day - timedelta(day.weekday())
    return start <= monday and monday + timedelta(7) <= end
