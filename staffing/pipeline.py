"""Who walked how far towards a new role: people by stage and role, never a line about a few (product.md section 4, metrics.md C3, C6).

The steps are read by site once for a question, as what a site signed for is; everything else here is pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import polars as pl
from django.conf import settings
from django.utils.translation import gettext as _

from kpi import words
from kpi.anonymity import DEFAULT_K, count_band, share_words, suppress_children
from kpi.frames import read_frame
from kpi.metric import Period
from kpi.result import Register
from staffing.models import ReskillingStep

STAGES = tuple(ReskillingStep.Stage.values)  # in the order in which they are walked
STEP: dict[str, Any] = {"person": pl.Int64, "to_role": pl.String, "stage": pl.Enum(STAGES), "on": pl.Date}
SPELL: dict[str, Any] = {"person": pl.Int64, "site": pl.Int32, "started_on": pl.Date}


@dataclass(frozen=True)
class Walk:
    """One person's way to the role of the last step: the day of the first step, and the day each of the five stages was reached, by a
    step of that stage or of a later one; None where not."""

    role: str
    reached: tuple[date | None, ...]

    @property
    def first(self) -> date:
        return min(day for day in self.reached if day)


class Offered(NamedTuple):
    """The ways of one site, and how many people a figure about them must have at least: ten (C2), or the k that was raised."""

    walks: tuple[Walk, ...] = ()
    k: int = DEFAULT_K


def walks_of(sites: Sequence[int], period: Period) -> dict[int, Offered]:
    """By site of the last spell that began before the first step. Somebody who was never employed belongs to no site."""
    steps = read_frame('SELECT s.person, s.to_role, s.stage, s."on" FROM staffing_reskillingstep s', [], STEP).sort("person", "on", "stage")
    spells = read_frame(
        "SELECT e.agent AS person, t.site_id AS site, e.started_on FROM staffing_employment e JOIN kpi_team t ON t.id = e.team_id",
        [],
        SPELL,
    )
    found: dict[int, list[Walk]] = defaultdict(list)
    homes = _homes(steps, spells)
    for (person,), rows in steps.group_by("person", maintain_order=True):
        site = homes.get(person)
        if site is not None:
            found[site].append(walk(rows.select("to_role", "stage", "on").rows()))
    k = max(DEFAULT_K, settings.WELLBEING_MIN_GROUP)
    return {site: Offered(tuple(sorted(found[site], key=lambda each: (each.first, each.role))), k) for site in sites}


def _homes(steps: pl.DataFrame, spells: pl.DataFrame) -> Mapping[Any, int]:
    first = steps.group_by("person").agg(pl.col("on").min())
    at = spells.join(first, on="person").filter(pl.col("started_on") <= pl.col("on")).sort("person", "started_on", "site")
    return dict(at.unique("person", keep="last", maintain_order=True).select("person", "site").iter_rows())


def walk(steps: Sequence[tuple[str, str, date]]) -> Walk:
    """Of one person's (role, stage, day), oldest first."""
    places = [(STAGES.index(stage), on) for _role, stage, on in steps]
    reached = tuple(min((on for at, on in places if at >= place), default=None) for place in range(len(STAGES)))
    return Walk(steps[-1][0], reached)


def reached(walks: Sequence[Walk], end: date) -> list[int]:
    """How many had reached each stage before this day."""
    return [sum(1 for each in walks if (day := each.reached[place]) and day < end) for place in range(len(STAGES))]


def by_role(walks: Sequence[Walk], end: date, k: int) -> Register:
    """A line for each role that at least k people walk towards. Roles of fewer, and as many more as keep those from being subtracted
    out, make one line together. Counts leave in bands of five, shares in steps of five percent."""
    hidden = suppress_children(Counter(each.role for each in walks), k).hidden
    lines: dict[str, list[Walk]] = defaultdict(list)
    for each in walks:
        lines["" if each.role in hidden else each.role].append(each)
    names = sorted(lines, key=lambda role: (not role, role))
    head = (_("New role"), _("People offered it"), _("Enrolled"), _("Finished"), _("Placed"), _("Still there half a year later"))
    rest = _("all roles together") if names == [""] else _("other roles together")
    rows = tuple(_line(role or rest, lines[role], end) for role in names)
    return Register(_("By role: of the people offered it, how many came how far"), head, rows, "reskilling_pipeline")


def _line(role: str, walks: Sequence[Walk], end: date) -> tuple[str, ...]:
    offered, *later = reached(walks, end)
    shares = (f"{share_words(count / offered)}{words.NARROW}%" for count in later)
    return (role, count_band(offered, words.DASH), *shares)
