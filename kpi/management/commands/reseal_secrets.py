"""`manage.py reseal_secrets`: after a new CONNECTION_KEY, seal every secret under it (of connections, of devices): the old key can go."""

from django.core.management.base import BaseCommand, CommandError

from kpi.accounts import factor
from kpi.models import Connection
from kpi.pulls import sealing, words
from kpi.vendor import Problem


class Command(BaseCommand):
    help = (
        "Seals the secrets of all connections and second factors under the present CONNECTION_KEY; those in CONNECTION_KEY_OLD open them."
    )

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
        devices, lost = factor.reseal()
        self.stdout.write(f"{done + devices} sealed under the present key.")
        if lost:
            wrong.append(f"{lost} second factors: no key opens them; their recovery codes are good, or reset them.")
        if wrong:
            raise CommandError("\n".join(wrong))
