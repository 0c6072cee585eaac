"""`manage.py reseal_secrets`: after a new CONNECTION_KEY, seal every secret under it, so that the old key can be taken away."""

from django.core.management.base import BaseCommand, CommandError

from kpi.models import Connection
from kpi.pulls import sealing, words
from kpi.vendor import Problem


class Command(BaseCommand):
    help = "Seals the secrets of all connections under the present CONNECTION_KEY; those in CONNECTION_KEY_OLD open them."

    def handle(self, *args: object, **options: object) -> None:
        done, wrong = 0, []
        for connection in Connection.objects.exclude(sealed="").select_related("source"):
            was = connection.sealed
            try:
                sealing.reseal(connection)
            except Problem as problem:
                wrong.append(f"{connection.source.key}: {words.sentence(problem)}")
            else:
                done += Connection.objects.filter(pk=connection.pk, sealed=was).update(sealed=connection.sealed)
        self.stdout.write(f"{done} sealed under the present key.")
        if wrong:
            raise CommandError("\n".join(wrong))
