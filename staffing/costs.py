"""What people and AI cost at each site, as signed (metrics.md E9), and over which contacts a sum for several sites is shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import words
from kpi.metric import Period, Window
from kpi.metrics._shared import CONTACTS
from kpi.totals import Members, Request, read_totals
from kpi.version import known
from staffing.models import Cost
from staffing.practice import SitePractice, practice_of

RATES = (Cost.Kind.LOADED_FTE, Cost.Kind.SALARY)  # of one post: the same wherever they apply
WHOLE = 100  # from here on an amount is told without its hundredths
SUMS = (Cost.Kind.AI_RUN, Cost.Kind.ONE_OFF, Cost.Kind.RESKILLING)  # of all that they are for


@dataclass(frozen=True)
class Signed:
    """A cost in force from a day on until the next one of its kind; `site` is None for all sites without one of their own."""

    kind: str
    site: int | None
    valid_from: date
    amount: float
    text: str


@dataclass(frozen=True)
class Book:
    """What holds at one site when a period ends."""

    site: int
    practice: SitePractice
    period: Period
    rows: tuple[Signed, ...] = ()  # of all sites, oldest first
    contacts: Mapping[int, int] = field(default_factory=dict)  # of every site in the period

    def at(self, period: Period) -> Book:
        """The same site when another period ended; over which contacts its sums are shared is then not known."""
        contacts = self.contacts if period == self.period else {}
        return replace(self, practice=self.practice.at(period), period=period, contacts=contacts)

    def cost(self, kind: str) -> Signed | None:
        """The one in force, its own before the common one."""
        return self._own(kind, self.site) or self._own(kind, None)

    def _own(self, kind: str, site: int | None) -> Signed | None:
        found = [row for row in self.rows if (row.kind, row.site) == (kind, site) and row.valid_from < self.period.end]
        return found[-1] if found else None

    def shared_over(self, kind: str) -> int:
        """Contacts of all sites that the cost in force is for."""
        standing = self.cost(kind)
        if standing is None or standing.site is not None:
            return self.contacts.get(self.site, 0)
        return sum(count for site, count in self.contacts.items() if self._own(kind, site) is None)


def books_of(sites: Sequence[int], period: Period) -> dict[int, Book]:
    """By site, from a handful of queries, once for each version: every page and every alert of the same weeks asks for them."""
    return known(("books", tuple(sites), period, get_language()), lambda: _books(sites, period))


def _books(sites: Sequence[int], period: Period) -> dict[int, Book]:
    rows = tuple(_signed(row) for row in Cost.objects.order_by("valid_from", "signed_on", "pk"))
    practices, contacts = practice_of(sites, period), _contacts(sites, period)
    return {site: Book(site, practices[site], period, rows, contacts) for site in sites}


def at(context: Any, period: Period) -> Any:
    """The context of a site as it stood in another period."""
    return context.at(period) if isinstance(context, Book) else context


def _contacts(sites: Sequence[int], period: Period) -> dict[int, int]:
    window = Window("interaction", period.start, period.end)
    found = read_totals([Request(Members("site", (site,)), window) for site in sites])
    return {site: sum(totals[CONTACTS].n for _, totals in blocks) for site, blocks in zip(sites, found, strict=True)}


def _signed(row: Cost) -> Signed:
    amount = float(row.amount)
    said = {
        "amount": words.money(amount, 0 if amount >= WHOLE else 2),
        "day": words.day(row.valid_from),
        "who": row.signed_by,
    }
    text = _("%(amount)s from %(day)s, signed by %(who)s") % said
    return Signed(row.kind, row.site_id, row.valid_from, float(row.amount), text)


def lines(books: Iterable[Book]) -> tuple[tuple[str, str], ...]:
    """Every cost row that was used, for the assumption sheet."""
    kept = list(books)
    found = []
    for kind in (*RATES, *SUMS):
        standing = [row for book in kept if (row := book.cost(kind))]
        shared = _("; shared by contacts") if kind in SUMS and any(row.site is None for row in standing) else ""
        texts = dict.fromkeys(row.text + shared for row in standing)
        found.append((str(capfirst(Cost.Kind(kind).label)), "; ".join(texts)))
    return tuple(found)
