"""The run row is the truth: who may work on a file, since when, how it ended. A message is only a bell."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from kpi import registry
from kpi.ingest.choices import check_choices
from kpi.ingest.errors import is_busy
from kpi.ingest.order import corrects as corrected
from kpi.ingest.order import place, stands_for
from kpi.mapping.stored import is_mapped, newest, source_of
from kpi.models import DataSource, ImportRun, Site, SourceMapping
from kpi.reading import checksum, runs_of
from kpi.sentences import Sentence
from kpi.source import Refused

LEASE = timedelta(seconds=12)
ROWS_PER_SECOND = 25_000  # a slow machine: how much longer the lease of a large merge is
ATTEMPTS = 3
WAITS_TOO_LONG = timedelta(seconds=5)
FARTHEST = timedelta(minutes=30)  # no lease reaches farther: one that does was given before the clock was put back
SILENCE = timedelta(seconds=30)  # the sweep rings every few seconds: where it has not for so long, nobody sweeps
PATIENCE = 180  # seconds to wait for another writer of SQLite
OPEN = (ImportRun.State.QUEUED, ImportRun.State.RUNNING)

T = TypeVar("T")


@dataclass(frozen=True)
class Chosen:
    """What a person chose for a source; empty: as it was chosen before, or as the file shows."""

    zone: str = ""
    site: str = ""
    date_order: str = ""
    encoding: str = ""
    delimiter: str = ""


AS_BEFORE = Chosen()


class Lost(Exception):
    """Another worker has taken the run over: stop without writing anything."""


def patiently(action: Callable[[], T]) -> T:
    """SQLite has one writer at a time: wait for it, an import is never in a hurry."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return action()
        except OperationalError as error:
            if not is_busy(error) or connection.in_atomic_block or time.monotonic() > until:
                raise
            time.sleep(0.2)


def data_source(key: str, chosen: Chosen = AS_BEFORE, *, save: bool = True) -> DataSource:
    """The source of this key; made when a registered format bears that name. What is chosen is remembered."""
    source = DataSource.objects.select_related("site").filter(key=key).first() or DataSource(key=key, format=registry.source(key).key)
    _refuse_companions(source)
    check_choices(vars(chosen))
    wanted = {name: value for name, value in vars(chosen).items() if value and name != "site"}
    if wanted and is_mapped(source):
        said = ", ".join(name.replace("_", "-") for name in wanted)
        text = _("%(source)s is read with a mapping, which says this already (%(said)s): make a new version of the mapping instead.")
        raise Refused(text, source=source.key, said=said)
    for name, value in wanted.items():
        setattr(source, name, value)
    if chosen.site:
        source.site = Site.objects.filter(code=chosen.site).first() or Site(code=chosen.site, name=chosen.site, zone=_zone(source))
    if source.site is None:
        source.site = only_site(source)
    if save and source.site.pk is None:
        source.site.save()
        source.site = source.site
    if save and (wanted or source.pk is None or source.site_id != _stored_site(source)):
        source.save()
    return source


def companions() -> dict[str, str]:
    """{format: the format that reads it along}"""
    return {key: main.key for main in registry.sources().values() for key in main.also}


def _refuse_companions(source: DataSource) -> None:
    """Records that another source reads from the same file would be stored twice."""
    if main := companions().get(source.format):
        text = _("%(source)s is read from the same file by %(main)s: import the file with --source %(main)s, which stores both.")
        raise Refused(text, source=source.key, main=main)


def _made(key: str, chosen: Chosen) -> DataSource:
    """Two people may send the first file of a source in the same moment: the second finds what the first made."""
    try:
        with transaction.atomic():
            return data_source(key, chosen)
    except IntegrityError:
        return data_source(key, chosen)


def _stored_site(source: DataSource) -> int | None:
    return DataSource.objects.filter(pk=source.pk).values_list("site", flat=True).first()


def _zone(source: DataSource) -> str:
    return source.zone or (source_of(source).zone if source.pk or not is_mapped(source) else None) or settings.TIME_ZONE


def only_site(source: DataSource) -> Site:
    sites = list(Site.objects.order_by("pk")[:2])
    if len(sites) == 1:
        return sites[0]
    return Site.objects.filter(code="main").first() or Site(code="main", name="Main", zone=_zone(source))


def open_run(
    path: Path,
    key: str,
    user: Any = None,
    *,
    again: bool = False,
    chosen: Chosen = AS_BEFORE,
    mapping: SourceMapping | None = None,
    corrects: ImportRun | None = None,
) -> tuple[ImportRun, bool]:
    """The run of this file, and whether it existed before (the same bytes of the same source, read in the same way).

    A mapped source reads it with the version that holds now, or with `mapping`. What `corrects` rows of a run is no newer than it: on a
    page, or in a file that says of which run its rows are."""
    digest = checksum(path)
    source = patiently(lambda: _made(key, chosen))
    version = mapping or newest(source)
    first = place(corrects) if corrects else corrected(source, runs_of(path)) or stands_for(source, digest)
    make = {"file_name": path.name[:255], "path": str(path.resolve()), "size": path.stat().st_size, "mapping": version}
    make["stands_for_id"] = first
    same = ImportRun.objects.filter(source=source, checksum=digest, mapping=version).exclude(state__in=["failed", "taken_back"])
    if not same.exists():
        try:
            return patiently(lambda: _create(source, digest, user, make)), False
        except IntegrityError:  # somebody else sent it in this very moment
            pass
    run = same.get()
    if again and run.state == ImportRun.State.DONE:
        ImportRun.objects.filter(pk=run.pk, state=run.state).update(
            state=ImportRun.State.QUEUED,
            attempt=0,
            path=make["path"],
            facts={**run.facts, "earlier": [*run.facts.get("earlier", ()), _history(run)]},
        )
        run.refresh_from_db()
        return run, False
    return run, True


def _create(source: DataSource, digest: str, user: Any, make: dict[str, Any]) -> ImportRun:
    with transaction.atomic():
        return ImportRun.objects.create(source=source, checksum=digest, created_by=user, rung_at=timezone.now(), **make)


def _history(run: ImportRun) -> dict[str, Any]:
    counts = {name: getattr(run, name) for name in ("lines", "new", "changed", "unchanged", "repeated", "rejected", "joined")}
    return {**counts, "finished_at": str(run.finished_at)}


def requeue(run: ImportRun) -> bool:
    """Try a failed run again; False when it is not failed, or its file was sent again meanwhile."""
    try:
        with transaction.atomic():
            return bool(
                ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.FAILED).update(
                    state=ImportRun.State.QUEUED, attempt=0, message="", rung_at=timezone.now(), lease_until=None
                )
            )
    except IntegrityError:
        return False


def unheard(run: int) -> None:
    """The bell for this run was lost: the next sweep rings for it, and its page says so."""
    ImportRun.objects.filter(pk=run, state=ImportRun.State.QUEUED).update(rung_at=None)


def waits_in_vain(run: ImportRun) -> bool:
    """Its bell was lost, or was rung long ago and neither a worker nor the sweep has been there since."""
    now = timezone.now()
    if run.state != ImportRun.State.QUEUED or (run.rung_at is not None and abs(now - run.rung_at) < SILENCE):
        return False
    at_work = ImportRun.objects.filter(state=ImportRun.State.RUNNING, lease_until__gt=now)
    return run.rung_at is None or not at_work.exists()


def any_waits_in_vain() -> bool:
    """Files wait and nothing is read: the worker or its queue is away."""
    oldest = ImportRun.objects.filter(state=ImportRun.State.QUEUED).order_by(F("rung_at").asc(nulls_first=True)).first()
    return oldest is not None and waits_in_vain(oldest)


def may_be_claimed(run: ImportRun) -> bool:
    """Nobody works on it: it waits, or whoever had it let its lease run out."""
    return run.state == ImportRun.State.QUEUED or ImportRun.objects.filter(_left_behind(timezone.now()), pk=run.pk).exists()


def _left_behind(now: datetime) -> Q:
    """Runs that nobody keeps any more: whoever is at work renews the lease, by the clock as it is now."""
    return Q(state=ImportRun.State.RUNNING) & (Q(lease_until__lt=now) | Q(lease_until__gt=now + FARTHEST))


def take_over(run: ImportRun, path: Path) -> bool:
    """Make a run that was left to itself ready to be claimed for this file; False when it had its attempts and is now failed."""
    mine = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt, state=run.state)
    if run.attempt >= ATTEMPTS:
        _give_up(run, timezone.now())
        return False
    if not Path(run.path).exists():  # sent again from another place
        patiently(lambda: mine.update(path=str(path.resolve())))
    return True


def claim(run: int) -> int | None:
    """Take the run: the number of this attempt, None when somebody else has it or it is over."""
    now = timezone.now()
    free = Q(state=ImportRun.State.QUEUED) | _left_behind(now)
    row = ImportRun.objects.filter(pk=run).values_list("attempt", flat=True).first()
    if row is None:
        return None
    mine = ImportRun.objects.filter(free, pk=run, attempt=row).filter(attempt__lt=ATTEMPTS)
    taken = patiently(
        lambda: mine.update(state=ImportRun.State.RUNNING, attempt=F("attempt") + 1, lease_until=now + LEASE, started_at=now, message="")
    )
    return row + 1 if taken else None


def keep(run: int, attempt: int, rows: int = 0) -> None:
    """Extend the lease, or stop here if the run is no longer ours."""
    until = timezone.now() + min(LEASE + timedelta(seconds=rows / ROWS_PER_SECOND), FARTHEST / 2)  # longer merges are kept by their locks
    mine = ImportRun.objects.filter(pk=run, attempt=attempt, state=ImportRun.State.RUNNING)
    if not patiently(lambda: mine.update(lease_until=until)):
        raise Lost(run)


def hold(run: int, attempt: int) -> None:
    """Inside the storing transaction: lock the run, so that nobody takes it over before the commit."""
    if not ImportRun.objects.select_for_update().filter(pk=run, attempt=attempt, state=ImportRun.State.RUNNING).exists():
        raise Lost(run)


def fail(run: int, attempt: int, said: Sentence) -> None:
    mine = ImportRun.objects.filter(pk=run, attempt=attempt, state=ImportRun.State.RUNNING)
    over = {"state": ImportRun.State.FAILED, "finished_at": timezone.now(), "lease_until": None}
    patiently(lambda: mine.update(message=said.english, said=said.kept(), **over))


def release(run: int, attempt: int) -> None:
    """Give the run back: the next bell starts it again."""
    mine = ImportRun.objects.filter(pk=run, attempt=attempt, state=ImportRun.State.RUNNING)
    mine.update(state=ImportRun.State.QUEUED, lease_until=None, rung_at=timezone.now())


def sweep() -> list[int]:
    """Runs whose bell must ring again; those that had their attempts are failed and say so."""
    with transaction.atomic():
        return _sweep(timezone.now())


def _sweep(now: Any) -> list[int]:
    skip = connection.features.has_select_for_update_skip_locked
    rows = ImportRun.objects.select_for_update(skip_locked=skip, of=("self",) if skip else ())
    rung = Q(rung_at__isnull=True) | Q(rung_at__lt=now - WAITS_TOO_LONG) | Q(rung_at__gt=now + WAITS_TOO_LONG)
    waiting = Q(state=ImportRun.State.QUEUED) & rung
    ring = []
    for run in rows.filter(waiting | _left_behind(now)).order_by("pk"):
        if run.attempt >= ATTEMPTS:
            _give_up(run, now)
        else:
            ImportRun.objects.filter(pk=run.pk).update(rung_at=now)
            ring.append(run.pk)
    return ring


def _give_up(run: ImportRun, now: Any) -> None:
    text = _("Stopped after %(count)s attempts, each of which ended without a word. Import the file again; the log says more.")
    said = Sentence(text, {"count": run.attempt})
    mine = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt, state=run.state)
    mine.update(state=ImportRun.State.FAILED, finished_at=now, lease_until=None, message=said.english, said=said.kept())
