"""`manage.py send_mails`: evaluate the alerts and send the mails of the day, as the night does. Prints counts, never what a mail says."""

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand

from kpi import night
from kpi.mail.late import SENTENCES
from kpi.mail.morning import alerts_of_the_night, morning
from kpi.mail.sending import deliver


class Command(BaseCommand):
    help = "Evaluates alerts once the night is complete, asks for the mails of the day and sends what waits. Nothing is sent twice."

    def handle(self, *args: object, **options: object) -> None:
        for lacking in night.why_open(night.today()):
            self.stdout.write(f"The night is not complete. {SENTENCES[lacking]}")
        changed = alerts_of_the_night()
        found = Counter(deliver(mail) for mail in morning())
        self.stdout.write(
            f"{changed} alerts changed their state. Mails: {', '.join(f'{n} {state}' for state, n in found.items()) or 'none'}."
        )
        if found and settings.EMAIL_BACKEND.endswith(".Files"):
            self.stdout.write(f"They lie in {settings.EMAIL_FILE_PATH}.")
