"""What storing the file with this mapping would do: its counts, and its first rows one by one with their fate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import ingest, words
from kpi.ingest.runs import only_site
from kpi.intake.hours import HourLine, hour_lines
from kpi.intake.mapped.draft import Draft
from kpi.mapping.build import build
from kpi.mapping.spec import Spec, checked, kind_of
from kpi.mapping.stored import MAPPED
from kpi.mapping.words import CHOICE_WORDS, FIELD_WORDS
from kpi.models import DataSource, Site
from kpi.reading import look, read_blocks
from kpi.source import Reading, Source

SHOWN = 20
REJECTED = "rejected"
FATES = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"),
    REJECTED: gettext_lazy("rejected"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the file: what would be stored of it, or what is wrong with it."""

    line: int
    fate: str
    fate_words: str
    named: Sequence[tuple[str, str]]  # (name of the field, what would be stored)
    problems: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Tried:
    """The whole file in counts, its first lines, the first rejected ones further down."""

    outcome: ingest.Outcome
    names: Sequence[str]
    lines: Sequence[Line]
    further: Sequence[ingest.BadRow]

    @property
    def hours(self) -> Sequence[HourLine]:
        return hour_lines(self.outcome.facts)

    @property
    def new_codes(self) -> Sequence[str]:
        return ingest.new_of(self.outcome.facts)


def attempt(draft: Draft) -> Tried:
    """Nothing is written. Refused where the mapping or the file cannot be used."""
    spec = checked(draft.spec())
    source = build(draft.key or "file", spec)
    outcome = ingest.preview_of(draft.path, _origin(draft), source, first=SHOWN)
    rejected = {row.line: row for row in outcome.rejected}
    first = sorted({*outcome.shown, *rejected})[:SHOWN]
    stored = _stored(draft, source, [line for line in first if line in outcome.shown])
    shown = stored_names(spec)
    names = {name: str(FIELD_WORDS[name][0]) for name in shown}
    lines = []
    for line in first:
        fate = outcome.shown.get(line, REJECTED)
        named = [(names[name], stored.get(line, {}).get(name, "")) for name in shown]
        lines.append(Line(line, fate, str(FATES[fate]), named, rejected[line].problems if line in rejected else ()))
    further = [row for row in outcome.rejected if row.line not in first][:SHOWN]
    return Tried(outcome, list(names.values()), lines, further)


def _origin(draft: Draft) -> DataSource:
    """The source the file belongs to, or one as it will be made."""
    origin = DataSource.objects.select_related("site").filter(key=draft.key, format=MAPPED).first() if draft.key else None
    origin = origin or DataSource(key="", format=MAPPED, zone=draft.zone)
    origin.site = Site.objects.filter(code=draft.site).first() or origin.site or only_site(origin)
    return origin


def stored_names(spec: Spec) -> list[str]:
    """The fields that are filled, as our own layout has them in order."""
    filled = {item.field for item in spec.fills} | set(spec.constants)
    return [column.field for column in spec.base.columns if column.field in filled]


def _stored(draft: Draft, source: Source, lines: Sequence[int]) -> dict[int, dict[str, str]]:
    """{line: {field: what would be stored}}, as far as it is in the first blocks of the file."""
    facts = look(draft.path, source, zone=source.zone)
    reading = Reading(source.zone, timezone.now().timestamp(), settings.PSEUDONYM_KEY, facts.date_order, facts.decimal_comma)
    kinds = {column.field: "person" if column.person else kind_of(column) for column in draft.base.columns}
    found: dict[int, dict[str, str]] = {}
    for block in read_blocks(draft.path, source, facts, reading, rows=1000):
        for row in block.accepted.iter_rows(named=True):
            if row["line"] in lines:
                found[row["line"]] = {name: _told(name, kinds.get(name, ""), value) for name, value in row.items()}
        if len(found) == len(lines):
            break
    return found


def _told(name: str, kind: str, value: Any) -> str:
    """What a person may see of a value: people and what they wrote are not repeated."""
    if value is None:
        return "–"
    if kind == "person":
        return _("a pseudonym")
    if kind == "comment":
        return _("text, not shown")
    if isinstance(value, bool):
        return str(CHOICE_WORDS["true" if value else "false"])
    if isinstance(value, datetime):
        return f"{words.day(value.date())}, {value:%H:%M:%S} UTC"
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, float):
        return f"{words.number(value, 0 if value.is_integer() else 1)} s" if name.endswith("_s") else f"{value:g}"
    return str(value)
