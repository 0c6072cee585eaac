"""Mean revision by metric and quarter: all published values count, people are not told apart, a saving is not told alone (G5)."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from django.test import Client

from kpi import registry
from kpi.metric import Status
from kpi.models import PublishedValue
from kpi.revisions import Moved, revisions_of
from tests import factories

pytestmark = pytest.mark.django_db
END = date(2026, 3, 30)
FOUR = ("csat", "agent_wellbeing_index", "resolution_quality", "fte_reduction")


def published(metric: str, values: list[float | None], *, member: int = 0, end: date = END, versions: tuple[int, ...] = (1,)) -> None:
    """One unit and period with its revisions."""
    for revision, value in enumerate(values):
        dimension = "team" if member else "all"
        at = factories.PublicationFactory.build(dimension=dimension, member=member, start=end - timedelta(28), end=end, revision=revision)
        same = {"dimension": dimension, "member": member, "start": at.start, "end": end, "revision": revision}
        found = type(at).objects.filter(**same).first()
        if found is None:
            found = factories.PublicationFactory(**same, reason="data" if revision else "", data_as_of=end + timedelta(14))
        version = versions[min(revision, len(versions) - 1)]
        given = {"status": "ok" if value is not None else "suppressed", "value": value, "low": value, "high": value}
        factories.PublishedValueFactory(publication=found, metric=metric, definition_version=version, **given)


def cell(metric: str, of: str | None = None, row: int = 0) -> Moved:
    """What is told of a metric on the page of another."""
    [found] = [item for item in revisions_of(registry.metrics()[of or metric])[row].cells if item.metric == metric]
    return found


def many(metric: str, *, units: int = 40, moved: float = 0.0, value: float = 0.8) -> None:
    for member in range(1, units + 1):
        published(metric, [value, value + moved] if moved and member == 1 else [value], member=member)


def test_all_values_count_and_the_last_revision_is_what_became_of_the_first() -> None:
    many("csat", units=38)
    published("csat", [0.80, 0.90, 0.84], member=99)
    published("csat", [0.80, 0.78], member=98)
    found = cell("csat")
    assert (found.n, found.revised, found.status) == (40, 2, Status.OK)
    assert found.mean == pytest.approx((0.04 - 0.02) / 40)
    assert found.mean_absolute == pytest.approx((0.04 + 0.02) / 40)
    assert found.text == "mean +0.05, mean size 0.15 points; 2 of 40 published values were revised"


def test_another_route_over_the_stored_rows_gives_the_same() -> None:
    for member in range(1, 45):
        published("csat", [0.5, 0.5 + member / 1000, 0.5 - member / 500][: 1 + member % 3], member=member)
    rows = pd.DataFrame(PublishedValue.objects.values("publication__member", "publication__revision", "value"))
    rows = rows.sort_values("publication__revision").groupby("publication__member")["value"].agg(["first", "last"])
    moves = rows["last"] - rows["first"]
    assert cell("csat").mean == pytest.approx(moves.mean())
    assert cell("csat").mean_absolute == pytest.approx(moves.abs().mean())


def test_a_new_definition_is_no_revision_and_neither_is_a_value_that_was_hidden() -> None:
    many("csat")
    published("csat", [0.8, 0.2], member=99, versions=(1, 2))
    published("csat", [0.8, None], member=98)
    published("csat", [None, 0.8], member=97)
    assert (cell("csat").n, cell("csat").revised, cell("csat").mean) == (40, 0, 0)


def test_a_period_counts_in_the_quarter_of_its_last_day() -> None:
    published("csat", [0.8], end=date(2026, 4, 1))
    published("csat", [0.8], end=date(2026, 4, 2))
    assert [row.label for row in revisions_of(registry.metrics()["csat"])] == ["quarter 2 of 2026", "quarter 1 of 2026"]


@pytest.mark.parametrize(("units", "status"), [(9, Status.INSUFFICIENT), (10, Status.SMALL_SAMPLE), (30, Status.OK)])
def test_few_values_are_hidden_or_marked(units: int, status: Status) -> None:
    many("csat", units=units)
    assert cell("csat").status is status


def test_of_people_whole_points_are_told_and_only_over_ten_units() -> None:
    for member in range(1, 10):
        for week in range(5):
            published("agent_wellbeing_index", [60, 57], member=member, end=END - timedelta(weeks=week))
    found = cell("agent_wellbeing_index")
    assert (found.status, found.mean, found.mean_absolute, found.revised) == (Status.SUPPRESSED, None, None, None)
    published("agent_wellbeing_index", [60, 58], member=10)
    assert (cell("agent_wellbeing_index").mean, cell("agent_wellbeing_index").mean_absolute) == (-3, 3)


def test_what_is_told_of_a_saving_stands_beside_the_same_of_its_companions() -> None:
    for key in FOUR[:3]:
        many(key, value=60)
    many("fte_reduction", moved=2.0, value=10)
    assert [item.metric for item in revisions_of(registry.metrics()["fte_reduction"])[0].cells] == list(FOUR)
    assert cell("fte_reduction").text == "mean +0.05, mean size 0.05 FTE; 1 of 40 published values were revised"
    assert [item.metric for item in revisions_of(registry.metrics()["csat"])[0].cells] == ["csat"]


@pytest.mark.parametrize("missing", FOUR[:3])
def test_without_one_of_them_it_is_withheld(missing: str) -> None:
    for key in FOUR:
        if key != missing:
            many(key, moved=2.0, value=60)
    found = cell("fte_reduction")
    assert (found.status, found.mean, found.mean_absolute, found.revised) == (Status.WITHHELD, None, None, None)
    assert str(registry.metrics()[missing].label) in found.text


def test_further_figures_are_not_published_and_have_no_table() -> None:
    many("csat")
    assert revisions_of(registry.metrics()["fcr"]) == ()


def test_the_definition_page_has_the_table_for_those_who_read_dashboards(lark: object) -> None:
    factories.InteractionFactory(team=lark)
    many("csat")
    for role, there in (("executive", True), ("steward", False)):
        client = Client()
        client.force_login(factories.MembershipFactory(role=role).user)
        page = client.get("/definitions/csat/").content.decode()
        assert ("0 of 40 published values were revised" in page) is there
        assert "published values were revised" not in client.get("/definitions/fcr/").content.decode()
