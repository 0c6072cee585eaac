"""`manage.py backup FOLDER`: the database and the files that wait, as they are in one moment, into a new folder."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kpi import backup


class Command(BaseCommand):
    help = (
        "Copies the database and the files that wait into a new folder, while the site goes on. No key is in it: keep PSEUDONYM_KEY apart."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder of its own; it is made")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        try:
            held = backup.store(folder)
        except backup.Unfit as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"{folder}: {held['database']} and the files that wait, of {held['made_at']}. Restore it with: manage.py restore {folder}"
        )
