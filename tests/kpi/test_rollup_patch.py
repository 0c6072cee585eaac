"""Changed flags brought to stored totals give what a whole roll-up gives, zeros included."""

from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from kpi import registry, rollup
from kpi.metric import Measure
from kpi.models import Interaction
from kpi.recompute.compare import compare
from tests.kpi.world import Contact, World, cells, flags

DAY = 24.0


def test_a_first_count_whose_sum_is_zero_is_stored_as_zero(world: World) -> None:
    """The second contact becomes the opener when the first is taken back, and its customer returns: one counted, none resolved."""
    world.store([Contact("a", 1, 0 * DAY), Contact("b", 1, 2 * DAY), Contact("c", 1, 4 * DAY)])
    rollup.roll_up_due()
    assert [flags()[ref][0] for ref in "abc"] == [1, 2, 2]
    world.remove(["a"])
    rollup.roll_up_due()
    assert flags()["b"] == (1, True)
    assert list(compare()) == []
    stored = cells()["interaction", "all", "d", 0, day_of("b")]
    assert (stored["first", "n", None], stored["first", "s", None]) == (1, 0)


def test_a_new_measure_of_flags_is_filled_for_every_day_though_a_night_begins_with_a_patch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patch gives the measure its place: if it came first, nothing would make the other days due."""
    world.store([Contact(ref, 1, n * DAY) for n, ref in enumerate("abc")] + [Contact("d", 2, 14 * DAY)])
    rollup.roll_up_due()
    known = registry.measures()
    new = Measure("opens", "interaction", pl.col("role") == 1)
    monkeypatch.setattr(registry, "measures", cache(lambda: known | {new.key: new}))
    world.remove(["a"])
    rollup.roll_up_due()
    assert list(compare()) == []
    assert cells()["interaction", "all", "d", 0, day_of("d")]["opens", "s", None] == 1


def test_a_week_follows_when_its_busiest_day_loses_people(world: World) -> None:
    world.store([Contact(ref, None, n, agent=n) for n, ref in enumerate("abc")] + [Contact("d", None, DAY, agent=9)])
    rollup.roll_up_due()
    world.remove(["a", "b"])
    assert rollup.roll_up_due() == 1
    week = cells(grain="w")["interaction", "all", "w", 0, date(2026, 3, 2)]
    assert (week["people", "n", None], week["seen", "n", stratum(week)]) == (1, 2)
    assert list(compare()) == []


def test_a_sum_too_large_for_a_difference_is_added_up_from_its_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """9e18 + 49 - 9e18 is no 49 in a float."""
    huge = Measure("huge", "interaction", pl.col("agent"), squares=True)
    monkeypatch.setattr(registry, "measures", cache(lambda: {huge.key: huge}))
    world.store([Contact("a", None, 0, agent=3_000_000_000), Contact("b", None, DAY, agent=7)])
    rollup.roll_up_due()
    world.remove(["a"])
    rollup.roll_up_due()
    assert cells(grain="w")["interaction", "all", "w", 0, date(2026, 3, 2)]["huge", "q", None] == 49
    assert list(compare()) == []


def stratum(vector: dict[Any, float]) -> Any:
    return next(key[2] for key in vector if key[0] == "seen")


def day_of(ref: str) -> date:
    return Interaction.objects.get(external_id=ref).day
