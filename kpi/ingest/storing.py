"""Store or preview a file: one code path. Read and check into staging, then one transaction for all of it."""

# ruff: noqa: S608 - names of tables and columns come from the models, values are parameters or ids

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kpi import registry
from kpi.ingest import due, reject, runs, saying, staging
from kpi.ingest.ahead import ahead
from kpi.ingest.forgotten import refusing_forgotten
from kpi.ingest.layout import layout
from kpi.ingest.merge import Merge
from kpi.ingest.order import ALONE, Order, order_of
from kpi.ingest.outcome import NOTHING, Outcome, Progress, Report, silent
from kpi.ingest.saying import of_fates
from kpi.ingest.shape import Shaper
from kpi.mapping.stored import is_mapped, source_of, source_of_run
from kpi.models import DataSource, ImportRun
from kpi.reading import look, read_blocks, told_hours
from kpi.sentences import Sentence
from kpi.source import Block, DateOrder, Fates, FileFacts, Reading, Source
from kpi.steps import step

FATES = ("new", "changed", "unchanged", "repeated", "rejected", "joined")
ROWS = 25_000  # read at a time: memory grows with it, speed no longer does
BEAT = 2  # seconds between two extensions of the lease while reading
STEPS = (
    "import claimed", "import staged a block", "import staged", "import checked", "import compared", "import updated",
    "import inserted", "import marked due", "import kept rejected", "import finished", "import published",
)  # fmt: skip


@dataclass
class Part:
    """One kind of record of the file; a source may name further ones that the same run stores."""

    source: Source
    merge: Merge
    shaper: Shaper
    lines: int = 0
    rejected: int = 0
    repeated: int = 0
    joined: int = 0
    fates: Fates = NOTHING
    evidence: dict[str, Sentence] = field(default_factory=dict)  # of a further kind; that of the first is the file's


@dataclass
class Job:
    """One file on its way. `run` and `attempt` are None for a preview."""

    path: Path
    origin: DataSource
    source: Source
    now: float
    report: Report = silent
    run: int | None = None
    attempt: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    rows: int = 0
    share: float = 0.0
    kept_at: float = field(default_factory=time.monotonic)

    def keep(self, rows: int = 0) -> None:
        """Extend the lease; while reading now and then is enough."""
        if self.run is not None and (rows or time.monotonic() - self.kept_at > BEAT):
            runs.keep(self.run, self.attempt, rows)
            self.kept_at = time.monotonic()


def preview(path: Path, key: str, report: Report = silent, chosen: runs.Chosen = runs.AS_BEFORE) -> Outcome:
    """What storing this file would do, counted by the same statements; nothing is written."""
    origin = runs.data_source(key, chosen, save=False)
    return preview_of(path, origin, source_of(origin), report=report)


def preview_of(path: Path, origin: DataSource, source: Source, *, first: int = 0, report: Report = silent) -> Outcome:
    """As `preview`, of a source that need not be stored yet; with the fate of each of the first lines that can be read."""
    job = Job(path, origin, source, timezone.now().timestamp(), report)
    with _tables():
        _stage(job)
        with staging.temporary():
            staging.plan_generously()
            for part in job.parts:
                _compare(part, {})
            shown = job.parts[0].merge.first_fates(first) if first else {}
        return Outcome("preview", "Nothing was stored.", job.parts[0].fates, None, reject.first_rejected(), _facts(job), shown)


def store_claimed(run: ImportRun, attempt: int, report: Report = silent) -> Outcome:
    """Store the file of a run that was claimed; raises whatever goes wrong, and then nothing of it is stored."""
    step("import claimed")
    job = Job(Path(run.path), run.source, source_of_run(run), run.created_at.timestamp(), report, run.pk, attempt, dict(run.facts))
    with _tables():
        _stage(job)
        job.keep(1 + job.rows)
        report(Progress("storing", job.rows, 1.0))
        runs.patiently(lambda: _merge(job))
        step("import finished")
        for part in job.parts:
            staging.know_size(part.merge.layout.table, part.fates.new)
        return Outcome("done", str(_said(job)), job.parts[0].fates, run.pk, reject.first_rejected(), _facts(job))


@contextmanager
def _tables() -> Iterator[None]:
    """Temporary tables live as long as the work; a broken connection takes them with it."""
    staging.make_bad()
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            _drop_all()


def _drop_all() -> None:
    for place in range(4):
        Merge(layout("kpi.Interaction"), 0, place).close()
    staging.drop(staging.BAD)


def _stage(job: Job) -> None:
    """Every row of the file into a staging table or the list of rejected ones."""
    for place, source in enumerate((job.source, *(registry.source(key) for key in job.source.also))):
        site = job.origin.site
        if site is None:
            raise LookupError("a data source has a site")
        records = layout(source.stores)
        source = refusing_forgotten(source)
        part = Part(source, Merge(records, job.origin.pk or 0, place), Shaper(records, source, site))
        job.parts.append(part)
        part.merge.open()
        seen = _read(job, part)
        if job.run is None and not place:  # for whoever decides whether to store it
            job.facts |= told_hours(job.path, source, seen, _reading(job, part, seen))
        part.merge.analyze()
        step("import staged")
        _check(job, part, seen)
        step("import checked")


def _read(job: Job, part: Part) -> FileFacts:
    origin = job.origin
    chosen: dict[str, Any] = {} if is_mapped(origin) else {  # what a mapping says nobody chooses beside it
        "encoding": origin.encoding, "delimiter": origin.delimiter, "date_order": DateOrder(origin.date_order),
    }  # fmt: skip
    seen = look(job.path, part.source, zone=_zone(job, part), **chosen)
    if part is job.parts[0]:
        job.facts.update(_evidence(seen))
    else:
        part.evidence = dict(seen.evidence)
    for frame, block in ahead(_shaped(job, part, seen)):
        staging.fill(part.merge.staged, frame)
        staging.keep_bad(block.rejected, private=part.source.private)
        part.lines += block.lines
        part.joined += block.joined
        part.rejected += len({item.line for item in block.rejected})
        job.rows += block.lines
        job.keep()
        job.report(Progress("reading", job.rows, job.share))
        step("import staged a block")
    return seen


def _shaped(job: Job, part: Part, seen: FileFacts) -> Iterator[tuple[pl.DataFrame, Block]]:
    def hear(done: int) -> None:
        job.share = min(1.0, done / max(1, seen.size))

    for block in read_blocks(job.path, part.source, seen, _reading(job, part, seen), rows=ROWS, progress=hear):
        yield part.shaper.shape(block.accepted), block


def _reading(job: Job, part: Part, seen: FileFacts) -> Reading:
    return Reading(_zone(job, part), job.now, settings.PSEUDONYM_KEY, seen.date_order, seen.decimal_comma)


def _zone(job: Job, part: Part) -> str | None:
    return (None if is_mapped(job.origin) else job.origin.zone) or part.source.zone or None


def _evidence(seen: FileFacts) -> dict[str, Any]:
    return {
        "encoding": seen.encoding, "delimiter": seen.delimiter, "compressed": seen.compressed, "date_order": str(seen.date_order),
        "decimal_comma": seen.decimal_comma, "header": list(seen.header), **saying.as_seen(seen.evidence), "size": seen.size,
    }  # fmt: skip


def _check(job: Job, part: Part, seen: FileFacts) -> None:
    """Ids that occur twice in the file."""
    if not part.shaper.may_repeat():
        return
    part.repeated, found = part.merge.drop_repeats()
    if found:
        named = reject.Clashes(part.source, found)
        for block in read_blocks(job.path, named.source, seen, _reading(job, part, seen), rows=ROWS):
            staging.keep_bad(named.only(block.rejected), private=part.source.private)
        part.rejected += len(named.others)


def _compare(part: Part, created: dict[str, dict[int, int]], order: Order = ALONE) -> str:
    """Count the fates; gives the staged rows as they will be stored."""
    incoming = part.merge.incoming(created)
    changed, unchanged = part.merge.compare(incoming, order)
    new = staging.number(f"SELECT count(*) FROM {part.merge.staged}") - changed - unchanged
    part.fates = Fates(part.lines, new, changed, unchanged, part.repeated, part.rejected, part.joined)
    return incoming


def _merge(job: Job) -> None:
    """The one transaction: records, ledger, rejected rows and the run itself. Accepted means committed."""
    run = job.run or 0
    with transaction.atomic():
        runs.hold(run, job.attempt)
        staging.plan_generously()
        if staging.postgres():
            staging.sql("SELECT pg_advisory_xact_lock(7242, %s)", [job.origin.pk])
        order = order_of(ImportRun.objects.get(pk=run))
        for part in job.parts:
            _write(part, job, order)
        reject.keep(run)
        step("import kept rejected")
        fates = {name: getattr(job.parts[0].fates, name) for name in ("lines", *FATES)}
        done = ImportRun.objects.filter(pk=run, attempt=job.attempt, state=ImportRun.State.RUNNING).update(
            state=ImportRun.State.DONE, finished_at=timezone.now(), lease_until=None, facts=_facts(job),
            message=_said(job).english, said=_said(job).kept(), **fates,
        )  # fmt: skip
        if not done:
            raise runs.Lost(run)


def _write(part: Part, job: Job, order: Order) -> None:
    run, merge, records = job.run or 0, part.merge, part.merge.layout
    created = {f"{name}_id": codes.create(part.shaper.site) for name, codes in part.shaper.codes.items() if codes.found}
    staging.drop(merge.match, merge.renamed)
    merge.rename_codes(created)
    incoming = _compare(part, created, order)
    step("import compared")
    days = _confirm(merge, run, order)
    if part.fates.changed:
        old = merge.differing()
        days |= due.touched(records, old, merge.source)
        if records.label == "kpi.Interaction":
            due.remember_customers(old)
        merge.update(incoming, run)
    step("import updated")
    if part.fates.new:
        part.fates = replace(part.fates, new=merge.insert(incoming, run))
    step("import inserted")
    if part.fates.new or part.fates.changed:
        days |= due.touched(records, f"(SELECT * FROM {incoming} s {merge.not_the_same()})", merge.source)
    if days or part.fates.new or part.fates.changed:
        due.mark(records, days)
    step("import marked due")


def _confirm(merge: Merge, run: int, order: Order) -> set[date]:
    """Before anything is changed. A row whose flags are being computed meanwhile is skipped there: its day is due again."""
    if not order.before_open:
        return set()
    days = due.touched(merge.layout, merge.confirmed(order.before_open), merge.source) if merge.layout.computed else set()
    merge.confirm(order.before_open, run)
    return days


def _facts(job: Job) -> dict[str, Any]:
    site = job.parts[0].shaper.site
    new = [codes.sentence(site) for part in job.parts for codes in part.shaper.codes.values() if codes.found]
    also = {part.source.key: {**vars(part.fates), **saying.as_seen(part.evidence)} for part in job.parts[1:]}
    facts = {**saying.as_new(new), "also": also, "overtaken": sum(part.merge.overtaken for part in job.parts)}
    return {**job.facts, **{name: found for name, found in facts.items() if found}}


def _said(job: Job) -> Sentence:
    return of_fates(job.parts[0].fates, sum(part.merge.overtaken for part in job.parts))
