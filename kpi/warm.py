"""What this process worked out from one version of the data, kept until the version moves on: whole shelves, gaps, crews.

Beside the cache of answers: an answer may be new and yet stand on rows that this process has laid out already. Whatever is
kept here follows from stored totals and signed assumptions alone, before anybody's rights and the protection of people.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from kpi import registry
from kpi.facts import Facts
from kpi.models import Rollup
from kpi.shelves import Layout, Row, Sheet, Shelf
from kpi.slots import read_table

SHELF_BYTES, ALL_BYTES = 32 * 2**20, 128 * 2**20  # of one process; a larger shelf is read row by row, as it is asked for
CELL = 8  # bytes of a number


class Standing(Facts):
    """Facts by key, results, and sheets up to ALL_BYTES, of one version."""

    def forget(self, version: str = "") -> None:
        super().forget(version)
        self.sheets: OrderedDict[tuple[Shelf, frozenset[str]], Sheet] = OrderedDict()

    def layout(self, version: str, subject: str, asked: frozenset[str]) -> Layout:
        """Columns for every slot there is of these measures of a subject, so that all readings of one version share them."""
        return self.fact(version, ("layout", subject, asked), lambda: self._layout(version, subject, asked))

    def _layout(self, version: str, subject: str, asked: frozenset[str]) -> Layout:
        table, measures = self.fact(version, "slots", read_table), registry.measures()
        mine = {key for key in asked if key in measures and measures[key].subject == subject}
        return Layout({slot: what for slot, what in table.items() if what[0] in mine}, asked)

    def sheet(self, version: str, shelf: Shelf, layout: Layout) -> Sheet | None:
        """The whole shelf laid out; None where that would take too much room."""
        with self.lock:
            rows = self.fact(version, ("rows", shelf), lambda: _of(shelf).count())
            size = rows * layout.width * CELL
            if size > SHELF_BYTES:
                return None
            key = (shelf, layout.asked or frozenset())
            if key not in self.sheets:
                self.sheets[key] = Sheet(fetch(shelf), layout)
            self.sheets.move_to_end(key)
            while len(self.sheets) > 1 and sum(sheet.running.nbytes for sheet in self.sheets.values()) > ALL_BYTES:
                self.sheets.popitem(last=False)
            return self.sheets[key]


standing = Standing()


def _of(shelf: Shelf) -> Any:
    subject, dimension, grain = shelf
    return Rollup.objects.filter(subject=subject, dimension=dimension, grain=grain)


def fetch(shelf: Shelf, members: Iterable[int] | None = None, ranges: Iterable[tuple[date, date]] = ()) -> list[Row]:
    """Rows of a shelf, sorted by member and day: all, or of some members on some days."""
    wanted = Q()
    for start, end in ranges:
        wanted |= Q(start__gte=start, start__lt=end)
    rows = _of(shelf).filter(wanted)
    if members is not None:
        rows = rows.filter(member__in=members)
    found = [(member, start, bytes(data)) for member, start, data in rows.values_list("member", "start", "data")]
    return sorted(found, key=lambda row: (row[0], row[1]))
