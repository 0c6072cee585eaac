"""Which trend gets control limits, from which of its points, and what a signal is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi.control_limits import comparable, control_of, controls_of
from kpi.metric import Family, Status
from kpi.result import Result
from tests.web.sample_panel import LABELS, sample_panel, withheld_panel

FIRST = date(2025, 6, 2)


def series(values: Sequence[float | None], key: str = "csat", n_eff: float = 400.0) -> list[Result]:
    """One result a stretch of four weeks; None is a stretch without a figure."""
    family = next(family for family, (name, *_rest) in LABELS.items() if name == key)
    made = []
    for index, value in enumerate(values):
        start = FIRST + timedelta(weeks=4 * index)
        status = Status.OK if value is not None else Status.INSUFFICIENT
        made.append(
            Result(
                key, LABELS[family][1], family, status, value, None, None, 900, "", start, start + timedelta(weeks=4), date(2027, 1, 4), 1,
                parts={"n_eff": n_eff} if value is not None else {},
            )
        )  # fmt: skip
    return made


STEADY = [0.80, 0.81, 0.79, 0.80, 0.81, 0.79, 0.80, 0.81, 0.79, 0.80, 0.81, 0.79, 0.80]


def test_a_share_has_a_p_chart_of_the_answers_as_weighting_counts_them() -> None:
    found = control_of(series(STEADY))
    assert found.chart == "p"
    assert found.centre == pytest.approx(0.80)
    assert found.lower[0] == pytest.approx(0.80 - 3 * (0.8 * 0.2 / 400) ** 0.5)
    assert found.signals == ()
    assert found.text == "Customer satisfaction: p chart of 13 firm points, mean 80.0\u202f%, limits now 74.0 to 86.0; no signal."


def test_a_share_that_varies_more_than_chance_has_wider_limits() -> None:
    plain, wide = control_of(series(STEADY)), control_of(series([0.7, 0.9] * 6))
    assert wide.chart == "laney"
    assert (wide.upper[0] or 0) - (wide.centre or 0) > (plain.upper[0] or 0) - (plain.centre or 0)
    assert wide.upper[0] == 1.0, "no share is above 100 %"


@pytest.mark.parametrize("key", ["resolution_quality", "fte_reduction"])
def test_an_index_and_fte_have_an_xmr_chart(key: str) -> None:
    found = control_of(series([70.0, 72.0] * 6, key))
    assert found.chart == "xmr"
    assert (found.lower[3], found.upper[3]) == (pytest.approx(71 - 2.66 * 2), pytest.approx(71 + 2.66 * 2))


def test_wellbeing_has_none_for_its_surveys_come_in_waves() -> None:
    found = control_of(series([60.0] * 20, "agent_wellbeing_index"))
    assert (found.chart, found.centre, found.lower, found.signals) == ("none", None, (), ())
    assert "waves" in found.text


def test_eleven_points_are_too_few_and_twelve_are_enough() -> None:
    assert control_of(series(STEADY[:11])).text == (
        "Customer satisfaction: no control limits, for 11 firm points can be compared and it takes 12."
    )
    assert control_of(series(STEADY[:12])).chart == "p"


def test_a_stretch_without_a_figure_is_left_out_and_the_place_of_a_signal_stays_that_of_the_trend() -> None:
    values: list[float | None] = [*STEADY, None, 0.72]
    found = control_of(series(values))
    assert (found.lower[13], found.upper[13]) == (None, None)
    assert [(signal.index, signal.rules) for signal in found.signals] == [(14, ("r1",))]
    assert found.signal_at(14) == "outside the limits"
    assert found.signal_at(13) == ""
    assert found.text.endswith("1 signal, the latest at 29 Jun – 26 Jul 2026: outside the limits.")


def test_what_can_still_change_makes_neither_limits_nor_a_signal() -> None:
    results = series([*STEADY, 0.40])
    results[-1] = replace(results[-1], status=Status.PROVISIONAL, reasons=("provisional:answers",))
    assert control_of(results).signals == ()
    assert control_of(results).centre == control_of(series(STEADY)).centre


@pytest.mark.parametrize("reason", ["gap:3_days", "period:not_over"])
def test_a_stretch_that_lacks_days_is_left_out(reason: str) -> None:
    results = series(STEADY)
    results[4] = replace(results[4], status=Status.PARTIAL, reasons=(reason,))
    assert 4 not in comparable(results)


def test_a_figure_of_other_parts_is_no_part_of_the_same_series() -> None:
    results = series([70.0] * 16, "resolution_quality")
    results[:3] = [replace(item, extra={"missing": ("ai_integrity",)}) for item in results[:3]]
    assert comparable(results) == list(range(3, 16))


def test_eight_on_one_side_and_six_in_a_row_are_signals_too() -> None:
    values = [70.0, 72.0, 70.0, 72.0, 70.0, 72.0, 70.0, 72.0, 73.0, 74.0, 75.0, 76.0, 77.0, 78.0]
    rules = {rule for signal in control_of(series(values, "resolution_quality")).signals for rule in signal.rules}
    assert "r3" in rules


def test_a_withheld_saving_leaves_no_limit_and_no_figure_in_words() -> None:
    controls = controls_of(withheld_panel().trend)
    assert len(controls) == len(Family)
    saving = controls[3]
    assert (saving.chart, saving.centre, saving.lower) == ("none", None, ())
    assert "0 firm points" in saving.text


def test_without_a_trend_there_is_nothing() -> None:
    assert controls_of(()) == ()
    assert len(controls_of(sample_panel().trend)) == len(Family)
