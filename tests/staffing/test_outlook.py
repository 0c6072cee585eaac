"""Low, base, high and the band: the same seed, the same band, and never a draw outside the corners."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.outlook import Doubt, Outlook, build_outlook
from staffing.scenario import TERMS, Plan, project
from tests.staffing.test_scenario import PLAN, plans

CERTAIN = Doubt(**dict.fromkeys((field.name for field in fields(Doubt)), 0.0))
DOUBTS = st.builds(Doubt, **{field.name: st.floats(0, 0.5) for field in fields(Doubt)})


def needs(outlook: Outlook, course: str) -> list[float]:
    return [year.required_fte for year in getattr(outlook, course)]


def test_the_base_is_the_plan_itself() -> None:
    assert build_outlook(PLAN).base == project(PLAN)
    assert build_outlook(PLAN, no_separations=True).base == project(PLAN, no_separations=True)


def test_without_doubt_low_base_high_and_the_band_are_one() -> None:
    found = build_outlook(PLAN, CERTAIN)
    assert found.low == found.base == found.high
    for band, year in zip(found.band, found.base, strict=True):
        for drawn in (band.low, band.median, band.high):
            assert [getattr(drawn, name) for name in TERMS] == pytest.approx([getattr(year, name) for name in TERMS])


def test_the_same_seed_gives_the_same_band_and_another_one_another() -> None:
    assert build_outlook(PLAN, seed=1) == build_outlook(PLAN, seed=1)
    assert build_outlook(PLAN, seed=1).band != build_outlook(PLAN, seed=2).band


def test_what_the_years_add_up_to_has_a_band_of_its_own() -> None:
    """Quantiles of single years do not add up to it; without doubt it is the sum itself."""
    certain = build_outlook(PLAN, CERTAIN)
    hires = sum(year.hires for year in certain.base)
    assert certain.sums["hires"] == (pytest.approx(hires), pytest.approx(hires))
    low, high = build_outlook(PLAN).sums["hires"]
    assert low < hires < high


def test_growth_that_may_be_off_by_ten_points_spreads_the_first_year_by_ten_points() -> None:
    found = build_outlook(PLAN, replace(CERTAIN, volume_growth=0.1), draws=20_000)
    assert (found.low[0].required_fte, found.high[0].required_fte) == pytest.approx((90, 110))
    # 2.5 % of a triangle from -10 to 10 lie below -10 (1 - sqrt(0.05)) = -7.76
    band = found.band[0]
    assert (band.low.required_fte, band.median.required_fte, band.high.required_fte) == pytest.approx((92.24, 100, 107.76), abs=0.3)


def test_doubt_about_leavers_moves_hires_and_not_the_need() -> None:
    found = build_outlook(PLAN, replace(CERTAIN, attrition=0.05))
    assert needs(found, "low") == needs(found, "high")
    assert found.band[0].low.hires < 10 < found.band[0].high.hires


def test_where_every_return_costs_more_than_the_machine_saves_containment_is_the_high_end() -> None:
    backfiring = replace(PLAN, containment=(0.4, 0.4, 0.4), false_containment=0.5, return_aht_ratio=2.0)
    found = build_outlook(backfiring, replace(CERTAIN, containment=0.1))
    # 1 - c x 0.5 + c x 0.5 x 2 = 1 + 0.5 c
    assert (found.low[0].required_fte, found.high[0].required_fte) == pytest.approx((115, 125))


@settings(max_examples=40, deadline=None)
@given(plans(3), DOUBTS)
def test_no_draw_leaves_the_corners(plan: Plan, doubt: Doubt) -> None:
    found = build_outlook(plan, doubt, draws=200, conf=0.999)
    for low, base, high, band in zip(found.low, found.base, found.high, found.band, strict=True):
        hair = 1e-9 * (1 + high.required_fte)
        assert low.required_fte - hair <= base.required_fte <= high.required_fte + hair
        assert low.required_fte - hair <= band.low.required_fte <= band.high.required_fte <= high.required_fte + hair


@settings(max_examples=25, deadline=None)
@given(plans(5), DOUBTS)
def test_without_separations_no_course_and_no_draw_has_any(plan: Plan, doubt: Doubt) -> None:
    found = build_outlook(plan, doubt, no_separations=True, draws=100)
    courses = [*found.low, *found.base, *found.high, *(year for band in found.band for year in (band.low, band.median, band.high))]
    assert {year.separations for year in courses} == {0}


@pytest.mark.parametrize(
    ("wrong", "said"), [({"draws": 5}, "draws cannot be 5"), ({"conf": 95}, "confidence of the band cannot be 95: from 0.5 to 0.999")]
)
def test_a_band_that_cannot_be_drawn_is_refused(wrong: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_outlook(PLAN, **wrong)
    with pytest.raises(ValueError, match="doubt about containment is a share and cannot be 10"):
        Doubt(containment=10)
