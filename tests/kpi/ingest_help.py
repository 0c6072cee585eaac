"""Small files, and how they are put in: shared by the tests of the import."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from kpi import ingest
from kpi.models import DueDay

START = "2026-03-02T09:00:00Z"
Row = Mapping[str, object]


class Died(BaseException):
    """Stands for a process that is killed: no handler of ours catches it."""


def write(path: Path, rows: Iterable[Row]) -> Path:
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def contact(ref: str, **values: object) -> Row:
    row = {
        "external_id": ref,
        "started_at": START,
        "ended_at": "",
        "channel": "voice",
        "queue": "care",
        "team": "Lark",
        "customer_id": "kim",
        "talk_s": "60",
    }
    return {**row, **values}


def put(path: Path, rows: Iterable[Row], source: str = "interactions_csv", **options: bool) -> ingest.Outcome:
    run, existed = ingest.open_run(write(path, rows), source, **options)
    return ingest.same(run) if existed else ingest.store(run.pk)


def due_days(subject: str) -> set[date]:
    return set(DueDay.objects.filter(subject=subject, due__gt=0).values_list("day", flat=True))
