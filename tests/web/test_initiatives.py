"""Initiatives: limits frozen before data, never changed, judged once all is loaded; a saving only inside its panel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from kpi.metric import Period
from kpi.models import Initiative, Limits, LimitsClosed, Team
from kpi.models.published import Fixed
from kpi.result import Scope
from kpi.rights import NotAllowed
from kpi.weighing import weigh
from tests import factories
from tests.kpi.panel_help import EXECUTIVE, PERIOD, Centre, centre, manager, of, planted_beside_wellbeing
from tests.web.test_annotations import client_of

pytestmark = pytest.mark.django_db
ENTRY = {
    "title": "Assistant answers billing", "what": "billing goes to the assistant first", "scope": "all", "starts_on": "2026-04-15",
    "after_start": "2026-04-20", "weeks": "4", "csat": "2", "awi": "3", "rq": "3", "expected_fte": "12",
}  # fmt: skip


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = centre()
    with planted_beside_wellbeing():
        yield made


def judged(**changes: object) -> Limits:
    """Four weeks of March against four of January; the data end with March."""
    return factories.LimitsFactory(**{"after_start": PERIOD.start, "weeks": 4, "initiative__starts_on": date(2026, 2, 4), **changes})


def test_an_initiative_is_frozen_as_it_is_entered_and_its_limits_are_closed_and_replaced(clock: object) -> None:
    client = client_of("executive")
    answer = client.post("/initiatives/", ENTRY)
    item = Initiative.objects.get()
    assert answer.url == f"/initiatives/{item.pk}/"
    first = item.limits.get()
    assert (first.csat, first.frozen_on, first.frozen_at.date()) == (0.02, date(2026, 4, 13), date(2026, 4, 13))
    assert first.windows == (Period(date(2026, 3, 16), date(2026, 4, 13)), Period(date(2026, 4, 20), date(2026, 5, 18)))
    assert "Not over yet." in client.get(answer.url).content.decode()
    assert client.post(answer.url, ENTRY).status_code == 404, "as long as limits are judged there are no others"
    closed = client.post(f"{answer.url}close/", {"reason": "call ada@example.org"})
    assert (closed.status_code, "An e-mail address" in closed.content.decode()) == (400, True)
    client.post(f"{answer.url}close/", {"reason": "put off by a month"})
    assert client.post(f"{answer.url}close/", {"reason": "again"}).status_code == 404
    late = client.post(answer.url, ENTRY | {"after_start": "2026-04-13"})
    assert late.status_code == 400
    client.post(answer.url, ENTRY | {"after_start": "2026-05-18", "csat": "1"})
    assert [limits.csat for limits in item.limits.all()] == [0.02, 0.01]
    page = client.get(answer.url).content.decode()
    assert "put off by a month" in page
    assert "CSAT 1.0" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"after_start": "2026-04-13", "starts_on": "2026-04-01"}, "Limits are frozen before data arrive"),
        ({"after_start": "2026-03-02", "starts_on": "2026-02-02"}, "Limits are frozen before data arrive"),
        ({"after_start": "2026-04-21"}, "The after-window begins on a Monday"),
        ({"starts_on": "2026-04-22"}, "after the week of the start"),
        ({"weeks": "2"}, "greater than or equal to 4"),
        ({"csat": "0"}, "A limit lies above 0"),
        ({"awi": ""}, "This field is required"),
        ({"rq": "90"}, "A limit lies above 0"),
        ({"title": "what Ada Ofexecutive wants"}, "This names a person"),
    ],
)
def test_what_cannot_be_frozen_is_refused_with_a_sentence(clock: object, changes: dict[str, str], said: str) -> None:
    page = client_of("executive").post("/initiatives/", ENTRY | changes)
    assert (page.status_code, said in page.content.decode()) == (400, True)
    assert not Initiative.objects.exists()


def test_a_manager_begins_in_own_teams_and_reads_no_others(clock: object, lark: Team, wren: Team) -> None:
    client = client_of("manager", lark)
    for scope, status in ((f"team:{lark.pk}", 302), (f"site:{lark.site_id}", 302), (f"team:{wren.pk}", 400), ("all", 400)):
        assert client.post("/initiatives/", ENTRY | {"scope": scope}).status_code == status, scope
    theirs = factories.LimitsFactory(initiative__team=wren).initiative
    assert client.get(f"/initiatives/{theirs.pk}/").status_code == 404
    everybody = factories.LimitsFactory().initiative
    assert client.get(f"/initiatives/{everybody.pk}/").status_code == 200
    assert client.post(f"/initiatives/{everybody.pk}/close/", {"reason": "no"}).status_code == 404
    assert not LimitsClosed.objects.exists()


def test_the_database_refuses_limits_after_the_fact_and_to_change_frozen_ones() -> None:
    for wrong in ({"frozen_on": date(2026, 2, 9)}, {"csat": 0.0}, {"weeks": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.LimitsFactory(**wrong)
    limits = factories.LimitsClosedFactory().limits
    with pytest.raises(Fixed):
        limits.save()
    for table in ("kpi_limits", "kpi_limitsclosed", "kpi_initiative"):
        for words in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="signed"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(words)


def test_each_companion_is_judged_against_its_limit_and_the_saving_stays_in_its_panel(here: Centre) -> None:
    """Customers and resolution are planted the same in both windows, within ±1 point; wellbeing has one survey in both."""
    found = weigh(EXECUTIVE, Scope(), judged(csat=0.05, awi=3.0, rq=1.0))
    assert [companion.state for companion in found.companions] == ["held", "unknown", "unknown"]
    assert found.sentence == "Customer satisfaction held; whether wellbeing and resolution quality held cannot be told."
    assert found.companions[0].limit == "may fall by 5.0\u202fpt"
    assert found.panel is not None
    assert (found.panel.query.period, found.panel.query.comparison) == (PERIOD, Period(date(2026, 1, 5), date(2026, 2, 2)))
    assert found.panel.columns[3].result.shown


def test_nothing_is_looked_at_before_the_window_is_over_nor_told_of_a_few_people(here: Centre) -> None:
    waiting = weigh(EXECUTIVE, Scope(), judged(weeks=5))
    assert (waiting.panel, waiting.companions) == (None, ())
    few = weigh(EXECUTIVE, of(here, "Wren"), judged(initiative__team=here.teams["Wren"]))
    assert few.panel is not None
    assert [companion.state for companion in few.companions][1] == "unknown"
    assert not few.panel.columns[3].result.shown
    with pytest.raises(NotAllowed):
        weigh(manager(here, "Heron"), of(here, "Wren"), judged())


def test_the_page_shows_verdict_and_panel_and_a_saving_is_nowhere_else(here: Centre) -> None:
    item = judged(csat=0.05).initiative
    client = client_of("executive")
    page = client.get(f"/initiatives/{item.pk}/").content.decode()
    assert 'class="state held"' in page
    assert page.count('class="kpi ') == 4
    assert "7001" not in client.get("/initiatives/").content.decode().replace("\u202f", "")
    assert Client().get(f"/initiatives/{item.pk}/").status_code == 302
