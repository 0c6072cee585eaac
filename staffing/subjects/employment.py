"""People employed: one row per spell and day employed, and one on the day it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import Min

from kpi.frames import read_frame
from kpi.subject import Subject
from staffing.models import Employment

SPELL: dict[str, Any] = {
    "id": pl.Int64, "site": pl.Int32, "team": pl.Int32, "agent": pl.Int64, "started_on": pl.Date, "ended_on": pl.Date,
    "end_kind": pl.Enum(Employment.End.values), "contract_fte": pl.Float64,
}  # fmt: skip


def read(days: Sequence[date]) -> pl.DataFrame:
    """`headcount` is 1 on one row of each person, team and day employed and 0 on the others; `leaver` is True on the day a
    person left of their own will, null where the kind of the end is not known."""
    sql = (
        "SELECT e.id, t.site_id AS site, e.team_id AS team, e.agent, e.started_on, e.ended_on, e.end_kind, e.contract_fte "
        "FROM staffing_employment e JOIN kpi_team t ON t.id = e.team_id "
        "WHERE e.started_on <= %s AND (e.ended_on IS NULL OR e.ended_on >= %s)"
    )
    schema = {**SPELL, "day": pl.Date, "headcount": pl.Int32, "leaver": pl.Boolean}
    if not days:
        return pl.DataFrame(schema=schema)
    spells = read_frame(sql, [max(days), min(days)], SPELL)
    rows = spells.join(pl.DataFrame({"day": sorted(days)}, schema={"day": pl.Date}), how="cross")
    rows = rows.filter((pl.col("day") >= pl.col("started_on")) & (pl.col("ended_on").is_null() | (pl.col("day") <= pl.col("ended_on"))))
    ends = (pl.col("day") == pl.col("ended_on")).fill_null(False)
    rows = rows.with_columns(ends.alias("_ends")).sort("day", "team", "agent", "_ends", "started_on", "id")
    first = pl.int_range(pl.len()).over("day", "team", "agent") == 0
    return rows.with_columns(
        (first & ~pl.col("_ends")).cast(pl.Int32).alias("headcount"),
        pl.when("_ends").then(pl.col("end_kind") == "voluntary").otherwise(False).alias("leaver"),
        pl.when(~pl.col("_ends")).then("contract_fte").alias("contract_fte"),
    ).drop("_ends")


def days(horizon: date | None) -> Sequence[date]:
    """From the first spell to the last day with contacts."""
    first = Employment.objects.aggregate(first=Min("started_on"))["first"]
    return [] if first is None or horizon is None else [first + timedelta(step) for step in range((horizon - first).days)]


def until(horizon: date | None) -> date:
    """Nobody is counted beyond the data."""
    return horizon or date.min


SUBJECT = Subject(
    key="employment",
    dimensions=("site", "team"),
    read=read,
    days=days,
    until=until,
    records={"staffing.Employment": frozenset()},
)
