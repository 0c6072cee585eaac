"""Which days of which subject a stored file touches: marked in the ledger by the transaction that stores it."""

# ruff: noqa: S608 - names of tables and columns come from the models, values are parameters or ids

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps

from kpi import ledger
from kpi.ingest.layout import Layout
from kpi.ingest.staging import quoted, sql, values
from kpi.models import DataSource, Interaction


@dataclass(frozen=True)
class Due:
    """`days(rows)` gives SQL for the days of some rows; `rows` is a subquery with the columns of the record."""

    subject: str
    days: Callable[[str, int], str]
    spans: bool = False  # the SQL gives first and last day


def own_day(rows: str, source: int) -> str:
    return f"SELECT CAST(d.day AS text) FROM (SELECT DISTINCT x.day FROM {rows} x) d"


def closing_day(rows: str, source: int) -> str:
    wave = quoted(apps.get_model("wellbeing.Wave")._meta.db_table)
    return f"SELECT DISTINCT CAST(w.closed_on AS text) FROM {rows} x JOIN {wave} w ON w.id = x.wave_id"


def day_of_contact(rows: str, source: int) -> str:
    """The contact may not have arrived yet: then it marks its own day when it comes."""
    named = DataSource.objects.filter(pk=source, contacts_from__isnull=False).values_list("contacts_from", flat=True)
    sources = list(named) or list(DataSource.objects.values_list("pk", flat=True))
    return (
        f"SELECT DISTINCT CAST(i.day AS text) FROM {rows} x JOIN {quoted(Interaction._meta.db_table)} i "
        f"ON i.source_id IN ({', '.join(map(str, sources)) or '0'}) AND i.external_id = x.interaction_ref"
    )


def spell(rows: str, source: int) -> str:
    return f"SELECT DISTINCT CAST(x.started_on AS text), CAST(x.ended_on AS text) FROM {rows} x"


DUE = {
    "kpi.Interaction": Due("interaction", own_day),
    "kpi.CustomerAnswer": Due("interaction", day_of_contact),
    "kpi.Invitation": Due("interaction", day_of_contact),
    "kpi.QualityReview": Due("interaction", day_of_contact),
    "staffing.AgentDay": Due("agent_day", own_day),
    "staffing.Employment": Due("employment", spell, spans=True),
    "wellbeing.WellbeingAnswer": Due("pulse", closing_day),
}
# Subjects that are few days and many joins: any of these records may move any of their days.
ALSO = {"staffing.Employment": ("reskilling",), "staffing.ReskillingStep": ("reskilling",)}


def touched(layout: Layout, rows: str, source: int) -> set[date]:
    """The days of these rows; empty for records nothing is rolled up from."""
    due = DUE.get(layout.label)
    if due is None:
        return set()
    found = values(due.days(rows, source))
    if due.spans:
        return set(_spans((date.fromisoformat(first), date.fromisoformat(last) if last else None) for first, last in found))
    return {date.fromisoformat(day) for (day,) in found if day}


def _spans(spans: Iterable[tuple[date, date | None]]) -> Iterable[date]:
    """Every day of each spell that lies before the horizon; later days are rolled up when their time comes."""
    horizon = ledger.horizon()
    if horizon is None:
        return
    for first, last in set(spans):
        end = min(last or horizon, horizon)
        yield from (first + timedelta(days=n) for n in range((end - first).days + 1))


def mark(layout: Layout, days: set[date]) -> None:
    if days:
        ledger.mark_due(DUE[layout.label].subject, days)
    for subject in ALSO.get(layout.label, ()):
        ledger.mark_all_due(subject)


def remember_customers(rows: str, *, unless: str = "") -> None:
    """The chains of these customers lose a contact: nothing else would say that they must be computed again."""
    sql(f"INSERT INTO kpi_duekey (customer) SELECT DISTINCT x.customer FROM {rows} x WHERE x.customer IS NOT NULL {unless}")
