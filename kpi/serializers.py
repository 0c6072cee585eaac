"""A panel as plain JSON: the same figures and the same words as the page, nothing computed here.

Team rows and trends leave out what the four columns already say (label, period, version); a field that would be empty is
left out there as well. The shape is described for OpenAPI in kpi/schema.py, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from kpi.cases import CaseList
from kpi.metric import Period
from kpi.over_time import Control
from kpi.result import Change, Column, Freshness, Growth, Line, Panel, Query, Result, Scope, Sheet, TeamRow, TrendPoint, Verdict

Json = dict[str, Any]

FIGURES = ("status", "value", "low", "high", "n", "text")
RESULT = (
    "metric", "label", "family", "status", "value", "low", "high", "n", "conf", "ci_method", "reasons", "scope", "period_start",
    "period_end", "data_as_of", "definition_version", "parts", "age_days", "text", "unit_text", "interval_text", "margin_text",
    "sample_text", "why", "unlock", "provisional",
)  # fmt: skip
SHORT_RESULT = ("metric", *FIGURES, "reasons", "interval_text", "sample_text", "why", "provisional")
CHANGE = ("value", "low", "high", "distinguishable", "direction", "text", "words", "flags")
GROWTH = ("phase", "per_quarter", "low", "high", "since", "turn", "text", "n")
RESTATED = ("action", "on", "old", "new", "reason", "text")
CONTROL = ("chart", "text", "centre", "lower", "upper")
SIGNAL = ("index", "rules", "text")
FRESHNESS = ("data_to", "loaded_at", "accepted_share", "text", "warnings")
AIM = ("state", "floor", "ceiling", "text", "words")
NOTE = ("day", "last", "kind", "where", "text")
MOVED = ("team", "where", "metric", "label", "family", "text", "interval_text", "sample_text")
STEP = ("key", "label", "value", "total", "text", "sample")


def render_panel(panel: Panel) -> Json:
    """The whole panel; the smallest answer the API gives, so that no saving travels alone."""
    return {
        "title": str(panel.title),
        "query": _query(panel.query),
        "period_text": str(panel.period_text),
        "comparison_text": str(panel.comparison_text),
        "people_text": str(panel.people_text),
        "policy_text": str(panel.policy_text),
        "weeks_text": str(panel.weeks_text),
        "verdict": _verdict(panel.verdict),
        "columns": [_column(column) for column in panel.columns],
        "changed": [{**_pick(item, MOVED), "change": _pick(item.change, CHANGE)} for item in panel.changed],
        "teams": [_team(row) for row in panel.teams],
        "trend": _trend(panel.trend, panel.controls),
        "steps": [_pick(step, STEP) for step in panel.steps],
        "steps_text": str(panel.steps_text),
        "growth": _growth(panel.growth),
        "annotations": [_pick(note, NOTE) for note in panel.annotations],
        "freshness": _freshness(panel.freshness),
    }


def _plain(value: Any) -> Any:
    """Lazy words, tuples and mappings as JSON knows them; dates and numbers stay for the renderer."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if hasattr(value, "isoformat") else str(value)


def _pick(item: object, names: Iterable[str]) -> Json:
    return {name: _plain(getattr(item, name)) for name in names}


def _short(fields: Json) -> Json:
    """Without the fields that say nothing; figures stay, for null is an answer."""
    return {name: value for name, value in fields.items() if name in FIGURES or _says_something(value)}


def _says_something(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [])


def _period(period: Period | None) -> Json | None:
    return None if period is None else {"start": period.start, "end": period.end}


def _scope(scope: Scope) -> Json:
    work = {"queue": scope.queue, "channel": scope.channel, "intent": scope.intent, "tier": scope.tier}
    return {"site": scope.site, "teams": sorted(scope.teams), **work}


def _query(query: Query) -> Json:
    return {
        "period": _period(query.period),
        "period_key": query.period_key,
        "comparison": _period(query.comparison),
        "comparison_key": query.comparison_key,
        "scope": _scope(query.scope),
    }


def _verdict(verdict: Verdict) -> Json:
    sentences = [{"text": str(text), "strong": strong} for text, strong in verdict.sentences]
    return {"lead": str(verdict.lead), "sentences": sentences}


def _column(column: Column) -> Json:
    assumed = [{"label": str(label), "text": str(text)} for label, text in column.result.assumptions]
    said = {"change": _pick(column.change, CHANGE), "notes": _plain(column.notes), "assumptions": assumed}
    return {
        **_pick(column.result, RESULT),
        **said,
        "restated": _restated(column.result),
        "target": _pick(column.aim, AIM) if column.aim else None,
    }


def _restated(result: Result) -> Json | None:
    """Old and new value, date and reason, where a published figure turned out differently."""
    return _pick(result.restated, RESTATED) if result.restated else None


def _change(change: Change) -> Json:
    return {name: value for name, value in _pick(change, CHANGE).items() if _says_something(value)}


def _team_result(column: Column) -> Json:
    """Sentences only where a number is missing: elsewhere the codes are enough, and the columns say them in words."""
    fields = _short(_pick(column.result, SHORT_RESULT))
    if column.result.shown:
        fields.pop("why", None)
    if column.result.restated:
        fields["restated"] = _restated(column.result)
    if column.aim:
        fields["target"] = _pick(column.aim, AIM)
    change = _change(column.change)
    return {**fields, "change": change} if column.change.words or column.change.text else fields


def _team(row: TeamRow) -> Json:
    return {"team": row.team, "label": str(row.label), "site": str(row.site), "results": [_team_result(column) for column in row.columns]}


def _trend(points: tuple[TrendPoint, ...], controls: tuple[Control, ...]) -> Json:
    """One list of periods, and for each metric lists of the same length: every point holds all four or the reason."""
    families = zip(*(point.results for point in points), strict=True)
    series = [_series(results) for results in families]
    for item, control in zip(series, controls, strict=False):
        item["control"] = {**_pick(control, CONTROL), "signals": [_pick(signal, SIGNAL) for signal in control.signals]}
    return {"periods": [_period(point.period) for point in points], "series": series}


def _series(results: tuple[Result, ...]) -> Json:
    lists = {name: [_plain(getattr(result, name)) for result in results] for name in (*FIGURES, "reasons", "provisional")}
    return {"metric": results[0].metric, "definition_version": results[0].definition_version, **lists, **_past(results)}


def _past(results: tuple[Result, ...]) -> Json:
    """One notice or null for each point; left out where none was restated."""
    return {"restated": [_restated(result) for result in results]} if any(result.restated for result in results) else {}


def _growth(growth: Growth) -> Json:
    weeks = {"start": [week.start for week in growth.weeks], "contacts": [week.contacts for week in growth.weeks]}
    return {**_pick(growth, GROWTH), "weeks": weeks}


def _freshness(freshness: Freshness) -> Json:
    return _pick(freshness, FRESHNESS)


def render_sheet(sheet: Sheet) -> Json:
    """A page beside the overview: its figures, and the whole panel they stand beside."""
    return {
        "key": sheet.key,
        "title": sheet.title,
        "question": sheet.question,
        "currency": settings.CURRENCY,
        "answer": _verdict(sheet.answer),
        "panel": render_panel(sheet.panel),
        "sections": [{"title": section.title, "figures": [_column(column) for column in section.columns]} for section in sheet.sections],
        "breakdowns": [{"title": table.title, "lines": [_line(line) for line in table.lines]} for table in sheet.breakdowns],
        "registers": [{"title": table.title, "head": table.head, "rows": table.rows} for table in sheet.registers],
    }


def render_cases(found: CaseList) -> Json:
    """A list of contacts: what it is, the days it speaks of, and every row of the file."""
    return {
        "key": found.kind.key,
        "label": str(found.kind.label),
        "question": str(found.kind.question),
        "words": str(found.kind.words),
        "metric": found.kind.metric,
        "period": _period(found.period),
        "period_text": found.period_text,
        "cases": [
            {
                "closed_on": case.day,
                "customer": case.customer,
                "intent": case.intent,
                "channel": case.channel,
                "queue": case.queue,
                "source": case.source,
                "contact": case.reference,
                "why": case.why,
            }
            for case in found.cases
        ],
    }


def _line(line: Line) -> Json:
    return {"label": line.label, "figures": [_team_result(column) for column in line.columns]}
