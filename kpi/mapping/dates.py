"""The order of day and month, with the rows that show it: a number above 12 is a day. Where no row shows it, somebody has to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext_noop as _

from kpi.reading.formats import EXAMPLES, Seen, first_orders
from kpi.sentences import Sentence


@dataclass(frozen=True)
class Orders:
    """The first date that can only be read in each of the orders, and the first ones that leave it open."""

    day_first: Seen | None = None
    month_first: Seen | None = None
    open: tuple[Seen, ...] = ()

    @property
    def contradicts(self) -> bool:
        return bool(self.day_first and self.month_first)

    @property
    def unknown(self) -> bool:
        """Dates of three numbers, none of which shows its order."""
        return bool(self.open) and not (self.day_first or self.month_first)

    def then(self, later: Orders) -> Orders:
        """Together with what a later part of the file shows."""
        shown = self.day_first or later.day_first, self.month_first or later.month_first
        return Orders(*shown, (*self.open, *later.open)[:EXAMPLES])

    def contradiction(self) -> Sentence:
        """Both rows."""
        if not (self.day_first and self.month_first):
            return Sentence("")
        text = _("Dates contradict each other: %(day)s can only be day-first, %(month)s only month-first")
        return Sentence(text, {"day": _said(self.day_first), "month": _said(self.month_first)})


def told(seen: Seen) -> str:
    """“31/12/2026 in line 17 (Begin)”"""
    return str(_said(seen))


def _said(seen: Seen) -> Sentence:
    return Sentence(_("%(text)s in line %(line)s (%(column)s)"), {"text": seen.text, "line": seen.line, "column": seen.column})


def find_orders(frames: Iterable[pl.DataFrame], columns: Sequence[str]) -> Orders:
    """What the dates of three numbers in these columns show; the whole file is looked through."""
    spelt = (frame.select("line", *(with_century(pl.col(name)).alias(name) for name in columns)) for frame in frames)
    return Orders(*first_orders(spelt, columns))


def with_century(text: pl.Expr) -> pl.Expr:
    """“31.12.26” as 31.12.2026: a year of another century would lie in the future, or before anything that is accepted."""
    return text.str.replace(r"^([0-9]{1,2}[/.-][0-9]{1,2}[/.-])([0-9]{2})($|[T ])", "${1}20${2}${3}")
