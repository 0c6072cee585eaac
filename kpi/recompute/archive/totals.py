"""Totals from the archive, month by month: no more than one month of contacts is in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from kpi import chains, ledger, registry
from kpi.recompute.archive.chain import folder_of, write_flags
from kpi.recompute.archive.files import Month, Outdated, months, verify
from kpi.recompute.totals import Recomputed
from kpi.recompute.writing import write_part
from kpi.reporting import joined
from kpi.rollup.vectors import LONG, Long, add_up, columns_of, to_weeks, total_up, week_of
from kpi.slots import peak_slots
from kpi.subjects import interaction as contacts

SUBJECT = contacts.SUBJECT
Progress = Callable[[int, int], None]


def recompute(folder: Path, progress: Progress | None = None) -> list[date]:
    """Rewrites the totals of every whole week the archive holds; their days. Raises Outdated."""
    archive = months(folder)
    if not archive:
        raise Outdated(f"{folder}: no month is archived; write them with manage.py archive_months {folder}.")
    verify(archive)
    border = week_of(archive[-1].end)
    days = [archive[0].first + timedelta(step) for step in range((border - archive[0].first).days)]
    before = ledger.versions(SUBJECT.key, days)
    with TemporaryDirectory(dir=folder) as name:
        write_flags(archive, Path(name))
        waiting = None
        for number, month in enumerate(archive, start=1):
            waiting = _write_month(month, _totals_of(month, Path(name)), waiting, before, border)
            if progress:
                progress(number, len(archive))
    return days


def _write_month(month: Month, totals: Long, waiting: Long | None, before: dict[date, int], border: date) -> Long:
    """Writes the weeks that are complete with this month; the days of the last week wait for the next one."""
    known = totals if waiting is None else pl.concat([waiting, totals])
    end = min(week_of(month.end), border)
    ready = known.filter(pl.col("start") < end)
    first = week_of(month.first) if waiting is not None else month.first
    days = [first + timedelta(step) for step in range((end - first).days)]
    peaks = peak_slots(registry.measures_of(SUBJECT.key))
    write_part(SUBJECT, days, {day: before[day] for day in days if day in before}, Recomputed(ready, add_up(to_weeks(ready), peaks)))
    return known.filter(pl.col("start") >= end)


def _totals_of(month: Month, scratch: Path) -> Long:
    """Week by week, so that the values of all measures lie side by side for some of the contacts only."""
    measures = registry.measures_of(SUBJECT.key)
    wanted = contacts.needed(columns_of(SUBJECT, measures))
    frame = _with_flags(month, scratch, wanted)
    weeks = frame.with_columns(pl.col("day").dt.truncate("1w").alias("_week")).partition_by("_week", include_key=False)
    return pl.concat([pl.DataFrame(schema=LONG), *(total_up(joined(contacts.judged(week, wanted)), SUBJECT, measures) for week in weeks)])


def _with_flags(month: Month, scratch: Path, wanted: frozenset[str]) -> pl.DataFrame:
    stored = pl.scan_parquet(month.path)
    names = [name for name in stored.collect_schema().names() if name in wanted | {"customer"} and name not in chains.FLAGS]
    files = sorted(folder_of(scratch, month.first).glob("*.parquet"))
    schema = {"id": pl.Int64, **{name: contacts.STORED[name] for name in chains.FLAGS}}
    flags = pl.scan_parquet(files).select(list(schema)) if files else pl.LazyFrame(schema=schema)
    frame = stored.select(names).join(flags, on="id", how="left").collect()
    role = pl.when(pl.col("customer").is_null()).then(pl.lit(chains.UNIDENTIFIED, dtype=pl.Int16)).otherwise("role")
    return frame.with_columns(role.alias("role"))
