"""The files of the archive: one parquet for each month, in the order of customers, and beside it a note of what the database held
when it was written. The note is written last: a month without one is not there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Min

from kpi.frames import read_frame
from kpi.models import Interaction
from kpi.subjects import interaction as contacts

ROW_GROUP = 65_536  # rows that are skipped together where their customers are not asked for
RECORDED = frozenset(contacts.STORED) | contacts.ANSWERS | contacts.INVITATIONS | contacts.REVIEWS | contacts.PAIRS
ATTACHED = ("kpi_customeranswer", "kpi_invitation", "kpi_qualityreview")
IDENTITY: dict[str, Any] = {"id": pl.Int64, "source": pl.Int64, "ref": pl.String}
SUMS = "count(*), coalesce(sum({0}.id), 0), coalesce(sum({0}.run_id), 0)"


class Outdated(Exception):
    """The archive does not hold what the database holds, or has a gap."""


@dataclass(frozen=True)
class Month:
    """One month of the archive."""

    first: date
    path: Path
    rows: int
    content: str  # what the database held of it when it was written
    left: bool = False  # its contacts are in the database no more

    @property
    def end(self) -> date:
        """The first day after it."""
        return following(self.first)


def following(first: date) -> date:
    return (first + timedelta(31)).replace(day=1)


def months(folder: Path) -> list[Month]:
    """What the folder holds, in order. Raises Outdated where a month between two others is missing."""
    found = [_read(note) for note in sorted(folder.glob("????-??.json"))]
    for month, later in pairwise(found):
        if month.end != later.first:
            raise Outdated(f"{folder}: {month.end:%Y-%m} is missing; write it with manage.py archive_months {folder}.")
    return found


def _read(note: Path) -> Month:
    known = json.loads(note.read_text())
    return Month(
        date.fromisoformat(f"{note.stem}-01"), note.with_suffix(".parquet"), known["rows"], known["content"], known.get("left", False)
    )


def write(folder: Path, until: date) -> Iterator[tuple[Month, bool]]:
    """Every month that ended by `until`, from the first contact on, and whether it was written anew: what stands is left."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {month.first: month for month in months(folder)}
    first = Interaction.objects.aggregate(first=Min("day"))["first"]
    month = min([*known, *([first.replace(day=1)] if first else [])], default=until)
    while following(month) <= until:
        standing, held = known.get(month), content(month, following(month))
        if standing and (standing.left or standing.content == held):
            yield standing, False
        else:
            yield _write(folder, month, held), True
        month = following(month)


def mark_left(month: Month) -> None:
    """For whoever deletes the contacts of a month from the database: from now on its file is believed. Without this, contacts that are
    missing count as taken back."""
    _put(month.path.with_suffix(".json"), lambda place: place.write_text(_note(month.rows, month.content, left=True)))


def _note(rows: int, held: str, *, left: bool = False) -> str:
    return json.dumps({"rows": rows, "content": held, "left": left})


def _write(folder: Path, first: date, held: str) -> Month:
    path, note = folder / f"{first:%Y-%m}.parquet", folder / f"{first:%Y-%m}.json"
    note.unlink(missing_ok=True)
    frame = _recorded(first, following(first))
    _put(path, lambda place: frame.write_parquet(place, row_group_size=ROW_GROUP))
    _put(note, lambda place: place.write_text(_note(frame.height, held)))
    return Month(first, path, frame.height, held)


def _put(path: Path, save: Any) -> None:
    part = path.with_name(path.name + ".part")
    save(part)
    os.replace(part, path)


def _recorded(first: date, end: date) -> pl.DataFrame:
    condition = ("i.day >= %s AND i.day < %s", [first, end])
    named = "SELECT i.id, i.source_id AS source, i.external_id AS ref FROM kpi_interaction i"
    identity = read_frame(f"{named} WHERE {condition[0]}", condition[1], IDENTITY)
    return contacts.recorded(condition, RECORDED).join(identity, on="id").sort("customer", "id", nulls_last=True)


def content(first: date, end: date) -> str:
    """A text that changes with the records of these days: a new or corrected one has another run, one taken back is missing."""
    condition, params = "i.day >= %s AND i.day < %s", [first, end]
    statements = [f"SELECT {SUMS.format('i')} FROM kpi_interaction i WHERE {condition}"]  # noqa: S608
    for table in ATTACHED:
        joined = f"kpi_interaction i JOIN {table} a ON a.interaction_ref = i.external_id"
        statements.append(f"SELECT {SUMS.format('a')} FROM {joined} WHERE {condition}")  # noqa: S608
    found: list[int] = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)
            found += [int(value) for value in cursor.fetchone()]
    return " ".join(map(str, found))


def verify(archive: Sequence[Month]) -> None:
    """Raises Outdated for the first month that is not as the database has it. A month that left the database is believed."""
    for month in archive:
        if not month.left and content(month.first, month.end) != month.content:
            folder = month.path.parent
            raise Outdated(f"{month.path}: contacts of {month.first:%Y-%m} changed; write it anew with manage.py archive_months {folder}.")
