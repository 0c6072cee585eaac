"""The worked example printed on a metric's page is what its code gives."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest

from kpi import registry
from kpi.metric import Evidence, Family, Metric

METRICS = list(registry.metrics().values())


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_the_worked_example_gives_what_it_says(metric: Metric) -> None:
    found = metric.estimate(metric.example.evidence)
    assert found.value == pytest.approx(metric.example.gives, abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_a_metric_asks_for_windows_of_the_subjects_it_measures(metric: Metric) -> None:
    pieces = metric.example.evidence if isinstance(metric.example.evidence, tuple) else (metric.example.evidence,)
    for evidence in pieces:
        windows = metric.windows(evidence.frame)
        assert {window.subject for window in windows.values()} == {measure.subject for measure in metric.measures}
        assert set(evidence.totals) | set(evidence.blocks) <= set(windows)
        assert all(window.start < window.end for window in windows.values())


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_nothing_at_all_gives_no_value_and_no_zero(metric: Metric) -> None:
    pieces = metric.example.evidence if isinstance(metric.example.evidence, tuple) else (metric.example.evidence,)
    empty = tuple(Evidence(evidence.frame) for evidence in pieces)
    found = metric.estimate(empty if metric.per_site else empty[0])
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 0)
    assert not found.status.shows_value


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_a_definition_says_what_it_counts_and_what_it_cannot_say(metric: Metric) -> None:
    for text in (metric.label, metric.words, metric.formula, metric.caveat, metric.sample):
        assert str(text).strip()
    assert metric.source


def test_every_family_has_one_headline_in_the_order_of_the_page() -> None:
    order = [list(Family).index(metric.family) for metric in METRICS]
    assert all(one <= other for one, other in pairwise(order))
    headlines: Mapping[Family, list[str]] = {family: [m.key for m in METRICS if m.family is family and m.headline] for family in Family}
    assert headlines == {
        Family.CUSTOMER: ["csat"],
        Family.WELLBEING: ["agent_wellbeing_index"],
        Family.RESOLUTION: ["resolution_quality"],
        Family.SAVINGS: ["fte_reduction"],
    }
