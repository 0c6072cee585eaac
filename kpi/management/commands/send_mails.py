"""`manage.py send_mails`: send the mails of the day, as the night does. Prints counts, never what a mail says."""

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand

from kpi import night, watch
from kpi.mail.late import SENTENCES
from kpi.mail.morning import morning
from kpi.mail.sending import deliver


class Command(BaseCommand):
    help = (
        "Asks for the mails of the day once the night is complete and sends what waits; evaluates the alerts where no night did. "
        "Nothing is sent twice."
    )

    def handle(self, *args: object, **options: object) -> None:
        day = night.today()
        lacking = night.why_open(day)
        for code in lacking:
            self.stdout.write(f"The night is not complete. {SENTENCES[code]}")
        changed = 0 if lacking or night.states(day) else watch.watch()
        found = Counter(deliver(mail) for mail in morning())
        self.stdout.write(
            f"{changed} alerts changed their state. Mails: {', '.join(f'{n} {state}' for state, n in found.items()) or 'none'}."
        )
        if found and settings.EMAIL_BACKEND.endswith(".Files"):
            self.stdout.write(f"They lie in {settings.EMAIL_FILE_PATH}.")
