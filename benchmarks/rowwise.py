"""Bar 3: the import of 50 000 contacts against django-import-export with the same checks, on the same rows.

    [DATABASE_URL=postgres://...] python -m benchmarks.rowwise [--rows 50000] [--slow-rows 5000] [--rounds 3]

Empties the contacts and runs of the database it is given. The other side is a `ModelResource` with the identity (source, external id)
that reads times, durations and closed lists, turns people into the same pseudonyms, creates codes as it meets them and rejects the
same rows. It is given a cache of its codes and no transaction of its own. Its time for a row does not depend on how many there are,
so it may be given fewer: rows per second are compared.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import tablib  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402

from kpi import cells  # noqa: E402
from kpi.models import Channel, DataSource, ImportRun, Intent, Interaction, Queue, Site, Team  # noqa: E402

fast = import_module("benchmarks.import")  # the generator of the rows and the timed import are its own
SECONDS, COUNTS = ("wait_s", "talk_s", "hold_s", "wrap_s"), ("transfers",)


class Moment(widgets.Widget):
    def clean(self, value: str, row: Any = None, **_: Any) -> datetime | None:
        if not value:
            return None
        found = datetime.fromisoformat(value)
        if found.tzinfo is None or not 1990 <= found.year <= 2200 or found > datetime.now(UTC):
            raise ValueError(f"not a time of the past with an offset: {value}")
        return found


class Seconds(widgets.Widget):
    def clean(self, value: str, row: Any = None, **_: Any) -> float | None:
        found = float(value) if value else None
        if found is not None and not 0 <= found <= cells.DAY_S:
            raise ValueError(f"not between 0 and a day: {value}")
        return found


class Count(widgets.Widget):
    def clean(self, value: str, row: Any = None, **_: Any) -> int | None:
        found = int(value) if value else None
        if found is not None and found < 0:
            raise ValueError(f"negative: {value}")
        return found


class Person(widgets.Widget):
    def clean(self, value: str, row: Any = None, **_: Any) -> int | None:
        return cells.pseudonym_of(value, settings.PSEUDONYM_KEY) if value else None


class Word(widgets.Widget):
    """One of a closed list, empty is unknown."""

    known: dict[str, Any] = {"ai": "ai", "human": "human", "hybrid": "hybrid"}

    def clean(self, value: str, row: Any = None, **_: Any) -> Any:
        return self.known[value] if value else None


class Truth(Word):
    known = {"true": True, "false": False}


def field(name: str, widget: widgets.Widget, column: str = "") -> fields.Field:
    return fields.Field(attribute=name, column_name=column or name, widget=widget)


class Contacts(resources.ModelResource):
    external_id = field("external_id", widgets.CharWidget())
    started_at, ended_at = field("started_at", Moment()), field("ended_at", Moment())
    agent, customer = field("agent", Person(), "agent_id"), field("customer", Person(), "customer_id")
    handled_by, abandoned, resolved = field("handled_by", Word()), field("abandoned", Truth()), field("resolved", Truth())
    wait_s, talk_s, hold_s, wrap_s = (field(name, Seconds()) for name in SECONDS)
    transfers = field("transfers", Count())

    class Meta:
        model = Interaction
        fields = ("external_id", "started_at", "ended_at", "agent", "customer", "handled_by", "abandoned", "resolved", *SECONDS, *COUNTS)
        import_id_fields = ("external_id",)
        skip_unchanged = True
        report_skipped = False

    def __init__(self, site: Site, source: DataSource, run: ImportRun) -> None:
        super().__init__()
        self.site, self.origin, self.run = site, source, run
        self.codes: dict[tuple[type, str], Any] = {}

    def get_queryset(self) -> Any:
        return Interaction.objects.filter(source=self.origin)

    def code(self, model: Any, text: str, **more: Any) -> Any:
        if (model, text) not in self.codes:
            self.codes[model, text] = model.objects.get_or_create(code=text, defaults={"name": text, **more})[0]
        return self.codes[model, text]

    def before_save_instance(self, instance: Interaction, row: Any, **_: Any) -> None:
        if instance.ended_at and instance.ended_at < instance.started_at:
            raise ValueError("ends before it starts")
        instance.source, instance.run, instance.first_run, instance.site = self.origin, self.run, self.run, self.site
        instance.queue, instance.channel = self.code(Queue, row["queue"]), self.code(Channel, row["channel"])
        instance.team, instance.intent = self.code(Team, row["team"], site=self.site), self.code(Intent, row["intent"])
        instance.day = (instance.ended_at or instance.started_at).date()


class InBulk(Contacts):
    class Meta(Contacts.Meta):
        use_bulk = True
        batch_size = 1000


def theirs(resource: type[Contacts], path: Path, rows: int) -> tuple[float, int]:
    """(rows per second, rows stored)"""
    fast.empty()
    site = Site.objects.get_or_create(code="bench", defaults={"name": "bench", "zone": "UTC"})[0]
    source = DataSource.objects.get_or_create(key="rowwise", defaults={"format": "interactions_csv", "site": site})[0]
    run = ImportRun.objects.create(source=source, checksum="1" * 64, file_name=path.name, state="done")
    started = perf_counter()
    data = tablib.Dataset().load("".join(path.open().readlines()[: rows + 1]), format="csv")
    resource(site, source, run).import_data(data, raise_errors=False, use_transactions=True, collect_failed_rows=False)
    return rows / (perf_counter() - started), Interaction.objects.count()


def ours(path: Path, rows: int) -> tuple[float, int]:
    fast.empty()
    seconds = float(str(fast.imported(path)["seconds"]))
    return rows / seconds, Interaction.objects.count()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--slow-rows", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    call_command("migrate", verbosity=0, skip_checks=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.csv"
        fast.generate(path, options.rows)
        sides = {
            "import": lambda: ours(path, options.rows),
            "django-import-export": lambda: theirs(Contacts, path, options.slow_rows),
            "django-import-export, use_bulk": lambda: theirs(InBulk, path, options.slow_rows),
        }
        found: dict[str, list[tuple[float, int]]] = {name: [] for name in sides}
        for _ in range(options.rounds):
            for name, work in sides.items():
                found[name].append(work())
        fast.empty()
    speed = {name: median(rate for rate, _ in rounds) for name, rounds in found.items()}
    print(
        f"{connection.vendor}, median of {options.rounds}; rows given: {options.rows:,} to the import, {options.slow_rows:,} to the others"
    )
    for name, rounds in found.items():
        print(f"  {name}: {speed[name]:,.0f} rows/s, {rounds[-1][1]:,} stored")
    for name in list(sides)[1:]:
        print(f"bar 3: import : {name} = {speed['import'] / speed[name]:.0f} x (at least 100)")


if __name__ == "__main__":
    main()
