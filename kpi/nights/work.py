"""What each step of the night does. Every one may be cut off anywhere and done again: running twice equals running once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.utils import timezone

from kpi import looks, night, printing, publishing, retention, rollup, traces, watch
from kpi import pulls as fetching
from kpi.mail.morning import ask_digests
from kpi.models import Connection, ImportRun, Night
from kpi.night import Said
from kpi.nights.checking import tally
from kpi.recompute.compare import compare

logger = logging.getLogger(__name__)
ROUNDS = 3  # files may come while others are added up
Work = Callable[[date], Said]


class Later(Exception):
    """Not yet: what it waits for is under way. This was no attempt."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.said: Said = [(code, facts)]


class Failed(Exception):
    """It ended, and its result is that it failed: trying again by itself would say the same."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.said: Said = [(code, facts)]


def pulls(_day: date) -> Said:
    """Every connected source is fetched; one that cannot be is named and stops no other. What came is rung for by the sweep."""
    connected = Connection.objects.filter(active=True)
    if not connected.exists():
        return [("nothing", {})]
    opened = fetching.pull_due(timezone.now(), everything=True)
    troubled = sorted(connected.exclude(problem=None).values_list("source__key", flat=True))
    trouble: list[tuple[str, Mapping[str, object]]] = (
        [("not_fetched", {"n": len(troubled), "names": ", ".join(troubled)})] if troubled else []
    )
    return [("fetched", {"n": len(opened)}), *trouble]


def imports(day: date) -> Said:
    """Every file that is here is read. One that failed is told on the page of the data; its source is late in its time."""
    if count := night.files_open():
        raise Later("reading", n=count)
    last = Night.objects.filter(day__lt=day).exclude(began_at=None).first()
    since = last.began_at if last and last.began_at else timezone.now() - timedelta(1)
    runs = ImportRun.objects.filter(finished_at__gte=since)
    return [("files", {"n": runs.count(), "failed": runs.filter(state=ImportRun.State.FAILED).count()})]


def totals(_day: date) -> Said:
    done = 0
    for _ in range(ROUNDS):
        done += rollup.roll_up_due()
        if not night.totals_open():
            return [("days", {"n": done})]
    raise Later("days_wait")


def check(_day: date) -> Said:
    """Differences are an error of ours and are logged as one."""
    found = tally(compare())
    night.checked(found.count, found.as_json())
    if found.count:
        logger.error("check.differs", extra={"differences": found.count})
        raise Failed("differs", n=found.count)
    return [("agrees", {})]


def values(_day: date) -> Said:
    return _published(publishing.publish(which=publishing.never_published))


def restated(_day: date) -> Said:
    return _published(publishing.publish(which=publishing.published_before))


def _published(found: publishing.Night) -> Said:
    weeks: list[tuple[str, Mapping[str, object]]] = [("weeks", {"n": found.weeks})] if found.weeks else [("nothing", {})]
    return [*weeks, *([("weeks_wait", {"n": found.waiting})] if found.waiting else [])]


def alerts(_day: date) -> Said:
    return [("changed", {"n": watch.watch()})]


def digest(day: date) -> Said:
    """Each is made and sent as a task of its own; which of them left stands with the mails."""
    return [("asked", {"n": ask_digests(day)})]


def forget(_day: date) -> Said:
    return [("deleted", {"n": retention.forget() + looks.forget() + traces.forget()})]


def exports(_day: date) -> Said:
    return [("files_deleted", {"n": printing.expire()})]


WORK: Mapping[str, Work] = {
    "pulls": pulls, "imports": imports, "totals": totals, "check": check, "values": values, "restated": restated,
    "alerts": alerts, "digest": digest, "retention": forget, "exports": exports,
}  # fmt: skip
