"""Stores sites, teams, policies, assumptions, sources and logins from a file; a second time changes nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpi.reference.load import Misfit, load


class Command(BaseCommand):
    help = "Stores what administrators keep (organisation.json). A second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--with-users", action="store_true", help="also the logins of the file, with the passwords written there")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            counts = load(content, with_users=options["with_users"])
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} is not a JSON file: {error}.") from None
        except Misfit as error:
            raise CommandError(f"{path}: {error}") from None
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing to store")
