"""Carry one export to its end: the page under the rights its owner has now, printed, kept for its owner alone."""

from __future__ import annotations

import logging
import os
import secrets
import traceback
from functools import partial

from django.contrib.auth.models import User
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from kpi.ingest.errors import is_interrupted
from kpi.models import Export
from kpi.printing import runs
from kpi.printing.browser import NoBrowser
from kpi.printing.document import NotPrintable, document_of
from kpi.printing.paper import Printed, print_document
from kpi.rights import NotAllowed, viewer_of
from kpi.steps import step
from kpi.version import one_version

logger = logging.getLogger(__name__)


def make(export_id: int) -> str:
    """Claim and print. What went wrong is a sentence in the row; a database that went away leaves it to the next bell."""
    attempt = runs.claim(export_id)
    if attempt is None:
        return "taken"
    export = Export.objects.select_related("owner").get(pk=export_id)
    with translation.override(export.language):
        try:
            _make(export, attempt)
        except runs.Lost:
            return "lost"
        except (NoBrowser, NotPrintable) as refused:
            runs.fail(export_id, attempt, str(refused))
            return "failed"
        except NotAllowed:
            runs.fail(export_id, attempt, _("Your rights do not allow this page any more."))
            return "failed"
        except Exception as error:
            return _stopped(export_id, attempt, error)
    return "done"


def _make(export: Export, attempt: int) -> None:
    """Everything of the page is read from one version of the data; the browser gets the finished document."""
    owner = User.objects.get(pk=export.owner_id)
    report = partial(runs.keep, export.pk, attempt)
    with one_version() as version:
        rights = runs.rights_key(viewer_of(owner))
        html = document_of(owner, export.address, export.form)
    report(30)
    step("export page made")
    printed = print_document(html, export.form, report)
    report(90)
    name = _store(export, attempt, printed)
    step("export file stored")
    made = {"file": name, "size": len(printed.content), "title": printed.title[:300], "made_with": rights, "made_from": version.all}
    try:
        runs.finish(export.pk, attempt, **made)
    except runs.Lost:
        (runs.folder() / name).unlink(missing_ok=True)
        raise


def _store(export: Export, attempt: int, printed: Printed) -> str:
    """Whole when it has its name; read by nobody else on the machine."""
    name = f"{export.pk}-{attempt}-{secrets.token_hex(8)}.{export.form}"
    draft = runs.folder() / f"{name}.part"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(printed.content)
    draft.replace(runs.folder() / name)
    return name


def _stopped(export: int, attempt: int, error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    at = f"{where.filename}:{where.lineno}"
    logger.error("export.stopped", extra={"run": export, "attempt": attempt, "error": type(error).__name__, "at": at})
    try:
        if is_interrupted(error):
            connection.close()
            runs.release(export, attempt)
            return "interrupted"
        runs.fail(export, attempt, _("The page could not be printed; the log says where it stopped."))
    except Exception as second:  # the database cannot even take this note: the lease runs out and the sweep sees to it
        logger.error("export.not_closed", extra={"run": export, "error": type(second).__name__})
    return "failed"
