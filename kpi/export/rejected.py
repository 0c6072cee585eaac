"""Rows that were not stored, as a file: to be corrected and sent again; of private answers only where and what would be right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpi import ingest
from kpi.export.cells import render_csv
from kpi.export.rows import private_rejected_rows
from kpi.mapping.stored import known as source_known
from kpi.models import DataSource, ImportRun, RejectedRow


def is_private(source: DataSource) -> bool:
    """True for answers people gave about themselves; a format nobody knows any more is kept back too."""
    known = source_known(source)
    return known is None or known.private


def same_file(run: ImportRun) -> str:
    """What is said of a file that was sent before; of private answers no line is counted."""
    return _("This file was sent before.") if is_private(run.source) else ingest.same(run).message


def taken_back(run: ImportRun, done: ingest.TakenBack) -> str:
    """What is said of a file that was taken back; of private answers no row is counted."""
    return _("Taken back.") if is_private(run.source) else done.message


def rejected_rows_csv(run: ImportRun) -> str:
    """Every rejected row of a run; nothing in it runs in a spreadsheet."""
    if is_private(run.source):
        rows: Iterable[Sequence[Any]] = private_rejected_rows(RejectedRow.objects.filter(run=run).order_by("line"))
    else:
        file = io.StringIO()
        ingest.write_csv(run.pk, file)
        rows = csv.reader(io.StringIO(file.getvalue(), newline=""))
    return render_csv(rows)
