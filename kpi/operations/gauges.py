"""What is to be watched by a machine, read from the rows at the moment it is asked for. States, ages and queues of jobs and files.

Never a figure of the product: no saving, no satisfaction, nothing of what people answered, not how many did, and nobody's name. A source
of what people answered about themselves is left out altogether.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Max
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from kpi import night, registry
from kpi.models import Connection, DueDay, Export, ImportRun, Night, Sending
from kpi.operations.ready import MB, broker_answers, free_mb

PREFIX = "counterweight_"
STATES = tuple(ImportRun.State.values)


class Collector:
    """For Prometheus; asked once for each reading."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        yield _by("import_runs", "Files by state, of all sources.", "state", _runs())
        yield _by(
            "source_age_seconds",
            "Since the last file of a source was taken in, or its vendor was asked and had nothing new.",
            "source",
            _ages(now),
        )
        yield _by("jobs_waiting", "Jobs that wait for a worker, by kind.", "kind", _waiting())
        yield _by("pull_failures", "Pulls of a source that failed one after the other.", "source", _failures())
        yield _one("due_days", "Days whose totals are not up to date.", _due())
        yield _one("broker_up", "Whether the broker answers (1) or not (0).", broker_answers())
        yield _one("disk_free_bytes", "Room on the disk of DATA_DIR.", free_mb() * MB)
        yield _one("night_complete", "Whether this night is in, rolled up and checked (1) or not (0).", not night.why_open(night.today()))
        last = Night.objects.exclude(checked_at=None).order_by("-day").first()
        if last is not None and last.checked_at is not None:
            age = (now - last.checked_at).total_seconds()
            yield _one("check_age_seconds", "Since totals were last compared with a recomputation.", age)
            yield _one("check_differences", "Totals that were found otherwise then; anything but 0 is an error.", last.differences or 0)


def written() -> bytes:
    """As Prometheus reads it."""
    registry_of_ours = CollectorRegistry()
    registry_of_ours.register(Collector())
    return generate_latest(registry_of_ours)


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, words, value=float(value))


def _by(name: str, words: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family


def _public() -> list[str]:
    """Formats whose files hold nothing that people answered about themselves."""
    return [source.key for source in registry.sources().values() if not source.private]


def _runs() -> dict[str, float]:
    found = ImportRun.objects.filter(source__format__in=_public()).order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(STATES, 0.0) | {state: float(count) for state, count in found}


def _ages(now: datetime) -> dict[str, float]:
    done = ImportRun.objects.filter(source__format__in=_public(), state=ImportRun.State.DONE, finished_at__isnull=False)
    last = dict(done.order_by().values_list("source__key").annotate(last=Max("finished_at")))
    asked = Connection.objects.filter(source__format__in=_public(), succeeded_at__isnull=False).values_list("source__key", "succeeded_at")
    heard = [*last.items(), *asked]  # a vendor that was asked and had nothing is as good as a file
    return {key: min((now - moment).total_seconds() for name, moment in heard if name == key) for key, _moment in heard}


def _waiting() -> dict[str, float]:
    return {
        "import": ImportRun.objects.filter(state=ImportRun.State.QUEUED, source__format__in=_public()).count(),
        "export": Export.objects.filter(state=Export.State.QUEUED).count(),
        "mail": Sending.objects.filter(state=Sending.State.WAITING).count(),
    }


def _failures() -> dict[str, float]:
    return {key: float(n) for key, n in Connection.objects.filter(active=True).values_list("source__key", "failures")}


def _due() -> int:
    return DueDay.objects.filter(due__gt=F("done")).values("day").distinct().count()
