"""The step in which each field gets its column: proposed by name and cells, confirmed or changed by whoever knows the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kpi.intake.mapped.draft import Draft
from kpi.mapping.identity import together_with
from kpi.mapping.profile import Profile, Seen
from kpi.mapping.spec import CLOSED, NUMBERS_OF_RECORDS, OPEN, TRUTH, fits, kind_of
from kpi.mapping.suggest import Proposal, propose
from kpi.mapping.words import CHOICE_WORDS, FIELD_WORDS, SHAPE_WORDS
from kpi.source import Column

IDENTITY = "external_id"
NEVER_THE_SAME = set(NUMBERS_OF_RECORDS)
LONGEST = 120
FURTHER = 2  # columns offered beside the first


@dataclass
class Row:
    """One field on the page: what may be chosen, what is, and why."""

    column: Column
    label: str
    help: str
    chosen: str
    clock: str
    same: str
    why: str
    error: str = ""
    more: list[str] = field(default_factory=lambda: [""] * FURTHER)  # columns that only together with the chosen one are the number

    @property
    def name(self) -> str:
        return self.column.field

    @property
    def kind(self) -> str:
        return kind_of(self.column)

    @property
    def has_clock(self) -> bool:
        return self.kind == "time"

    @property
    def may_be_joined(self) -> bool:
        return self.name in NUMBERS_OF_RECORDS

    @property
    def columns(self) -> list[str]:
        """All that are chosen for it."""
        return [name for name in (self.chosen, *self.more, self.clock) if name]

    @property
    def may_be_same(self) -> bool:
        """The same value in every row makes sense for words, not for numbers, moments and people."""
        return self.kind in (OPEN, CLOSED, TRUTH) and self.name not in NEVER_THE_SAME

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """Of a closed list."""
        values = ("true", "false") if self.kind == TRUTH else getattr(self.column.read, "values", ())
        return [(value, str(CHOICE_WORDS.get(value, value))) for value in values]

    @property
    def filled(self) -> bool:
        return bool(self.chosen or self.same)


def rows(draft: Draft, found: Profile) -> list[Row]:
    """What was confirmed before; else, for a new mapping, what is proposed."""
    base = draft.base
    proposals = {} if draft.mapped else propose(base, found)
    return [_row(column, draft, found, proposals.get(column.field)) for column in base.columns]


def with_parts(draft: Draft, found: Profile, shown: Sequence[Row]) -> None:
    """Where the proposed number repeats, the column that makes it one. This reads the file once more."""
    for row in shown:
        if row.name == IDENTITY and row.chosen and row.why and not draft.key:
            row.more[0], why = together_with(draft.path, draft.encoding, draft.delimiter, found, row.chosen)
            row.why = why or row.why


def _row(column: Column, draft: Draft, found: Profile, proposal: Proposal | None) -> Row:
    label, told = FIELD_WORDS.get(column.field, (column.field, ""))
    chosen, clock = draft.columns.get(column.field, ["", ""])
    chosen, clock, why = (chosen if found.of(chosen) else ""), (clock if found.of(clock) else ""), ""
    same = draft.constants.get(column.field, "")
    if proposal and not chosen and not same:
        chosen, clock, why = proposal.column, proposal.clock, proposal.why
    elif draft.key and chosen and not draft.mapped:
        why = _("as in the version before")
    more = [name for name in draft.more.get(column.field, []) if found.of(name)]
    return Row(column, str(label), str(told), chosen, clock, same, why, more=[*more, *[""] * FURTHER][: max(FURTHER, len(more))])


def taken(draft: Draft, found: Profile, posted: Mapping[str, str]) -> tuple[list[Row], bool]:
    """The rows as they were sent, with what is wrong in them; where nothing is, the draft knows them."""
    names = {seen.name for seen in found.columns}
    sent = []
    for row in rows(draft, found):
        row.chosen, row.clock, row.same = (posted.get(f"{part}-{row.name}", "").strip() for part in ("column", "clock", "same"))
        row.more = [posted.get(f"more-{row.name}-{place}", "").strip() for place in range(len(row.more))] if row.may_be_joined else []
        row.why, row.error = "", _wrong(row, names)
        sent.append(row)
    if not any(row.filled for row in sent) and sent:
        sent[0].error = sent[0].error or _("Choose a column for each field you have.")
    good = not any(row.error for row in sent)
    if good:
        draft.columns = {row.name: [row.chosen, row.clock] for row in sent if row.chosen}
        draft.more = {row.name: more for row in sent if row.chosen and (more := [name for name in row.more if name])}
        draft.constants = {row.name: row.same for row in sent if row.same}
        draft.mapped, draft.read = True, False
    return sent, good


def _wrong(row: Row, names: set[str]) -> str:
    if set(row.columns) - names:
        return _("This column is not in the file.")
    if row.chosen and row.same:
        return _("Either a column or a value that is the same in every row, not both.")
    if row.clock and not row.chosen:
        return _("A time of day needs the column of its date.")
    if len(row.columns) > len(set(row.columns)) or (any(row.more) and not row.chosen):
        return _("Choose each column once, beginning with the first.")
    if row.same and not (row.may_be_same and len(row.same) <= LONGEST and fits(row.column, row.same)):
        return _("This cannot stand in every row.")
    if row.column.required and not row.filled:
        hint = _("Choose a column, or write what is the same in every row.") if row.may_be_same else _("Choose a column.")
        return _("This is needed. %(hint)s") % {"hint": hint}
    return ""


def options(found: Profile) -> Iterator[tuple[str, str]]:
    """Columns that can be chosen, with what stands in them."""
    for seen in found.columns:
        yield seen.name, f"{seen.name[:60]} · {looks(seen)}"


def looks(seen: Seen) -> str:
    """What stands in a column, in a few words; cells only where they cannot name anybody."""
    shape = str(SHAPE_WORDS[seen.shape])
    shown = ", ".join(seen.examples[:2])
    return f"{shape}: {shown}" if shown else shape


def clocks(found: Profile) -> Iterator[tuple[str, str]]:
    """Columns that may hold a time of day."""
    for seen in found.columns:
        if seen.shape in ("clock3", "clock2", "half_day"):
            yield seen.name, f"{seen.name[:60]} · {looks(seen)}"
