"""`manage.py restore FOLDER`: a backup into an empty database and DATA_DIR."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kpi import backup


class Command(BaseCommand):
    help = "Brings a backup back into an empty database. Refuses before anything is changed where key, kind or checksum do not fit."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that manage.py backup made")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        try:
            held = backup.restore(folder)
        except backup.Unfit as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Restored what was there at {held['made_at']}. Now: manage.py migrate, then manage.py check_data.")
