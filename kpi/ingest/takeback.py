"""Take a stored file back: the rows it brought go, those it found and corrected (or confirmed) stay as they are and are counted."""

# ruff: noqa: S608 - names of tables and columns come from the models, values are parameters or ids

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop as _

from kpi import registry
from kpi.ingest import due
from kpi.ingest.layout import layout
from kpi.ingest.runs import patiently
from kpi.ingest.staging import quoted, sql
from kpi.mapping.stored import source_of_run
from kpi.models import ImportRun
from kpi.sentences import Count, Sentence
from kpi.source import Refused, Source
from kpi.steps import step


@dataclass(frozen=True)
class TakenBack:
    """`kept` rows were there before the file, and stay as it has them."""

    deleted: int
    kept: int
    message: str


def would_take_back(run: ImportRun) -> TakenBack:
    """What taking the run back would do; nothing is written."""
    deleted = kept = 0
    for source in _parts(run):
        rows = layout(source.stores).model._default_manager
        kept += rows.filter(run_id=run.pk).exclude(first_run_id=run.pk).count()
        deleted += rows.filter(first_run_id=run.pk, source_id=run.source_id).count()
    return TakenBack(deleted, kept, "")


def _parts(run: ImportRun) -> list[Source]:
    """The kinds of record its file held. Refused where this process does not know them: another one may have begun to, or ceased to."""
    try:
        main = source_of_run(run)
        return [main, *(registry.source(key) for key in main.also)]
    except registry.Unknown as unknown:
        text = _(
            "What the files of “%(source)s” hold is not known here. "
            "Where its kind was added since the site was started, start the site anew."
        )
        raise Refused(text, source=run.source.key) from unknown


def take_back(run: ImportRun) -> TakenBack:
    """Undo a run; the same file can be sent again afterwards."""
    return patiently(lambda: _take_back(run))


def _take_back(run: ImportRun) -> TakenBack:
    deleted = kept = 0
    with transaction.atomic():
        if not ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.DONE).update(state=ImportRun.State.TAKEN_BACK):
            raise Refused(_("Run %(run)s is %(state)s: only a run that is done can be taken back."), run=run.pk, state=run.state)
        step("take back claimed")
        for source in _parts(run):
            records = layout(source.stores)
            kept += records.model._default_manager.filter(run_id=run.pk).exclude(first_run_id=run.pk).count()
            deleted += _delete(source, run)
            step("take back deleted")
        text = _("Taken back: %(deleted)s rows deleted; %(kept)s rows that were there before stay as it has them.")
        said = Sentence(text, {"deleted": Count(deleted), "kept": Count(kept)})
        ImportRun.objects.filter(pk=run.pk).update(message=said.english, said=said.kept())
    run.refresh_from_db()
    return TakenBack(deleted, kept, str(said))


def _delete(source: Source, run: ImportRun) -> int:
    records = layout(source.stores)
    mine = f"(SELECT * FROM {quoted(records.table)} WHERE first_run_id = {run.pk} AND source_id = {run.source_id})"
    due.mark(records, due.touched(records, mine, run.source_id))
    if records.label == "kpi.Interaction":
        due.remember_customers(mine)
    return sql(f"DELETE FROM {quoted(records.table)} WHERE first_run_id = {run.pk} AND source_id = {run.source_id}")
