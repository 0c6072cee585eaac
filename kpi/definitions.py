"""A metric's definition as a reader sees it: words, formula, what is counted from which columns, and the worked example."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kpi import registry, words
from kpi.metric import Evidence, Example, Family, Measure, Metric, Totals

SUBJECTS = {  # what measures are added up over
    "interaction": gettext_noop("contacts"), "agent_day": gettext_noop("working days"), "employment": gettext_noop("days employed"),
    "pulse": gettext_noop("wellbeing answers"), "reskilling": gettext_noop("steps of reskilling"),
}  # fmt: skip
SHARE_SHOWN = 4  # blocks of a worked example shown in full; the rest is counted


@dataclass(frozen=True)
class Counted:
    """One measure: what is added up, and from which columns."""

    key: str
    subject: str
    columns: str
    expression: str


@dataclass(frozen=True)
class Given:
    """One figure the worked example starts from."""

    window: str
    measure: str
    n: str
    sum: str


@dataclass(frozen=True)
class Described:
    metric: Metric
    unit: str
    measures: tuple[Counted, ...]
    given: tuple[Given, ...]
    result: str
    interval: str


_described: dict[str, Described] = {}


def describe(key: str) -> Described:
    """Definitions are files: each is worked out once in the life of a process, and again only if another takes its place."""
    metric = registry.metrics()[key]
    known = _described.get(key)
    if known is None or known.metric is not metric:
        known = _described[key] = _describe(metric)
    return known


def _describe(metric: Metric) -> Described:
    estimate = metric.estimate(metric.example.evidence)
    alone = metric.family is Family.SAVINGS  # an invented saving has no companions, and none is shown without them
    return Described(
        metric,
        words.unit_word(metric.unit),
        tuple(_counted(measure) for measure in metric.measures),
        _given(metric.example),
        "" if alone else words.figure(estimate.value, metric.unit),
        "" if alone else words.interval(estimate.low, estimate.high, metric.unit),
    )


def _counted(measure: Measure) -> Counted:
    columns = ", ".join(sorted(set(measure.value.meta.root_names())))
    return Counted(measure.key, _(SUBJECTS.get(measure.subject, measure.subject)), columns, str(measure.value))


def _given(example: Example) -> tuple[Given, ...]:
    pieces = example.evidence if isinstance(example.evidence, tuple) else (example.evidence,)
    return tuple(given for evidence in pieces for given in _of(evidence))


def _of(evidence: Evidence) -> list[Given]:
    found = [given for window, totals in evidence.totals.items() for given in _rows(window, totals)]
    for window, blocks in evidence.blocks.items():
        for start, totals in blocks[:SHARE_SHOWN]:
            found += _rows(f"{window}, {words.day(start)}", totals)
        if len(blocks) > SHARE_SHOWN:
            found.append(Given(window, _("%(n)d more of these") % {"n": len(blocks) - SHARE_SHOWN}, "", ""))
    return found


def _rows(window: str, totals: Totals) -> list[Given]:
    rows = []
    for key, strata in totals.parts.items():
        n, total = sum(item.n for item in strata.values()), sum(item.sum for item in strata.values())
        rows.append(Given(window, key, words.number(n), words.number(total, 0 if float(total).is_integer() else 2)))
    return rows
