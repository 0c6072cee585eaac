"""A small centre whose contacts come, change and go: for the tests of flags and totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from kpi import ledger
from kpi.metric import Measure
from kpi.models import DueKey, ImportRun, Interaction, Rollup, Site, Team
from kpi.packing import unpack
from kpi.slots import slot_table
from tests import factories

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
Cells = dict[tuple[str, str, str, int, date], dict[Any, float]]
MEASURES = (
    Measure("seen", "interaction", pl.lit(1), stratified=True),
    Measure("talk", "interaction", pl.col("talk_s"), squares=True, scale=10),
    Measure("first", "interaction", pl.when(pl.col("role") == 1).then(~pl.col("returned"))),
    Measure("came_back", "interaction", pl.col("returned"), stratified=True),
    Measure("people", "interaction", pl.col("agent"), peak=True, distinct=True),
    Measure("unit", "interaction", pl.col("csat_unit"), scale=100),
)


@dataclass(frozen=True)
class Contact:
    """One contact as a file would bring it."""

    ref: str
    customer: int | None
    hours: float  # after START
    minutes: float = 10
    intent: str = "billing"
    team: int = 0
    handled_by: str | None = "human"
    agent: int | None = 7


class World:
    """Two sites with their teams; stores contacts the way an import does, and marks what is due."""

    def __init__(self, zone: str = "UTC") -> None:
        self.zone = zone
        sites = [factories.SiteFactory(code=f"s{n}", zone=zone) for n in range(2)]
        self.teams: list[Team] = [factories.TeamFactory(code=f"t{n}", site=sites[n % 2]) for n in range(3)]
        self.queue = factories.QueueFactory()
        self.channels = [factories.ChannelFactory(code=code) for code in ("voice", "chat")]
        self.source = factories.DataSourceFactory()

    def store(self, contacts: Iterable[Contact]) -> None:
        """One file: new rows, changed rows (flags gone, old and new day due, old customer remembered), same rows."""
        run = factories.ImportRunFactory(source=self.source)
        touched = [day for contact in contacts for day in self._store(contact, run)]
        ledger.mark_due("interaction", touched)

    def _store(self, contact: Contact, run: ImportRun) -> list[date]:
        values = self.values(contact)
        stored = Interaction.objects.filter(external_id=contact.ref).first()
        if stored is None:
            Interaction.objects.create(source=self.source, external_id=contact.ref, run=run, first_run=run, **values)
            return [values["day"]]
        if all(getattr(stored, name) == value for name, value in values.items()):
            return []
        if stored.customer is not None:
            DueKey.objects.create(customer=stored.customer)
        Interaction.objects.filter(pk=stored.pk).update(**values, run=run, role=None, returned=None, repeat_day=None)
        return [stored.day, values["day"]]

    def remove(self, refs: Iterable[str]) -> None:
        for row in Interaction.objects.filter(external_id__in=list(refs)):
            ledger.mark_due("interaction", [row.day])
            if row.customer is not None:
                DueKey.objects.create(customer=row.customer)
            row.delete()

    def values(self, contact: Contact) -> dict[str, Any]:
        team = self.teams[contact.team]
        started = START + timedelta(hours=contact.hours)
        ended = started + timedelta(minutes=contact.minutes)
        return {
            "site": team.site, "team": team, "queue": self.queue, "channel": self.channels[contact.team % 2],
            "intent": factories.IntentFactory(code=contact.intent), "customer": contact.customer, "agent": contact.agent,
            "handled_by": contact.handled_by, "started_at": started, "ended_at": ended, "day": ended.astimezone(ZoneInfo(self.zone)).date(),
        }  # fmt: skip


def flags() -> dict[str, tuple[int | None, bool | None]]:
    return {ref: (role, returned) for ref, role, returned in Interaction.objects.values_list("external_id", "role", "returned")}


def cells(subject: str = "interaction", grain: str | None = None) -> Cells:
    """Every stored total by what it means: slot numbers may differ between two databases."""
    table = slot_table()
    rows = Rollup.objects.filter(subject=subject)
    if grain:
        rows = rows.filter(grain=grain)
    found: Cells = {}
    for row in rows:
        values = {table[slot]: value for slot, value in unpack(row.data).items()}
        found[row.subject, row.dimension, row.grain, row.member, row.start] = values
    return found


def added(parts: Iterable[Mapping[Any, float]]) -> dict[Any, float]:
    """Sum of vectors; measures that keep a peak cannot be added and are left out by the caller."""
    total: dict[Any, float] = {}
    for part in parts:
        for key, value in part.items():
            total[key] = total.get(key, 0) + value
    return total


def moved(contact: Contact, **changes: Any) -> Contact:
    return replace(contact, **changes)


__all__ = ["START", "Cells", "Contact", "Site", "World", "added", "cells", "flags", "moved"]
