"""Rejected rows corrected on a page: written as a file of their own, which takes the way of every file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kpi import ingest, tasks
from kpi.cells import protected
from kpi.ingest.receiving import receive
from kpi.ingest.reject import EXTRA
from kpi.models import ImportRun, RejectedRow
from kpi.source import Refused

MOST = 50  # rows corrected at once


def send_corrected(run: ImportRun, corrected: Mapping[int, Mapping[str, str]], user: Any) -> tuple[ImportRun, bool]:
    """{line: {column: text}} over the rejected rows of a run, of those that are there. The new run, and whether it existed."""
    rows = {row.line: row.row for row in RejectedRow.objects.filter(run=run, line__in=list(corrected))}
    if not rows:
        raise Refused(_("None of these rows is rejected any more."))
    columns = list(next(iter(rows.values())))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*columns, *(name for name in EXTRA if name not in columns)], restval="", extrasaction="ignore")
    writer.writeheader()
    for line, row in sorted(rows.items()):
        given = {name: value for name, value in corrected[line].items() if name in row}
        writer.writerow({name: protected(str(cell)) for name, cell in {**row, **given}.items()})
    arrived = receive([text.getvalue().encode()], f"corrected_{run.pk}.csv", f"user:{user.pk}")
    new, existed = ingest.open_run(arrived.path, run.source.key, user, mapping=run.mapping, corrects=run)
    if existed:
        ingest.discard(arrived.path)
    else:
        tasks.ring(tasks.run_import, new.pk)
    return new, existed
