"""`manage.py import_file FILE --source KEY`: store a file, or show with --preview what storing it would do.

Exit code 0: stored (rejected rows are listed), known already, previewed or queued. 1: refused or failed, nothing stored.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from kpi import guide, ingest, registry, rollup, tasks
from kpi.ingest.errors import sentence
from kpi.ingest.telling import Bar, as_object, as_text, visible
from kpi.source import Refused

DATE_ORDERS = ("day_first", "month_first", "iso")


class Command(BaseCommand):
    help = "Imports one file. What is chosen here (time zone, date order, ...) is remembered for the source."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--source", default="", help="key of the source, e.g. interactions_csv; --list names them all")
        parser.add_argument("--list", action="store_true", help="name every format there is, and whether anybody has verified it")
        parser.add_argument("--markdown", action="store_true", help="with --list: the page docs/sources.md")
        parser.add_argument("--preview", action="store_true", help="read, check and count; store nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--zone", default="", help="time zone of times without an offset, e.g. Europe/Lisbon")
        parser.add_argument("--site", default="", help="code of the site of rows whose team is not known")
        parser.add_argument("--date-order", default="", choices=("", *DATE_ORDERS), help="how a date of three numbers is read")
        parser.add_argument("--encoding", default="", help="e.g. utf-8, utf-16, cp1252")
        parser.add_argument("--delimiter", default="", help="one character, or tab")
        parser.add_argument("--again", action="store_true", help="merge once more although the same file was imported before")
        parser.add_argument("--queue", action="store_true", help="leave the work to a worker")
        parser.add_argument("--no-roll-up", action="store_true", help="store only; the totals are brought up to date later")
        parser.add_argument("--rejected", type=Path, metavar="OUT.csv", help="write all rejected rows of the file here")

    def handle(self, *args: object, **options: Any) -> None:
        if options["list"]:
            known = registry.sources().values()
            self.stdout.write(
                guide.page(known, registry.vendors().values()) if options["markdown"] else "\n".join(guide.told(known)), ending=""
            )
            return
        if not options["file"] or not options["source"]:
            raise CommandError("name a file and its --source; --list names the sources.")
        path: Path = options["file"]
        self.quiet = options["verbosity"] == 0
        try:
            outcome = self._import(path, options)
        except (Refused, OSError, DatabaseError) as error:
            text = "there is no such file" if isinstance(error, FileNotFoundError) else sentence(error)
            outcome = ingest.Outcome("failed", f"{path}: {text}" if isinstance(error, OSError) else text)
        except registry.Unknown as error:
            outcome = ingest.Outcome("failed", str(error))
        self._tell(outcome, path, options)
        if not outcome.stored and outcome.state != "queued":
            raise CommandError("nothing of this file was stored." if options["json"] else visible(outcome.message), returncode=1)

    def _import(self, path: Path, options: dict[str, Any]) -> ingest.Outcome:
        delimiter = {"tab": "\t", "\\t": "\t"}.get(options["delimiter"], options["delimiter"])
        chosen = ingest.Chosen(options["zone"], options["site"], options["date_order"], options["encoding"], delimiter)
        bar = Bar(sys.stderr) if not self.quiet else None
        try:
            if options["preview"]:
                return ingest.preview(path, options["source"], bar or ingest.silent, chosen)
            return self._store(path, chosen, bar or ingest.silent, options)
        finally:
            if bar:
                bar.close()

    def _store(self, path: Path, chosen: ingest.Chosen, report: ingest.Report, options: dict[str, Any]) -> ingest.Outcome:
        run, existed = ingest.open_run(path, options["source"], again=options["again"], chosen=chosen)
        if existed and ingest.may_be_claimed(run) and not ingest.take_over(run, path):
            run, existed = ingest.open_run(path, options["source"], chosen=chosen)  # the old one had its attempts
        if options["queue"] and (not existed or ingest.may_be_claimed(run)):
            tasks.ring(tasks.run_import, run.pk)
            return ingest.Outcome("queued", f"Run {run.pk} is queued.", run=run.pk)
        if existed and not ingest.may_be_claimed(run):
            return ingest.same(run)
        outcome = ingest.store_patiently(run.pk, report)
        if outcome.state == "taken":
            run.refresh_from_db()
            outcome = ingest.same(run)
        if outcome.state == "done" and not options["no_roll_up"]:
            rollup.roll_up_due()
        return outcome

    def _tell(self, outcome: ingest.Outcome, path: Path, options: dict[str, Any]) -> None:
        if options["rejected"] and outcome.run and outcome.stored:
            with options["rejected"].open("w", newline="", encoding="utf-8") as file:
                ingest.write_csv(outcome.run, file)
        if options["json"]:
            self.stdout.write(re.sub(r"[\x7f-\x9f]", _escaped, json.dumps(as_object(outcome), ensure_ascii=False, default=str)))
        elif outcome.stored and not self.quiet:
            for line in as_text(outcome, path.name):
                self.stdout.write(visible(line))
        elif outcome.state == "queued":
            self.stdout.write(outcome.message)


def _escaped(found: re.Match[str]) -> str:
    """The control characters that JSON itself leaves as they are."""
    return f"\\u{ord(found[0]):04x}"
