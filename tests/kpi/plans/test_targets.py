"""Targets: what may be one, and what a figure with its doubt says about it."""

import pytest

from kpi.metric import Direction, Family, Unit
from kpi.plans.targets import WIDTH, Figure, Range, State, band, in_units, judge, problems, range_text, told

NO_FLOORS: dict[str, float | None] = {"csat": None, "agent_wellbeing_index": None, "resolution_quality": None}
FLOORS: dict[str, float | None] = {"csat": 0.8, "agent_wellbeing_index": 60.0, "resolution_quality": 70.0}


@pytest.mark.parametrize(
    ("figure", "aim", "state", "said"),
    [
        (Figure(0.84, 0.82, 0.86), Range(0.80), State.WITHIN, "within the target"),
        (Figure(0.84, 0.80, 0.86), Range(0.80), State.WITHIN, "within the target"),
        (Figure(0.779, 0.76, 0.798), Range(0.80), State.BELOW, "below the floor by 2.1\u202fpt, beyond the interval"),
        (Figure(0.79, 0.76, 0.81), Range(0.80), State.UNCLEAR, "cannot be told from the floor at this sample"),
        (Figure(0.81, 0.79, 0.83), Range(0.80), State.UNCLEAR, "cannot be told from the floor at this sample"),
        (Figure(0.25, 0.23, 0.27), Range(None, 0.20), State.ABOVE, "above the ceiling by 5.0\u202fpt, beyond the interval"),
        (Figure(0.19, 0.17, 0.21), Range(0.10, 0.20), State.UNCLEAR, "cannot be told from the ceiling at this sample"),
        (Figure(0.15, 0.05, 0.25), Range(0.10, 0.20), State.UNCLEAR, "cannot be told from floor and ceiling at this sample"),
        (Figure(0.15, 0.12, 0.18), Range(0.10, 0.20), State.WITHIN, "within the target"),
        (Figure(0.15, None, None), Range(0.10), State.NONE, "cannot be judged: no figure with an interval"),
        (Figure(None, None, None), Range(0.10), State.NONE, "cannot be judged: no figure with an interval"),
    ],
)
def test_a_figure_is_beyond_a_bound_only_where_its_whole_interval_is(figure: Figure, aim: Range, state: State, said: str) -> None:
    assert (judge(figure, aim), told(figure, aim, Unit.SHARE)) == (state, said)


def test_bounds_and_distances_are_told_in_the_unit_of_the_metric() -> None:
    assert range_text(Range(0.6, 0.8), Unit.SHARE) == "60.0\u202f% to 80.0\u202f%"
    assert range_text(Range(60), Unit.INDEX) == "at least 60\u202f/ 100"
    assert range_text(Range(None, 120), Unit.SECONDS) == "at most 120\u202fs"
    assert told(Figure(52, 50, 54), Range(60), Unit.INDEX) == "below the floor by 8\u202fpoints, beyond the interval"


@pytest.mark.parametrize(
    ("family", "unit", "better", "aim", "floors", "fields"),
    [
        (Family.CUSTOMER, Unit.SHARE, Direction.UP, Range(0.8), NO_FLOORS, set()),
        (Family.CUSTOMER, Unit.SHARE, Direction.UP, Range(0.8, 0.9), NO_FLOORS, set()),
        (Family.CUSTOMER, Unit.SHARE, Direction.UP, Range(None, 0.9), NO_FLOORS, {"floor"}),
        (Family.CUSTOMER, Unit.SHARE, Direction.UP, Range(80.0), NO_FLOORS, {"floor"}),
        (Family.CUSTOMER, Unit.SHARE, Direction.UP, Range(), NO_FLOORS, {"floor"}),
        (Family.CUSTOMER, Unit.SHARE, Direction.UP, Range(0.8), FLOORS, {""}),
        (Family.RESOLUTION, Unit.SECONDS, Direction.DOWN, Range(None, 60), NO_FLOORS, set()),
        (Family.RESOLUTION, Unit.SECONDS, Direction.DOWN, Range(60), NO_FLOORS, {"ceiling"}),
        (Family.RESOLUTION, Unit.SHARE, Direction.NEITHER, Range(0.2, 0.4), NO_FLOORS, set()),
        (Family.RESOLUTION, Unit.SHARE, Direction.NEITHER, Range(None, 0.2), NO_FLOORS, {"floor"}),
        (Family.RESOLUTION, Unit.SHARE, Direction.NEITHER, Range(0.2), NO_FLOORS, {"ceiling"}),
        (Family.RESOLUTION, Unit.SHARE, Direction.NEITHER, Range(0.4, 0.2), NO_FLOORS, {"ceiling"}),
        (Family.SAVINGS, Unit.FTE, Direction.NEITHER, Range(20), FLOORS, set()),
        (Family.SAVINGS, Unit.FTE, Direction.NEITHER, Range(20), NO_FLOORS, {""}),
        (Family.SAVINGS, Unit.FTE, Direction.NEITHER, Range(20), FLOORS | {"csat": None}, {""}),
        (Family.SAVINGS, Unit.FTE, Direction.NEITHER, Range(20), FLOORS | {"agent_wellbeing_index": None}, {""}),
        (Family.SAVINGS, Unit.FTE, Direction.NEITHER, Range(20), FLOORS | {"resolution_quality": None}, {""}),
    ],
)
def test_a_target_that_cannot_be_is_refused_at_its_field(
    family: Family, unit: Unit, better: Direction, aim: Range, floors: dict[str, float | None], fields: set[str]
) -> None:
    assert set(problems(family, unit, better, aim, floors)) == fields


def test_the_band_is_drawn_to_the_edge_where_a_side_is_open() -> None:
    drawn = band(Figure(0.5, 0.4, 0.6), Range(0.5))
    assert drawn is not None
    assert (drawn.start, drawn.start + drawn.length) == (120.0, WIDTH)
    assert drawn.low < drawn.value < drawn.high
    upto = band(Figure(0.5, 0.4, 0.6), Range(None, 0.5))
    assert upto is not None
    assert (upto.start, upto.length) == (0.0, 120.0)
    assert band(Figure(None, None, None), Range(0.5)) is None


def test_a_signed_difference_says_what_it_is_counted_in() -> None:
    assert in_units("−0.1", Unit.SHARE) == "−0.1\u202fpt"
    assert in_units("+3", Unit.INDEX) == "+3\u202fpoints"
    assert in_units("+2.00", Unit.MEAN) == "+2.00"
