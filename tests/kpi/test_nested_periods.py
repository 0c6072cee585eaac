"""The attack of C7: two nested periods whose ends differ by a day, or by a week, subtracted on every surface.

One site, one intent. Twelve people work on it in the first week, and two on Wednesday of the second; the third week is that of three.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client

from kpi import ledger
from kpi.models import Interaction, Membership, Team
from kpi.rollup import roll_up_due
from tests import factories
from tests.memory import forget_all

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
LAST = MONDAY + timedelta(weeks=4)  # data reach four whole weeks further than any period asked for
LINES = {"intent": "Parcels", "tier": "High value tier"}


def worked(team: Team, day: date, agents: int, each: int, intent: str, tier: str) -> list[Interaction]:
    about = factories.IntentFactory(code=intent, name=intent.capitalize())
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    first = factories.InteractionFactory(
        team=team, site=team.site, intent=about, agent=1000, started_at=noon, value_tier=tier, role=Interaction.Role.OPENER, returned=False
    )
    values = {field.attname: getattr(first, field.attname) for field in Interaction._meta.concrete_fields if not field.primary_key}
    ref = f"{intent}-{day}"
    return [
        Interaction(**values | {"agent": 1000 + n % agents, "customer": first.pk * 1000 + n, "external_id": f"{ref}-{n}"})
        for n in range(1, agents * each)
    ]


@pytest.fixture
def site(lark: Team) -> int:
    """Parcels and the high tier are the same contacts; everything else is the work of twelve, so that lines can be hidden beside it."""
    made: list[Interaction] = []
    for week in range(5):
        monday = MONDAY + timedelta(weeks=week)
        for intent in ("billing", "orders"):
            made += worked(lark, monday, 12, 3, intent, "basic")
        if week in (0, 1):
            made += worked(lark, monday, 12, 3, "parcels", "gold")
    made += worked(lark, MONDAY + timedelta(days=9), 2, 20, "parcels", "gold")  # Wednesday of the second week: the day of two
    made += worked(lark, MONDAY + timedelta(days=15), 3, 9, "parcels", "gold")  # the third week: the week of three
    Interaction.objects.bulk_create(made)
    ledger.mark_due("interaction", list(Interaction.objects.values_list("day", flat=True).distinct()))
    roll_up_due()
    forget_all()
    Membership.objects.create(user=factories.UserFactory(username="reader"), role="executive")
    return lark.site_id


@pytest.fixture
def reader(site: int) -> Client:
    client = Client()
    client.force_login(Membership.objects.get(role="executive").user)
    return client


def question(site: int | None, last: date) -> dict[str, Any]:
    until = {"period": "custom", "from": MONDAY.isoformat(), "to": last.isoformat(), "compare": "none"}
    return until if site is None else {**until, "site": site}


def in_api(client: Client, asked: dict[str, Any], kind: str) -> dict[str, tuple[Any, ...]]:
    answer = client.get("/api/v1/pages/resolution", asked).json()
    [table] = [item for item in answer["breakdowns"] if item["title"].lower().endswith(kind)]
    [line] = [item for item in table["lines"] if item["label"] == LINES[kind]]
    return {column["metric"]: (column["n"], column["value"]) for column in line["figures"] if column["value"] is not None}


def in_csv(client: Client, asked: dict[str, Any], kind: str) -> dict[str, tuple[Any, ...]]:
    text = client.get("/export/pages/resolution.csv", asked).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head = next(row for row in rows if row[:1] == ["section"])
    found = [dict(zip(head, row, strict=True)) for row in rows if len(row) == len(head) and row[1] == LINES[kind]]
    return {row["metric"]: (row["n"], row["value"]) for row in found if row["value"] and row["metric"]}


def on_page(client: Client, asked: dict[str, Any], kind: str) -> dict[str, tuple[Any, ...]]:
    text = client.get("/resolution/", asked).content.decode()
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr.*?</tr>", text, re.S)]
    lines = [row for row in rows if LINES[kind] in row]
    return {str(place): (row,) for place, row in enumerate(lines) if re.search(r"\d", row.replace(LINES[kind], ""))}


SURFACES = list(product((in_api, in_csv, on_page), LINES))


def test_no_two_ends_tell_about_the_days_between_them(reader: Client, site: int) -> None:
    for (read, kind), where in product(SURFACES, (None, site)):
        one, same, two, all_of_it, three = (
            read(reader, question(where, MONDAY + timedelta(days=last)), kind) for last in (8, 9, 10, 13, 20)
        )
        assert (one, two) == (same, all_of_it), f"Tuesday and Wednesday, Thursday and Sunday: {read}, {kind}, {where}"
        assert two, f"twelve people may be told of: {read}, {kind}, {where}"
        assert not three, f"with the week of three it is hidden: {read}, {kind}, {where}"


def test_the_page_says_which_weeks_other_dates_are_read_as(reader: Client, site: int) -> None:
    """Of the week that is still coming in nothing is told, or every morning would tell about the day before."""
    last = date(2026, 3, 30)  # a Monday, the last day with contacts
    answer = reader.get("/api/v1/panel", question(site, last + timedelta(days=6))).json()
    assert answer["query"]["period"] == {"start": "2026-03-02", "end": "2026-03-30"}
    assert "2 Mar – 29 Mar 2026: figures are told for calendar weeks that are over" in answer["weeks_text"]
    page = reader.get("/", {"period": "2026-03", "compare": "none"}).content.decode()
    assert "1 Mar – 31 Mar 2026 is read as its whole weeks, 2 Mar – 29 Mar 2026" in page
    assert "is read as" not in reader.get("/", question(site, MONDAY + timedelta(days=13))).content.decode()
