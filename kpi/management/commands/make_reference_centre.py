"""Writes the reference centre: the files its systems would send, its organisation, and the truths planted in it."""

import re
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpi.reference.centre import make_centre
from kpi.reference.plan import SIZES
from kpi.reference.timeline import last_sunday_before
from kpi.reference.truth import truth
from kpi.reference.write import write_centre

SMALLEST, LARGEST = 5_000, 20_000_000


class Command(BaseCommand):
    help = "Writes a generated contact centre whose true numbers are known: CSV files, organisation.json, manifest.json, truth.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", default="demo", help=f"{', '.join(SIZES)}, or a number of contacts")
        parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same files")
        parser.add_argument("--out", required=True, help="a new or empty folder")
        parser.add_argument("--end", help="the Sunday on which the last week ends, as YYYY-MM-DD; default: the last one before today")

    def handle(self, *args: Any, **options: Any) -> None:
        size, end, folder = read_size(options["size"]), read_end(options["end"]), Path(options["out"])
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder: choose another, or empty it.")
        if options["seed"] < 0:
            raise CommandError(f"--seed {options['seed']} is not understood: write a whole number from 0.")
        centre = make_centre(end=end, size=size, seed=options["seed"])
        sent = write_centre(centre, folder, truth)
        rows = sum(item.rows for item in sent)
        self.stdout.write(f"{centre.contacts.height} contacts, 78 weeks to {end}: {len(sent)} files with {rows} rows in {folder}")


def read_size(text: str) -> int:
    if text in SIZES:
        return SIZES[text]
    if not re.fullmatch(r"[0-9]{1,9}", text) or not SMALLEST <= int(text) <= LARGEST:
        raise CommandError(f"--size {text} is not understood: write {', '.join(SIZES)}, or a number from {SMALLEST} to {LARGEST}.")
    return int(text)


def read_end(text: str | None) -> date:
    if text is None:
        return last_sunday_before(timezone.localdate())
    try:
        end = date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--end {text} is not a date: write YYYY-MM-DD.") from None
    if end.weekday() != 6:
        raise CommandError(f"--end {text} is a {end:%A}: the centre's weeks end on a Sunday; {last_sunday_before(end)} is one.")
    return end
