"""`manage.py reset_second_factor USER`: for who lost device and recovery codes, where no administrator can do it in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpi.accounts import factor, sessions


class Command(BaseCommand):
    help = "Takes the second factor of one account away and ends its sessions; the password stays. Be sure who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no such account.")
        if not factor.take_away(user):
            raise CommandError("This account has no second factor.")
        ended = sessions.end(user.pk)
        self.stdout.write(f"Taken away; {ended} sessions ended. The next log-in asks for the password alone.")
