"""Stored totals by hand: `store("pulse", "team", lark.pk, day, respondents=(12, 12))`."""

from __future__ import annotations

from datetime import date, timedelta

from kpi import registry
from kpi.models import DueDay, Rollup
from kpi.packing import pack
from kpi.slots import slot_ids

Figures = tuple[float, ...]  # n, sum, sum of squares


def store(subject: str, dimension: str, member: int, day: date, grain: str = "d", /, **measures: Figures) -> None:
    """One row; sums are given in the unit of the measure."""
    values = {}
    for key, figures in measures.items():
        scale = registry.measures()[key].scale
        for part, figure, size in zip("nsq", figures, (1, scale, scale**2), strict=False):
            values[key, part, 0] = round(figure * size)
    slots = slot_ids(values)
    data = pack({slots[key]: float(value) for key, value in values.items()})
    Rollup.objects.create(subject=subject, dimension=dimension, grain=grain, member=member, start=day, data=data)


def contacts(dimension: str, member: int, day: date, count: int, *, grain: str = "d", agents: int = 9) -> None:
    store("interaction", dimension, member, day, grain, contacts=(count, count), agents=(agents, agents))


def loaded(first: date, end: date) -> None:
    """The ledger of a span that was rolled up."""
    days = [first + timedelta(i) for i in range((end - first).days)]
    DueDay.objects.bulk_create([DueDay(subject="interaction", day=day, due=1, done=1) for day in days])
