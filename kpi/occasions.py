"""Annotated events a reader may look before and after: what the comparison `event:ID` of the filter bar means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpi import words
from kpi.events import MOST_WEEKS, around
from kpi.metric import Period
from kpi.models import Annotation
from kpi.result import Viewer
from kpi.version import known

PREFIX = "event:"


@dataclass(frozen=True)
class Occasion:
    """One event: its days, and what happened."""

    key: str
    day: date
    last_day: date | None
    text: str

    @property
    def label(self) -> str:
        return f"{words.day(self.day)}: {self.text}"

    def sides(self, as_of: date, *, first: date | None, most: int = MOST_WEEKS) -> tuple[Period, Period] | None:
        """(before, after) in equal whole weeks; None where not one whole week on each side has data."""
        return around(self.day, as_of, last_day=self.last_day, first=first, most=most)


def occasions(viewer: Viewer) -> Sequence[Occasion]:
    """The events this viewer may read of, the latest first: those of everybody, and of own sites and teams."""
    return known(("occasions", viewer), lambda: tuple(_readable(viewer)))


def _readable(viewer: Viewer) -> Sequence[Occasion]:
    found = [item for item in Annotation.objects.order_by("-day", "-pk") if _may_read(viewer, item)]
    return [Occasion(f"{PREFIX}{item.pk}", item.day, getattr(item, "last_day", None), item.text) for item in found]


def _may_read(viewer: Viewer, item: Annotation) -> bool:
    team = getattr(item, "team_id", None)
    own_site = viewer.sites is None or item.site_id is None or item.site_id in viewer.sites
    return own_site and (viewer.teams is None or team is None or team in viewer.teams)
