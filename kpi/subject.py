"""What is rolled up: a kind of record with its days, dimensions and columns. A plain type; reading is the subject's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl


@dataclass(frozen=True)
class Persons:
    """Rows about single persons, which live only until the totals of their day are final (kpi/retention.py)."""

    days: Callable[[date], Sequence[date]]  # those before this one that still have rows
    delete: Callable[[Sequence[date]], int]  # the rows of these days; how many


@dataclass(frozen=True)
class Subject:
    """A kind of record that is rolled up by day, and how its rows are read.

    `read(days)` gives a frame with one row per record of those days and the columns: day (Date), site, team, queue,
    channel, intent (Int32 ids, null = none), plus whatever its measures use; for subjects with strata also
    `stratum` (Int32 id). `dimensions` names the columns that get rollup rows of their own, beside "all" and "cell".

    `days(horizon)` lists every day that can have records; `horizon` is the first day without data. For large subjects
    `narrow(days, columns, ids)` gives the same rows with only these columns (and only the records of these ids).
    `until(horizon)` is for subjects whose days come with the calendar and not with a file (a spell of employment, a wave
    that closes): days before it are rolled up whether a file touched them or not, later ones wait.
    `persons` is for rows that are deleted after retention, while their totals stay.
    `spans()` lists what was announced and is read as one on its last day: (first day, None where nobody said it; last day).
    `records` are the kinds of record its rows are made of, each with the columns it alone brings; without any, every row needs it.
    `computed` names columns that are filled in after the import: a day with an unknown one waits for its next turn.
    """

    key: str
    dimensions: tuple[str, ...]
    read: Callable[[Sequence[date]], pl.DataFrame]
    strata: bool = False
    days: Callable[[date | None], Sequence[date]] | None = None
    narrow: Callable[[Sequence[date], frozenset[str], Sequence[int] | None], pl.DataFrame] | None = None
    until: Callable[[date | None], date] | None = None
    computed: tuple[str, ...] = ()
    records: Mapping[str, frozenset[str]] = field(default_factory=dict)
    persons: Persons | None = None
    spans: Callable[[], Sequence[tuple[date | None, date]]] | None = None
