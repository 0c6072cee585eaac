"""What changed, and when it may be called a change (metrics.md A4, B5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kpi import registry
from kpi.balance import headlines
from kpi.compare import clear, compared, sure_among_many, unknown, worded
from kpi.metric import Family, Status
from kpi.result import Change, Result
from kpi.uncertainty import newcombe, wilson
from tests.kpi.result_help import AWI, CSAT, FTE, RQ, hidden, result

WAVE, EARLIER = date(2026, 3, 20), date(2025, 3, 20)


def share(k: int, n: int) -> Result:
    found = wilson(k, n)
    return result(CSAT, 100 * found.value, 100 * found.low, 100 * found.high)


@pytest.mark.parametrize(("now", "before"), [((81, 100), (90, 100)), ((400, 500), (300, 500)), ((50, 50), (0, 50)), ((7, 9), (7, 9))])
def test_two_shares_are_compared_by_newcombes_interval(now: tuple[int, int], before: tuple[int, int]) -> None:
    expected = newcombe(*before, *now)
    found = compared(share(*now), share(*before))
    assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high), abs=1e-12)
    assert found.distinguishable is expected.distinguishable


def test_a_clear_change_has_an_arrow_and_its_words() -> None:
    found = compared(result(RQ, 72, 71, 73), result(RQ, 75, 74, 76))
    assert (found.direction, found.text, found.words) == ("worse", "▼ 3", "worse, beyond noise")
    found = compared(result(CSAT, 84.5, 84, 85), result(CSAT, 80, 79.5, 80.5))
    assert (found.direction, found.text, found.words) == ("better", "▲ 4.5 pt", "better, beyond noise")


@pytest.mark.parametrize(("now", "text"), [(81.5, "+0.5 pt"), (80.5, "−0.5 pt"), (81.01, "0.0 pt")])
def test_within_noise_there_is_no_arrow(now: float, text: str) -> None:
    found = compared(result(CSAT, now, now - 2, now + 2), result(CSAT, 81, 79, 83))
    assert (found.direction, found.distinguishable, found.text, found.words) == ("none", False, text, "no clear change")


def index(value: float, method: float, **more: Any) -> Result:
    return result(AWI, value, value - 2, value + 2, parts={"method_low": value - method, "method_high": value + method}, **more)


@pytest.mark.parametrize(("change", "method", "direction"), [(10, 3, "better"), (-10, 3, "worse"), (10, 8, "none"), (-10, 8, "none")])
def test_an_index_has_changed_only_beyond_what_other_weights_and_goalposts_make(change: float, method: float, direction: str) -> None:
    # limits of the difference: 10 +- 3 sqrt(2) leaves zero out, 10 +- 8 sqrt(2) does not
    found = compared(index(50 + change, method), index(50, method))
    assert found.direction == direction
    assert ("other weights and goalposts" in found.words) is (direction == "none")


def test_an_index_above_its_own_method_band_is_not_taken_for_sure() -> None:
    best = result(AWI, 90, 90, 90, parts={"method_low": 80, "method_high": 85})
    assert compared(best, index(85, 0)).direction == "none"  # it stands above its band, which reaches down to 80
    assert compared(index(95, 0), best).direction == "better"


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (hidden(AWI), result(AWI, 58, 56, 60), "no value now"),
        (result(AWI, 58, 56, 60), hidden(AWI), "no value then"),
        (result(RQ, 58, 56, 60, reasons=("gap:7_days",)), result(RQ, 58, 56, 60), "days without data"),
        (result(RQ, 58, 56, 60), result(RQ, 58, 56, 60, reasons=("gap:7_days",)), "days without data"),
        (result(RQ, 58, 56, 60, reasons=("period:not_over",)), result(RQ, 58, 56, 60), "a period that is not over"),
        (result(AWI, 58, 56, 60, extra={"wave": WAVE}), result(AWI, 58, 56, 60, extra={"wave": WAVE}), "no new survey since"),
        (result(RQ, 58, None, None), result(RQ, 58, 56, 60), "no interval"),
        (result(RQ, 58, 56, 60, metric="no_such_metric"), result(RQ, 58, 56, 60), "nothing measures it"),
    ],
)
def test_what_cannot_be_compared_says_why_and_gives_no_figure(now: Result, before: Result, reason: str) -> None:
    assert compared(now, before) == Change(direction="unknown", text="–", words=f"cannot be compared: {reason}")


def test_without_a_comparison_nothing_is_said() -> None:
    assert compared(result(RQ, 58, 56, 60), None) == Change(direction="unknown", words="no comparison")


def test_two_surveys_are_compared() -> None:
    now, before = result(AWI, 50, 48, 52, extra={"wave": WAVE}), result(AWI, 58, 56, 60, extra={"wave": EARLIER})
    assert compared(now, before).text == "▼ 8"


def with_parts(family: Family, value: float, missing: tuple[str, ...], basis: Any = "basis") -> Result:
    return result(family, value, value - 1, value + 1, extra={"missing": missing}, basis=basis)


@pytest.fixture
def on_common() -> Iterator[list[frozenset[str]]]:
    """Both definitions give, without the parts that are missing in one, 60.4 of the first and 70.4 of the second."""
    asked: list[frozenset[str]] = []

    def alike(basis: float | None, without: frozenset[str]) -> tuple[float, float, float] | None:
        asked.append(without)
        return None if basis is None else (basis, basis - 1.4, basis + 1.4)

    made = {key: replace(metric, alike=alike if metric.alike else None) for key, metric in registry.metrics().items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "metrics", lambda: made)
        yield asked


def test_a_part_that_came_is_not_taken_for_a_change(on_common: list[frozenset[str]]) -> None:
    found = compared(with_parts(RQ, 66, (), 60.4), with_parts(RQ, 70, ("ai_integrity",), 70.4))
    assert set(on_common) == {frozenset({"ai_integrity"})}
    assert found.value == pytest.approx(-10.0)
    assert found.words == "worse, beyond noise, on the parts both periods have"


def test_wellbeing_on_common_parts_leaves_as_whole_numbers(on_common: list[frozenset[str]]) -> None:
    found = compared(with_parts(AWI, 66, (), 60.4), with_parts(AWI, 70, ("stability",), 70.6))
    assert (found.value, found.text) == (-11.0, "▼ 11")
    assert found.low == pytest.approx(-11 - 2**0.5)  # 60 (59 to 62) less 71 (69 to 72)
    assert found.high == pytest.approx(-11 + 8**0.5)


@pytest.mark.parametrize("family", [RQ, AWI])
@pytest.mark.parametrize(("now", "before"), [(None, 70.4), (60.4, None)])
def test_without_common_parts_nothing_is_compared(
    on_common: list[frozenset[str]], family: Family, now: float | None, before: float | None
) -> None:
    found = compared(with_parts(family, 66, (), now), with_parts(family, 70, ("fcr",), before))
    assert found.words == "cannot be compared: not made of the same parts"


def test_common_parts_too_thin_for_a_figure_are_not_compared() -> None:
    """Real definition: without FCR and CCR there is no resolution quality."""
    basis = {"fcr": None, "ccr": None, "qa": None, "ai_integrity": None}
    found = compared(with_parts(RQ, 66, ("fcr",), basis), with_parts(RQ, 70, ("ccr",), basis))
    assert found.words == "cannot be compared: not made of the same parts"


def test_a_definition_without_parts_is_not_compared_on_some() -> None:
    assert compared(with_parts(CSAT, 66, ()), with_parts(CSAT, 70, ("cells",))).direction == "unknown"


def saving(value: float, low: float | None, high: float | None, share: float | None) -> Result:
    return result(FTE, value, low, high, parts={"percent": share})


def test_a_saving_is_less_work_or_more_and_never_better_or_worse() -> None:
    found = compared(saving(9.6, 8.9, 10.3, 0.093), None)
    assert (found.direction, found.text, found.words, found.distinguishable) == (
        "less",
        "9.3\u202f%",
        "less work than at base practice",
        False,
    )
    assert (found.low, found.high) == (pytest.approx(0.093 * 8.9 / 9.6), pytest.approx(0.093 * 10.3 / 9.6))
    found = compared(saving(-9.6, -10.3, -8.9, -0.093), None)
    assert (found.direction, found.text, found.words) == ("more", "9.3\u202f%", "more work than at base practice")


@pytest.mark.parametrize(("value", "text"), [(0.01, "1.0\u202f%"), (-0.01, "−1.0\u202f%"), (-0.0001, "0.0\u202f%")])
def test_a_saving_that_may_be_nothing_is_not_called_less_work(value: float, text: str) -> None:
    found = compared(saving(100 * value, -3, 7, value), None)
    assert (found.direction, found.text, found.words) == ("none", text, "no clear difference from base practice")


def test_a_saving_without_an_interval_is_not_clear() -> None:
    assert not clear(saving(9.6, None, None, 0.1))


@pytest.mark.parametrize("gone", [hidden(FTE, Status.WITHHELD, parts={"percent": 0.093}), saving(9.6, 9, 10, None)])
def test_a_saving_that_is_not_shown_leaves_nothing_in_its_change(gone: Result) -> None:
    assert compared(gone, saving(5, 4, 6, 0.05)) == Change(direction="unknown")


METRICS = list(headlines().values())


def row(p_like: float) -> list[Change]:
    """Customer, wellbeing, resolution with the same difference; a half-width of 1.96 makes it a z value."""
    change = Change(p_like, p_like - 1.959964, p_like + 1.959964, distinguishable=abs(p_like) > 1.959964)
    return [*(worded(metric, change) for metric in METRICS[:3]), Change(0.1, direction="less")]


def test_three_comparisons_keep_their_arrows() -> None:
    assert sure_among_many([row(2.0)], METRICS) == [row(2.0)]


def test_among_many_teams_a_chance_arrow_is_taken_away() -> None:
    found = sure_among_many([row(-2.0), *[row(0.1)] * 9], METRICS)
    assert {change.direction for change in found[0][:3]} == {"none"}
    assert found[0][1].words == "no clear change"
    assert found[0][3] == Change(0.1, direction="less")


def test_among_many_teams_a_sure_arrow_stays() -> None:
    found = sure_among_many([row(-6.0), *[row(0.1)] * 9], METRICS)
    assert {change.direction for change in found[0][:3]} == {"worse"}


def test_an_arrow_taken_away_still_says_what_was_compared() -> None:
    rows = [row(-2.0), *[row(0.1)] * 9]
    rows[0][1] = replace(rows[0][1], words=rows[0][1].words + ", on the parts both periods have")
    assert sure_among_many(rows, METRICS)[0][1].words == "no clear change, on the parts both periods have"


def test_a_difference_without_width_is_sure_and_none_is_not() -> None:
    exact, none = Change(-5.0, -5.0, -5.0, distinguishable=True), Change(0.0, 0.0, 0.0)
    rows = [[worded(METRICS[0], item), unknown("x"), unknown("x"), unknown("x")] for item in (exact, none, none, none)]
    assert [found[0].direction for found in sure_among_many(rows, METRICS)] == ["worse", "none", "none", "none"]


def test_without_all_four_families_nothing_is_corrected() -> None:
    assert sure_among_many([row(2.0)], METRICS[:3]) == [row(2.0)]


@pytest.mark.parametrize(
    ("before", "now", "broken"),
    [
        ({"likert5": 100}, {"likert5": 89, "scale0_10": 11}, True),
        ({"likert5": 100}, {"likert5": 90, "scale0_10": 10}, False),  # ten points are not more than ten
        ({}, {"likert5": 100}, False),
    ],
)
def test_a_change_of_scale_is_a_flag_on_the_comparison(before: dict[str, int], now: dict[str, int], broken: bool) -> None:
    found = compared(result(CSAT, 84.5, 84, 85, extra={"scales": now}), result(CSAT, 80, 79.5, 80.5, extra={"scales": before}))
    assert found.flags == (("scale_break",) if broken else ())
    assert found.words == "better, beyond noise" + ("; answers were given on other scales than before" if broken else "")


def test_a_change_of_scale_stays_said_where_the_arrow_goes() -> None:
    extras = [{"scales": {"likert5": 100}}, {"scales": {"smiley3": 100}}]
    change = compared(result(CSAT, 81.5, 79, 84, extra=extras[0]), result(CSAT, 80, 78, 82, extra=extras[1]))
    assert change.words == "no clear change; answers were given on other scales than before"
