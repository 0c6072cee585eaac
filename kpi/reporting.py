"""Reporting groups (metrics.md C2): from the day a group holds, whatever its teams do is counted as the group's.

It happens once, where records become totals, on both routes. A record is in exactly one row, a team's or its group's, so that no two
figures can be subtracted to tell the teams of a group apart; a wave is counted by the groups that hold on its closing day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from kpi.models import ReportingGroup


def joined(frame: pl.DataFrame) -> pl.DataFrame:
    """Records (with the columns day and team) under the row they are counted in."""
    if "team" not in frame.columns or frame.is_empty():
        return frame
    columns = ("members", "row", "valid_from")
    team = pl.col("team")
    for member, row, start in ReportingGroup.objects.filter(members__isnull=False).order_by("pk").values_list(*columns):
        team = pl.when((pl.col("team") == member) & (pl.col("day") >= start)).then(pl.lit(row, dtype=pl.Int32)).otherwise(team)
    return frame.with_columns(team.alias("team"))


Groups = dict[int, list[tuple[date, int]]]


def rows_by_day() -> Groups:
    """{team of a file: (from which day on, the row it is counted in)}; empty where there is no group."""
    found: Groups = {}
    for member, row, start in ReportingGroup.objects.filter(members__isnull=False).values_list("members", "row", "valid_from"):
        found.setdefault(member, []).append((start, row))
    return found


def counted_as(groups: Groups, team: int, day: date) -> int:
    """The row a contact of this team and day is counted in."""
    return next((row for start, row in groups.get(team, ()) if day >= start), team)


def rows_of(teams: Iterable[int]) -> frozenset[int]:
    """The groups any of these teams is in, as the teams they are counted as."""
    return frozenset(ReportingGroup.objects.filter(members__in=list(teams)).values_list("row", flat=True))


def members_of(teams: Iterable[int]) -> frozenset[int]:
    """The teams of a file that are counted in these rows: themselves, and the teams of those that are groups."""
    known = frozenset(teams)
    return known | frozenset(ReportingGroup.objects.filter(row__in=known).values_list("members", flat=True))
