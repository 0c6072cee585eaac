"""Changed flags brought to stored totals give what a whole roll-up gives, zeros included."""

from datetime import date

from kpi import rollup
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


def day_of(ref: str) -> date:
    return Interaction.objects.get(external_id=ref).day
