"""A vendor's own totals by day, typed, pasted or sent as a file: all of it is kept, or with a sentence for each bad line nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.intake.wholeness import may_be_held_against
from kpi.models import DataSource, VendorTotal

MOST_LINES, MOST_BYTES, MOST_CONTACTS = 1000, 1 << 20, 100_000_000
DELIMITERS = ";\t,"
DAY = ("day", "date", "fecha", "tag", "datum")
COUNT = ("contacts", "offered", "incoming calls", "calls", "kontakte", "anrufe")


class TotalsForm(forms.Form):
    """Which source, and the days."""

    source = forms.ChoiceField(label=gettext_lazy("Source"))
    text = forms.CharField(
        label=gettext_lazy("Days and contacts"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One day a line: 2026-03-01;412. A first line may name the columns (day, contacts)."),
    )
    file = forms.FileField(label=gettext_lazy("Or a file"), required=False, help_text=gettext_lazy("CSV with the same columns."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(item.pk), item.key) for item in may_be_held_against()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        sent = cleaned.get("file")
        if sent is not None and sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than a list of days: at most %(most)d lines.") % {"most": MOST_LINES})
        text = sent.read().decode("utf-8-sig", "replace") if sent else cleaned.get("text", "")
        lines, problems = read_totals(text)
        if problems:
            raise forms.ValidationError(problems[:20])
        if not lines:
            raise forms.ValidationError(_("Enter a day and its contacts, or choose a file."))
        return {**cleaned, "lines": lines}


def read_totals(text: str) -> tuple[dict[date, int], list[str]]:
    """{day: contacts}, and a sentence for every line that is not understood."""
    first = text.strip().partition("\n")[0]
    delimiter = next((mark for mark in DELIMITERS if mark in first), ";")
    rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1) if any(row)]
    if len(rows) > MOST_LINES:
        return {}, [_("%(n)d lines are too many at once; send up to %(most)d.") % {"n": len(rows), "most": MOST_LINES}]
    columns = _columns(rows[0][1]) if rows else None
    lines: dict[date, int] = {}
    problems = []
    for number, row in rows[1:] if columns else rows:
        try:
            day, count = _read(row, columns or (0, 1))
            if lines.setdefault(day, count) != count:
                raise ValueError(_("the day %(day)s stands there twice, with different contacts.") % {"day": day})
        except ValueError as error:
            problems.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": error})
    return lines, problems


def _columns(head: Sequence[str]) -> tuple[int, int] | None:
    """Where day and contacts stand, if the first line names them."""
    names = [cell.strip().lower() for cell in head]
    day = next((names.index(name) for name in DAY if name in names), None)
    count = next((names.index(name) for name in COUNT if name in names), None)
    return None if day is None or count is None else (day, count)


def _read(row: Sequence[str], columns: tuple[int, int]) -> tuple[date, int]:
    cells = [row[place].strip() if place < len(row) else "" for place in columns]
    try:
        day = date.fromisoformat(cells[0])
    except ValueError:
        raise ValueError(_("“%(cell)s” is not a day; write one like 2026-12-25.") % {"cell": cells[0][:40]}) from None
    if day > timezone.localdate():
        raise ValueError(_("%(day)s is still to come.") % {"day": day})
    if not (cells[1].isascii() and cells[1].isdecimal() and int(cells[1][:12]) <= MOST_CONTACTS):
        raise ValueError(_("“%(cell)s” is not a number of contacts; write digits alone, like 412.") % {"cell": cells[1][:40]})
    return day, int(cells[1][:12])


@transaction.atomic
def keep(source: DataSource, lines: Mapping[date, int], user: Any) -> int:
    """A day that was entered before is replaced; how many days."""
    for day, contacts in lines.items():
        VendorTotal.objects.update_or_create(source=source, day=day, defaults={"contacts": contacts, "entered_by": user})
    return len(lines)
