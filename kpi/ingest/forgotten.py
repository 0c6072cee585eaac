"""A file does not bring back what was forgotten: rows of days of which only the totals are left are rejected, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpi import ledger
from kpi.ingest.due import DUE, own_day
from kpi.source import Reading, Source


def refusing_forgotten(source: Source) -> Source:
    """The source with one more problem its rows may have; the same source where nothing was forgotten."""
    due = DUE.get(source.stores)
    days = ledger.forgotten(due.subject) if due is not None and due.days is own_day else set()
    if not days:
        return source
    problem = pl.when(pl.col("day").is_in(sorted(days))).then(pl.lit("forgotten"))

    def check(reading: Reading) -> Mapping[str, pl.Expr]:
        found = dict(source.check(reading)) if source.check else {}
        return found | {"day": pl.coalesce(found["day"], problem) if "day" in found else problem}

    return replace(source, check=check)
