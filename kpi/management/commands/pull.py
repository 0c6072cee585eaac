"""`manage.py pull KEY`: fetch what is new for one source and store it; --dry-run shows what the first page would do and stores nothing.

Exit code 0: stored, or nothing was new. 1: the vendor, the connection or the import said no; the position stays where it was.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpi import ingest, pulls, rollup
from kpi.ingest.telling import as_text, visible
from kpi.models import Connection
from kpi.pulls import words
from kpi.vendor import Problem


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day: write one like 2026-03-01.") from None


class Command(BaseCommand):
    help = "Fetches what is new from the vendor of a source. Connections are made in the admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="key of a source that has a connection")
        parser.add_argument("--since", type=day, help="fetch from this day on instead of going on from where the last file ended")
        parser.add_argument("--dry-run", action="store_true", help="ask for the first page, read and count it; store nothing")

    def handle(self, *args: object, **options: Any) -> None:
        connection = Connection.objects.select_related("source").filter(source__key=options["source"]).first()
        if connection is None:
            known = ", ".join(Connection.objects.values_list("source__key", flat=True)) or "none yet"
            raise CommandError(f"{options['source']}: no connection of this source; these exist: {known}. The admin makes one.")
        if options["dry_run"]:
            self._show(connection, options["since"])
            return
        stored = self._pull(connection, options["since"])
        while connection.more and connection.run_id is None and not connection.problem:
            stored = self._pull(connection, None) or stored
        if stored:
            rollup.roll_up_due()

    def _show(self, connection: Connection, since: date | None) -> None:
        try:
            outcome = pulls.preview(connection, since)
        except Problem as problem:
            raise CommandError(words.sentence(problem)) from None
        for line in as_text(outcome, connection.source.key) if outcome else ["Nothing is new. Nothing was stored."]:
            self.stdout.write(visible(line))

    def _pull(self, connection: Connection, since: date | None) -> bool:
        """True where a file was stored. `connection` is as it stands afterwards."""
        pulled = pulls.pull(connection.pk, since=since)
        if pulled.problem:
            raise CommandError(words.sentence(pulled.problem))
        if pulled.state == "taken":
            raise CommandError(
                "Somebody else is fetching for this source, or its last file still waits to be stored: try again in a minute."
            )
        outcome = ingest.store_patiently(pulled.run) if pulled.run else None
        if pulled.run:
            pulls.settle_run(pulled.run)
        connection.refresh_from_db()
        for line in as_text(outcome, connection.source.key) if outcome else ["Nothing is new."]:
            self.stdout.write(visible(line))
        if outcome and outcome.state == "failed":
            raise CommandError(visible(outcome.message))
        self.stdout.write(f"Everything is here up to {words.reached(connection)}.")
        return outcome is not None and outcome.stored
