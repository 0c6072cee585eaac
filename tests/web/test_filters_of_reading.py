"""The filter bar: the last seven days, what of a month is over, an intent or a tier, before and after an event; each said in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from kpi import forms, rights
from kpi.comparable import kinds_of
from kpi.forms import ONE_CUT, UNCUT, PanelForm
from kpi.metric import Period
from kpi.models import Membership, Team
from kpi.periods import complete_weeks, last_days, offered, to_date
from kpi.result import Scope, Viewer
from kpi.rights import Choices, NotAllowed, grant, grant_contacts
from tests import factories

AS_OF = date(2026, 10, 7)  # a Wednesday: the week of 5 October is not over
ALL = Viewer(Membership.Role.ANALYST)
CHOICES = Choices(((3, "Harbour"),), ((7, "Lark"),), ((4, "Billing"),), ((5, "Chat"),), ((6, "Refund"),), ("high", "other"))


@pytest.fixture(autouse=True)
def offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "choices", lambda viewer: CHOICES)
    monkeypatch.setattr(forms, "occasions", lambda viewer: ())


def asked(*, contacts: bool = False, **data: str) -> PanelForm:
    return PanelForm(data, viewer=ALL, as_of=AS_OF, contacts=contacts)


def test_the_last_seven_days_end_with_the_last_complete_day() -> None:
    assert last_days(AS_OF, 7) == Period(date(2026, 9, 30), AS_OF)
    query = asked(period="7d", compare="previous").query()
    assert query.period == Period(date(2026, 9, 30), AS_OF)
    assert query.comparison == Period(date(2026, 9, 23), date(2026, 9, 30))


@pytest.mark.parametrize(("key", "first"), [("mtd", date(2026, 10, 1)), ("qtd", date(2026, 10, 1)), ("ytd", date(2026, 1, 1))])
def test_a_period_to_date_begins_with_its_first_day_and_ends_with_the_last_complete_one(key: str, first: date) -> None:
    assert to_date(AS_OF, key) == Period(first, AS_OF)


def test_on_the_first_of_a_month_the_month_to_date_is_the_month_that_is_over() -> None:
    assert to_date(date(2026, 10, 1), "mtd") == Period(date(2026, 9, 1), date(2026, 10, 1))


@pytest.mark.parametrize("key", ["7d", "mtd", "qtd", "ytd"])
@pytest.mark.parametrize("compare", ["previous", "year"])
def test_what_is_not_whole_weeks_is_compared_with_as_many_days_of_each_kind(key: str, compare: str) -> None:
    query = asked(period=key, compare=compare).query()
    assert query.comparison is not None
    assert kinds_of(query.period) == kinds_of(query.comparison)
    assert query.comparison.end <= query.period.start


def test_below_the_company_days_become_whole_weeks_that_are_over_and_the_page_says_which() -> None:
    for narrowed in ({"team": "7"}, {"queue": "4"}, {"intent": "6"}, {"tier": "high"}):
        form = asked(period="7d", **narrowed)
        assert form.query().period == Period(date(2026, 9, 28), date(2026, 10, 5))
        assert ["28 Sep – 4 Oct 2026" in note for note in form.notes] == [True]
    assert asked(period="7d", site="3").notes == []


def test_a_week_that_is_not_over_is_never_among_the_whole_weeks() -> None:
    assert complete_weeks(Period(date(2026, 9, 1), AS_OF), AS_OF) == Period(date(2026, 8, 31), date(2026, 10, 5))
    assert complete_weeks(Period(date(2026, 10, 6), AS_OF), AS_OF).end == date(2026, 10, 5)
    assert offered(AS_OF, "nothing") is None


def test_an_intent_and_a_tier_stand_in_the_address() -> None:
    form = asked(site="3", intent="6")
    assert form.query().scope == Scope(site=3, intent=6)
    assert form.address() == "?period=13w&compare=year&site=3&intent=6"
    assert asked(tier="other").query().scope == Scope(tier="other")
    assert [(chip.label, chip.text) for chip in asked(tier="high").chips()] == [("Tier", "High value tier")]


@pytest.mark.parametrize("with_it", [{"team": "7"}, {"queue": "4"}, {"channel": "5"}])
def test_what_a_combination_cannot_answer_is_said_and_not_guessed(with_it: dict[str, str]) -> None:
    form = asked(intent="6", **with_it)
    assert not form.query().scope.sliced
    assert str(UNCUT) in form.problems[0]
    assert "intent" not in form.address()


def test_an_intent_and_a_tier_at_once_are_not_kept() -> None:
    form = asked(intent="6", tier="high")
    assert form.query().scope == Scope(intent=6)
    assert str(ONE_CUT) in form.problems[0]


def test_a_list_of_contacts_may_be_cut_in_every_way() -> None:
    scope = asked(contacts=True, intent="6", tier="high", team="7", queue="4").query().scope
    assert scope == Scope(teams=frozenset({7}), queue=4, intent=6, tier="high")


@pytest.mark.django_db
def test_totals_of_what_nothing_is_kept_for_are_asked_of_nobody(lark: Team) -> None:
    crossed = Scope(teams=frozenset({lark.pk}), tier="high")
    with pytest.raises(NotAllowed):
        grant(ALL, crossed)
    assert grant_contacts(ALL, crossed).scope == crossed


@pytest.mark.django_db
def test_before_and_after_an_event_are_equal_weeks_on_both_sides_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(forms, "data_from", lambda: date(2025, 1, 1))
    event = factories.AnnotationFactory(day=date(2026, 9, 3), text="Roll-out of the assistant", site=None)
    form = asked(compare=f"event:{event.pk}")
    query = form.query()
    assert query.period == Period(date(2026, 9, 7), date(2026, 10, 5))
    assert query.comparison == Period(date(2026, 8, 3), date(2026, 8, 31))
    assert "4 weeks after “3 Sep 2026: Roll-out of the assistant” beside 4 weeks before" in form.notes[0]
    assert form.address() == f"?period=13w&compare=event%3A{event.pk}"
    late = factories.AnnotationFactory(day=AS_OF - timedelta(1), text="Yesterday", site=None)
    form = asked(compare=f"event:{late.pk}")
    assert "no complete week before and after" in form.problems[0]
    assert form.query().comparison_key == "year"


@pytest.mark.django_db
def test_an_event_of_another_site_is_not_offered_to_a_manager(lark: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    elsewhere = factories.AnnotationFactory(day=date(2026, 9, 3), site=factories.SiteFactory(code="north"))
    manager = Viewer(Membership.Role.MANAGER, frozenset({lark.pk}), frozenset({lark.site_id}))
    assert f"event:{elsewhere.pk}" in PanelForm({}, viewer=ALL, as_of=AS_OF).occasions
    assert PanelForm({}, viewer=manager, as_of=AS_OF).occasions == {}


@pytest.mark.django_db
def test_the_navigation_carries_the_filters_also_from_a_definition(client: Client) -> None:
    user = factories.UserFactory()
    Membership.objects.create(user=user, role=Membership.Role.EXECUTIVE)
    client.force_login(user)
    here = "http://testserver"
    found = client.get("/definitions/", {"period": "4w", "site": "3", "other": "thing"}).content.decode()
    assert 'href="/?period=4w&amp;site=3"' in found
    followed = client.get("/definitions/csat/", headers={"referer": f"{here}/customers/?period=26w"}).content.decode()
    assert 'href="/customers/?period=26w"' in followed
    foreign = client.get("/definitions/csat/", headers={"referer": "https://other.example/?period=26w"}).content.decode()
    assert "26w" not in foreign
