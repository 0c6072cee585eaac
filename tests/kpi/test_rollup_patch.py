"""Changed flags brought to stored totals give what a whole roll-up gives, zeros included."""

from datetime import date
from functools import cache

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


def day_of(ref: str) -> date:
    return Interaction.objects.get(external_id=ref).day
