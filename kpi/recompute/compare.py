"""Stored flags, totals and codes against a recomputation of everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from kpi import ledger, registry
from kpi.chains import FLAGS
from kpi.models import Rollup
from kpi.recompute.sweep import wrong_flags
from kpi.recompute.totals import parts, totals
from kpi.rollup import store
from kpi.rollup.vectors import ROW, Long, week_of
from kpi.slots import SlotTable, slot_table
from kpi.subject import Subject

EXACT = 2.0**53  # below, sums of whole numbers are exact; above (squares of long times), to fifteen digits
Progress = Callable[[int, int], None]
GRAINS = {store.DAY: "day", store.WEEK: "week"}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as a recomputation says. `place` names it in words; `subject` and the day or week it belongs to are empty
    where it concerns everything."""

    place: str
    stored: float | str | None
    recomputed: float | str | None
    subject: str = ""
    start: date | None = None
    grain: str = "day"

    def __str__(self) -> str:
        return f"{self.place}: stored {_text(self.stored)}, recomputed {_text(self.recomputed)}"


def _text(value: float | str | None) -> str:
    return "nothing" if value is None else f"{value:.17g}" if isinstance(value, float) else str(value)


def compare(progress: Progress | None = None) -> Iterator[Difference]:
    """Everything that differs. Days that are due are left out: their totals are known to wait (`waiting`)."""
    yield from _orphans()
    due = ledger.due()
    flags = wrong_flags(due.get("interaction", {}))
    for row in flags.iter_rows(named=True):
        stored, right = (", ".join(f"{name.replace('_', ' ')} {row[before + name]}" for name in FLAGS) for before in ("was_", ""))
        yield Difference(f"contact {row['id']} of {row['day']}: flags", stored, right, "interaction", row["day"])
    work = [part for subject in registry.subjects().values() for part in parts(subject)]
    for number, (subject, days) in enumerate(work, start=1):
        yield from _compare_part(subject, days, flags, set(due.get(subject.key, {})))
        if progress:
            progress(number, len(work))
    for subject in registry.subjects().values():
        yield from _outside(subject, {week_of(day) for owner, days in work if owner is subject for day in days})


def waiting() -> dict[str, int]:
    """{subject: days that are due}: not compared."""
    return {subject: len(days) for subject, days in ledger.due().items()}


def _compare_part(subject: Subject, days: list[date], flags: pl.DataFrame, due: set[date]) -> Iterator[Difference]:
    found = totals(subject, days, flags)
    weeks = sorted({week_of(day) for day in days})
    kept_days = [day for day in days if day not in due]
    kept_weeks = [week for week in weeks if week not in {week_of(day) for day in due}]
    for grain, longs, starts in ((store.DAY, found.days, kept_days), (store.WEEK, found.weeks, kept_weeks)):
        right = longs.filter(pl.col("start").is_in(starts))
        yield from _differences(subject.key, GRAINS[grain], store.read_starts(subject.key, grain, starts), right)


def _differences(subject: str, grain: str, stored: Long, right: Long) -> Iterator[Difference]:
    both = stored.join(right, on=[*ROW, "slot"], how="full", coalesce=True, suffix="_right")
    value, other = pl.col("value"), pl.col("value_right")
    same = (value == other) | ((value.abs() > EXACT) & ((value - other).abs() <= value.abs() * 1e-15 * 64))
    table = slot_table()
    for dimension, member, start, slot, was, now in both.filter(~same.fill_null(False)).sort(*ROW, "slot").iter_rows():
        name = _slot_name(table, slot)
        yield Difference(f"{subject}, {dimension} {member}, {grain} {start}, {name}", was, now, subject, start, grain)


def _slot_name(table: SlotTable, slot: int) -> str:
    parts_of_speech = {"n": "count", "s": "sum", "q": "squares"}
    try:
        measure, part, stratum = table[slot]
    except KeyError:
        return f"slot {slot}, which no measure has"
    return f"{measure} ({parts_of_speech[part]})" + (f" of {stratum}" if stratum else "")


def _outside(subject: Subject, weeks: set[date]) -> Iterator[Difference]:
    """Totals of weeks in which there are no records at all."""
    rows = Rollup.objects.filter(subject=subject.key).order_by("grain", "start").values_list("dimension", "grain", "start").distinct()
    due = {week_of(day) for day in ledger.due(subject.key).get(subject.key, {})}
    for dimension, grain, start in rows:
        if week_of(start) not in weeks | due:
            place = f"{subject.key}, {dimension}, {GRAINS[grain]} {start}"
            yield Difference(place, "totals", "no records", subject.key, start, GRAINS[grain])


def _orphans() -> Iterator[Difference]:
    """Codes that name nothing: the large tables carry no foreign keys in the database."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and not getattr(field, "db_constraint", True):
                yield from _orphans_of(model, field)


def _orphans_of(model: type[Model], field: ForeignKey) -> Iterator[Difference]:  # type: ignore[type-arg]
    table, target = model._meta.db_table, field.related_model._meta.db_table
    sql = (
        f'SELECT {field.column}, count(*) FROM "{table}" WHERE {field.column} IS NOT NULL '  # noqa: S608
        f'AND {field.column} NOT IN (SELECT id FROM "{target}") GROUP BY {field.column} ORDER BY 1'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for code, count in cursor.fetchall():
            yield Difference(
                f"{model._meta.label}.{field.name}: {count} rows", f"id {code}", f"no such {field.related_model._meta.verbose_name}"
            )
