"""Working days of people, as rows of their team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import Max, Min

from kpi.frames import is_in, read_frame
from kpi.subject import Persons, Subject
from staffing.models import DAY_COUNTS, DAY_SECONDS, AgentDay

COLUMNS: dict[str, Any] = {
    "day": pl.Date,
    "site": pl.Int32,
    "team": pl.Int32,
    "agent": pl.Int64,
    **dict.fromkeys(DAY_SECONDS, pl.Float64),
    **dict.fromkeys(DAY_COUNTS, pl.Int32),
    "can_disable_prompts": pl.Boolean,
}
NAMES = {"site": "t.site_id", "team": "a.team_id"}


def read(days: Sequence[date]) -> pl.DataFrame:
    names = ", ".join(f"{NAMES.get(name, f'a.{name}')} AS {name}" for name in COLUMNS)
    condition, params = is_in("a.day", days)
    sql = f"SELECT {names} FROM staffing_agentday a JOIN kpi_team t ON t.id = a.team_id WHERE {condition}"  # noqa: S608
    return read_frame(sql, params, COLUMNS)


def days(horizon: date | None) -> Sequence[date]:
    found = AgentDay.objects.aggregate(first=Min("day"), last=Max("day"))
    first, last = found["first"], found["last"]
    return [] if first is None else [first + timedelta(step) for step in range((last - first).days + 1)]


def held(before: date) -> Sequence[date]:
    """Days before this one of which persons' rows are still there."""
    return list(AgentDay.objects.filter(day__lt=before).order_by("day").values_list("day", flat=True).distinct())


def delete(days: Sequence[date]) -> int:
    rows = AgentDay.objects.filter(day__in=days)
    return rows._raw_delete(rows.db) or 0


SUBJECT = Subject(
    key="agent_day",
    dimensions=("site", "team"),
    read=read,
    days=days,
    persons=Persons(held, delete),
    records={"staffing.AgentDay": frozenset()},
)
