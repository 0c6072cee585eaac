"""Which of two files is the newer one: the one that came later, whenever each is stored.

A file has its place by its run. The same bytes sent once more after they failed, and rows of it that were rejected and corrected, keep
the place of the first run (`ImportRun.stands_for`). A row that a later file wrote stays as that file has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Coalesce

from kpi.models import DataSource, ImportRun

PLACE = Coalesce(F("stands_for"), F("pk"))
State = ImportRun.State
MAY_COME = (State.QUEUED, State.RUNNING, State.FAILED)  # a failed one may be run again


@dataclass(frozen=True)
class Order:
    """Conditions in SQL over the rows `t` of the source, by the run that wrote them; empty where no row can meet them."""

    later: str = ""  # written by a file that came after this one
    before_open: str = ""  # written by a file that came before one which may still be stored, and which came before this one


ALONE = Order()


def place(run: ImportRun) -> int:
    return run.stands_for_id or run.pk


def stands_for(source: DataSource, checksum: str) -> int | None:
    """The run whose place a further run of these bytes takes: the first that failed with them."""
    failed = ImportRun.objects.filter(source=source, checksum=checksum, state=State.FAILED)
    return failed.annotate(place=PLACE).order_by("place").values_list("place", flat=True).first()


def corrects(source: DataSource, runs: Iterable[int]) -> int | None:
    """The run whose place a file of corrected rows takes: that of the run that rejected them, of several the one that came first, so that
    no correction beats a file that came after what it corrects."""
    found = ImportRun.objects.filter(source=source, pk__in=list(runs)).annotate(place=PLACE)
    return found.order_by("place").values_list("place", flat=True).first()


def order_of(run: ImportRun) -> Order:
    """As it is now: to be asked inside the transaction that stores, where no other of the source stores meanwhile."""
    runs = ImportRun.objects.filter(source=run.source_id).annotate(place=PLACE)
    mine = place(run)
    later = runs.filter(pk__gt=mine, place__gt=mine).exists()
    stored = runs.filter(state=State.DONE).exclude(stands_for=None).values("place")
    still = runs.filter(state__in=MAY_COME, place__lt=mine).exclude(pk=run.pk).exclude(place__in=stored)
    last = still.order_by("-place").values_list("place", flat=True).first()
    moved = dict(runs.exclude(stands_for=None).values_list("pk", "place"))
    return Order(
        _condition(">", mine, (pk for pk, its in moved.items() if pk > mine >= its), "AND", "NOT IN") if later else "",
        _condition("<", last, (pk for pk, its in moved.items() if pk >= last > its), "OR", "IN") if last is not None else "",
    )


def _condition(sign: str, limit: int, moved: Iterable[int], link: str, among: str) -> str:
    """By number, but for runs whose place is not their number."""
    others = ", ".join(map(str, moved))
    plain = f"t.run_id {sign} {limit:d}"
    return f"({plain} {link} t.run_id {among} ({others}))" if others else f"({plain})"
