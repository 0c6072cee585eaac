"""A centre whose saving can be recognised anywhere: every scope and period has figures of its own, companions as well.

The metrics are made up; everything above them (values, protection, companion rule, panel, surfaces) is the real thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest

from kpi import registry
from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Status, Unit
from tests.memory import forget_all

FRAME = Frame(Period(date(2026, 3, 2), date(2026, 3, 30)), date(2026, 4, 13))
KEYS = {"csat": Unit.SHARE, "agent_wellbeing_index": Unit.INDEX, "resolution_quality": Unit.INDEX, "fte_reduction": Unit.FTE}
SUBJECTS = dict(zip(KEYS, ("interaction", "pulse", "employment", "agent_day"), strict=True))
GAPS = re.compile("[\\s\u00a0\u202f\u2009']|(?<=\\d),(?=\\d{3})")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one companion."""

    metric: str
    name: str
    make: Callable[[Estimate], Estimate | None]


class Broken(RuntimeError):
    """A companion that raises."""


def _raise(_estimate: Estimate) -> Estimate:
    raise Broken("the companion cannot be computed")


def _hidden(status: Status) -> Callable[[Estimate], Estimate]:
    return lambda estimate: Estimate(status, reasons=("people:too_few",) if status is Status.SUPPRESSED else ("n:3",))


def _stale(estimate: Estimate) -> Estimate:
    return replace(estimate, status=Status.CARRIED_FORWARD, age_days=93)


FAULTS = [
    Fault(metric, name, make)
    for metric in list(KEYS)[:3]
    for name, make in {
        "no data": _hidden(Status.NO_DATA),
        "insufficient": _hidden(Status.INSUFFICIENT),
        "suppressed": _hidden(Status.SUPPRESSED),
        "stale": _stale,
        "absent": lambda estimate: None,
        "raising": _raise,
    }.items()
]


def saving(k: int) -> Estimate:
    """The k-th saving: 7001, 7014, 7027 ... of 9836, 9849, ... FTE."""
    value = 7001.37 + 13 * k
    parts = {
        "counterfactual": value + 2835.41, "required_now": 2835.41, "required_base": 8301.13, "volume_effect": value + 2835.41 - 8301.13,
        "containment": value - 1207.0, "aht": 1111.0, "occupancy": 64.0, "shrinkage": 32.0, "percent": value / (value + 2835.41),
    }  # fmt: skip
    return Estimate(Status.OK, value, value - 503.0, value + 509.0, 128_400, "bootstrap", parts=parts, extra={"baseline": "13 weeks"})


def companion(metric: str, k: int) -> Estimate:
    share = metric == "csat"
    value = (501 + 3 * k) / 1000 if share else 20.0 + k
    half = 0.01 if share else 1.0
    return Estimate(Status.OK, value, value - half, value + half, 4812, "wilson")


def secrets(k: int) -> list[str]:
    """Figures by which the k-th saving is known, however they are written: digits of whole FTE."""
    made = saving(k)
    figures = [made.value, made.low, made.high, made.parts["counterfactual"], made.parts["containment"]]
    return [str(int(figure)) for figure in figures if figure is not None]


SHARED = ["2835", "8301"]  # required FTE: the same for all
FURTHER = "4242"  # a saving that is no headline: the same for all, on the page about capacity


def further(_evidence: Evidence) -> Estimate:
    return Estimate(Status.OK, 4242.42, 4242.11, 4242.77, 128_400, "bootstrap", parts={"counterfactual": 4242.99})


def price(k: int) -> list[tuple[str, ...]]:
    """The three companions of the k-th saving, each as it may be written."""
    csat = 501 + 3 * k
    return [(f"{csat / 10:.1f}", f"{csat / 1000}"), (f"{20 + k}",), (f"{20 + k}",)]


def squeezed(text: str) -> str:
    """Without what separates thousands, and without secrets of the form that are random."""
    text = re.sub(r"/data/runs/\d+/|<bdi>[^<]*</bdi>", "", text)  # the number of a run, and the random salt of a password, are no figures
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|"csrf[^"]*": *"[^"]*"|\?v=\w+|csrftoken=\w+|ETag: .*', "", text)
    return GAPS.sub("", text)


def figures(plain: str) -> set[str]:
    """The whole numbers that stand there; 7001 is one of 7001.37, and no part of 17001 or of 0.7001."""
    return set(re.findall(r"(?<![\d.])\d+", plain))


def alone(text: str) -> list[str]:
    """Savings of the text that stand there without their three companions."""
    plain = squeezed(text)
    there = figures(plain)
    found = []
    for k in range(70):
        shown = [figure for figure in secrets(k) if figure in there]
        if shown and not all(any(form in plain for form in forms) for forms in price(k)):
            found.append(f"{k}: {shown}")
    return found


def any_saving(text: str) -> list[str]:
    there = figures(squeezed(text))
    return [figure for figure in [*SHARED, FURTHER, *(figure for k in range(70) for figure in secrets(k))] if figure in there]


@contextmanager
def planted(fault: Fault | None = None) -> Iterator[None]:
    """Metrics that give the k-th figures for the k-th unit and period of a panel."""

    def estimator(key: str) -> Callable[[Evidence], Estimate]:
        place = list(KEYS).index(key)
        turn = [0]

        def estimate(_evidence: Evidence) -> Estimate:
            k, turn[0] = turn[0] % 70, turn[0] + 1
            found: Estimate | None = saving(k) if place == 3 else companion(key, k)
            return fault.make(found) if fault and fault.metric == key and found else found  # type: ignore[return-value]

        return estimate

    absent = fault.metric if fault and fault.name == "absent" else ""
    made = {key: _metric(key, unit, estimator(key)) for key, unit in KEYS.items() if key != absent}
    made["net_saving"] = _further(made["fte_reduction"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "metrics", lambda: made)
        registry.measures.cache_clear()
        forget_all()
        yield
    registry.measures.cache_clear()
    forget_all()


def _further(headline: Metric) -> Metric:
    shows = {"counterfactual": Part("counterfactual", Unit.FTE)}
    return replace(headline, key="net_saving", headline=False, estimate=further, page="capacity", shows=shows)


def _metric(key: str, unit: Unit, estimate: Callable[[Evidence], Estimate]) -> Metric:
    family = dict(zip(KEYS, Family, strict=True))[key]
    return Metric(
        key=key, label=key.replace("_", " ").capitalize(), family=family, unit=unit, better=Direction.UP, headline=True,
        measures=(Measure(f"planted_{key}", SUBJECTS[key], pl.lit(1)),), windows=lambda frame: {}, estimate=estimate, formula="planted",
        caveat="planted", sample="answers", source="A1", example=Example(Evidence(FRAME), gives=0.5),
    )  # fmt: skip
