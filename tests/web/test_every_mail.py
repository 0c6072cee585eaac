"""The walk, for mails: every kind, both forms, every reader. A saving is never alone in one, and no subject holds a figure."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from kpi import night, watch
from kpi.mail import morning, sending
from kpi.models import Alert, Membership, Night, NightStep, Sending, Site, Subscription, Team, WellbeingSeen
from tests import factories
from tests.web.answers import listening
from tests.web.planted import FAULTS, Fault, alone, any_saving, planted
from tests.web.test_every_surface import centre  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
READERS = ("executive", "manager", "analyst", "representative")
NO_READERS = ("steward", "administrator", "boss")


@pytest.fixture
def complete(centre: Team, clock: Any) -> Team:  # noqa: F811
    """A centre whose night is complete, and whose readers have an address."""
    night.checked(0)
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    return centre


def asked(role: str, kind: str = "digest", filters: str = "", **further: Any) -> Sending:
    user = User.objects.get(username=role)
    subscription, _made = Subscription.objects.get_or_create(user=user, kind=kind, filters=filters)
    given = {"kind": "alert" if kind == "alerts" else "digest", "day": night.today(), **further}
    return factories.SendingFactory(subscription=subscription, **given)


def change(dimension: str = "all", member: int = 0) -> Any:
    alert, _made = Alert.objects.get_or_create(
        rule="saving_while_wellbeing_falls", dimension=dimension, member=member, defaults={"since": timezone.now(), "state": "firing"}
    )
    return factories.AlertChangeFactory(alert=alert)


def written() -> list[str]:
    """Both forms of every mail as they left, with all their headers."""
    found = []
    for message in mail.outbox:
        [(html, _kind)] = message.alternatives
        head = "\n".join(f"{name}: {value}" for name, value in message.message().items() if name not in {"Date", "Content-Type"})
        found += [f"{head}\n{message.body}", f"{head}\n{html}"]
    return found


@pytest.mark.parametrize("role", READERS)
def test_a_saving_stands_beside_its_companions_in_every_mail(role: str, complete: Team) -> None:
    with planted(), listening() as heard:
        for row in (asked(role), asked(role, filters=f"site={complete.site_id}"), asked(role, "alerts", change=change())):
            assert sending.deliver(row.pk) == "sent"
        for text in written():
            assert any_saving(text)
            assert alone(text) == []
    assert any_saving(heard.getvalue()) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.metric} {fault.name}")
def test_no_mail_shows_a_saving_while_a_companion_is_missing(fault: Fault, complete: Team) -> None:
    with planted(fault), listening() as heard:
        found = {sending.deliver(row.pk) for row in (asked("executive"), asked("executive", "alerts", change=change()))}
        assert found == ({"waiting"} if fault.name == "raising" else {"sent"})  # what failed may be there in a moment
        for text in written():
            assert any_saving(text) == []
            assert "withheld" in text.lower()
            assert "is not shown:" in text
    assert any_saving(heard.getvalue()) == []


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d.\u202f]*", text))


def test_both_forms_of_a_mail_say_the_same(complete: Team) -> None:
    with planted():
        sending.deliver(asked("executive").pk)
    [(html, _kind)] = mail.outbox[0].alternatives
    seen = unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))
    text = "\n".join(line for line in mail.outbox[0].body.splitlines() if "http" not in line)
    assert numbers(seen) == numbers(text) > set()
    words = [set(re.findall(r"[a-z]{4,}", each.lower())) for each in (seen, text)]
    assert words[1] <= words[0] | {"open", "this", "page"}


def test_a_mail_loads_nothing_and_runs_nothing(complete: Team) -> None:
    with planted():
        sending.deliver(asked("executive").pk)
    [(html, _kind)] = mail.outbox[0].alternatives
    assert re.findall(r"<img|<script|<link|<iframe|@import|url\(|\bsrc=|\bon\w+=", html) == []
    assert {address.split("/")[2] for address in re.findall(r'href="([^"]+)"', html)} == {"127.0.0.1:8000"}


@pytest.mark.parametrize("role", NO_READERS)
def test_a_role_without_dashboards_is_sent_nothing(role: str, complete: Team) -> None:
    with planted(), listening() as heard:
        assert [sending.deliver(row.pk) for row in (asked(role), asked(role, "alerts", change=change()))] == ["skipped", "skipped"]
    assert mail.outbox == []
    assert "mail.not_sent" in heard.getvalue()


def test_a_mail_that_left_is_a_look_of_its_reader_and_one_that_did_not_is_none(complete: Team) -> None:
    lost = asked("analyst")
    Membership.objects.filter(user__username="analyst").update(role="steward")
    with planted():
        sending.deliver(lost.pk)
        sending.deliver(asked("executive", filters=f"site={complete.site_id}").pk)
    [look] = WellbeingSeen.objects.all()
    assert (look.username, look.role, look.surface, look.page, look.site) == ("executive", "executive", "mail", "digest", complete.site_id)


def test_a_role_lost_between_asking_and_the_morning_is_sent_nothing(complete: Team) -> None:
    row = asked("analyst")
    Membership.objects.filter(user__username="analyst").update(role="steward")
    assert (sending.deliver(row.pk), Sending.objects.get(pk=row.pk).reason) == ("skipped", "role_lost")


def test_a_team_lost_between_asking_and_the_morning_is_not_replaced_by_something_wider(complete: Team) -> None:
    row = asked("manager", filters=f"team={complete.pk}")
    Membership.objects.get(user__username="manager").teams.set([Team.objects.exclude(pk=complete.pk)[0]])
    with planted():
        assert (sending.deliver(row.pk), Sending.objects.get(pk=row.pk).reason) == ("skipped", "scope_lost")
    assert mail.outbox == []


def test_of_an_alert_about_a_scope_somebody_may_not_see_not_even_its_existence_is_sent(complete: Team) -> None:
    other, elsewhere = Team.objects.exclude(pk=complete.pk)[0], factories.SiteFactory(code="north", name="North")
    rows = [asked("manager", "alerts", change=change(*unit)) for unit in (("team", other.pk), ("site", elsewhere.pk))]
    mine = asked("executive", "alerts", change=rows[0].change)
    with planted():
        assert [sending.deliver(row.pk) for row in (*rows, mine)] == ["skipped", "skipped", "sent"]
    assert {row.reason for row in Sending.objects.filter(pk__in=[row.pk for row in rows])} == {"scope_lost"}
    assert [message.to for message in mail.outbox] == [["executive@example.org"]]


def test_rights_lost_between_the_rule_and_the_mail_hold(complete: Team) -> None:
    row = asked("manager", "alerts", change=change("team", complete.pk))
    Membership.objects.get(user__username="manager").teams.set([Team.objects.exclude(pk=complete.pk)[0]])
    with planted():
        assert sending.deliver(row.pk) == "skipped"
    assert mail.outbox == []


def test_alerts_can_be_asked_for_about_one_site_alone(complete: Team) -> None:
    north = factories.SiteFactory(code="north", name="North")
    rows = [asked("executive", "alerts", f"site={complete.site_id}", change=change(*unit)) for unit in (("site", north.pk), ("all", 0))]
    mine = asked("executive", "alerts", f"site={complete.site_id}&period=13w", change=change("team", complete.pk))
    with planted():
        assert [sending.deliver(row.pk) for row in (*rows, mine)] == ["skipped", "skipped", "sent"]


@pytest.mark.parametrize("email", ["", "not an address", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"])
def test_nothing_is_sent_where_the_address_is_none(email: str, complete: Team) -> None:
    row = asked("executive")
    User.objects.filter(username="executive").update(email=email)
    assert (sending.deliver(row.pk), Sending.objects.get(pk=row.pk).reason) == ("skipped", "no_address")


def test_nobody_who_left_is_written_to(complete: Team) -> None:
    row = asked("executive")
    User.objects.filter(username="executive").update(is_active=False)
    assert (sending.deliver(row.pk), Sending.objects.get(pk=row.pk).reason) == ("skipped", "inactive")


def test_names_of_ours_get_into_no_header(complete: Team) -> None:
    Site.objects.update(name="Harbour 42\r\nBcc: somebody@example.org")
    with planted():
        sending.deliver(asked("executive", filters=f"site={complete.site_id}").pk)
        sending.deliver(asked("executive", "alerts", change=change("site", complete.site_id)).pk)
    for message in mail.outbox:
        assert not any(letter.isdigit() for letter in message.subject)
        assert message.message()["Bcc"] is None


def test_a_digest_waits_while_anything_is_due_or_under_way(complete: Team) -> None:
    row = asked("executive")
    factories.ImportRunFactory(state="running")
    assert (sending.deliver(row.pk), Sending.objects.get(pk=row.pk).reason) == ("waiting", "night_open")
    assert mail.outbox == []


def test_a_digest_that_waited_for_a_day_makes_room_for_the_younger_one(complete: Team, clock: Any) -> None:
    old = asked("executive")
    clock.shift(24 * 3600)
    night.checked(0)
    with planted():
        assert [sending.deliver(row.pk) for row in (asked("executive"), old)] == ["sent", "skipped"]
    assert len(mail.outbox) == 1


def test_the_mail_about_a_late_night_holds_words_alone(complete: Team) -> None:
    factories.DueDayFactory(due=2, done=1)
    with planted():
        assert sending.deliver(asked("executive", kind="digest").pk) == "waiting"
        Subscription.objects.all().delete()
        assert sending.deliver(_late().pk) == "sent"
    for text in written():
        assert "What was read is not added up yet." in text
        assert any_saving(text) == []


def _late() -> Sending:
    subscription = factories.SubscriptionFactory(user=User.objects.get(username="executive"))
    return factories.SendingFactory(subscription=subscription, kind="late", day=night.today())


def test_no_late_mail_leaves_once_the_night_ended(complete: Team) -> None:
    assert sending.deliver(_late().pk) == "skipped"


def test_what_a_rule_says_of_itself_holds_no_figure() -> None:
    assert [rule.key for rule in watch.registry.rules().values() if any(letter.isdigit() for letter in f"{rule.label}{rule.words}")] == []


def test_a_mail_has_the_colours_of_the_pages() -> None:
    css, mails = settings.BASE_DIR / "static" / "css", settings.BASE_DIR / "templates" / "kpi" / "mail"
    for sheet, letter in (("tokens.css", "_panel.html"), ("dark.css", "_frame.html")):
        colours = re.findall(r"--(?:customer|wellbeing|resolution|savings|good|bad): (#\w{6})", (css / sheet).read_text())
        assert [colour for colour in colours if colour not in (mails / letter).read_text()] == []


@pytest.fixture
def of_one_night(complete: Team) -> list[Any]:
    """Three changes a single night brought, about the company, a site and a team; the reader asked before."""
    subscription, _made = Subscription.objects.get_or_create(user=User.objects.get(username="manager"), kind="alerts", filters="")
    Subscription.objects.filter(pk=subscription.pk).update(created_at=timezone.now() - timedelta(days=30))
    when = {"at": timezone.now(), "as_of": night.today()}
    found = []
    for dimension, member in (("all", 0), ("site", complete.site_id), ("team", complete.pk)):
        alert, _new = Alert.objects.get_or_create(
            rule="saving_while_wellbeing_falls", dimension=dimension, member=member, defaults={"since": timezone.now(), "state": "firing"}
        )
        found.append(factories.AlertChangeFactory(alert=alert, **when))
    return found


def test_what_one_night_changed_is_one_mail_with_all_four_and_holds_nothing_of_others(of_one_night: list[Any]) -> None:
    other = factories.TeamFactory(name="Somebody Else")
    hidden = Alert.objects.create(rule="saving_while_wellbeing_falls", dimension="team", member=other.pk, since=timezone.now())
    factories.AlertChangeFactory(alert=hidden, at=timezone.now(), as_of=night.today())
    with planted():
        for _minute in range(2):
            for pk in morning.morning():
                assert sending.deliver(pk) == "sent"
    assert [row.kind for row in Sending.objects.exclude(kind="late")] == ["alerts"]
    for text in written():
        assert text.count("/alerts/") >= 4, "each alert and the page of all"
        assert any_saving(text)
        assert alone(text) == []
        assert "Somebody Else" not in text


def test_while_the_night_is_still_evaluated_no_mail_about_it_is_asked_for(of_one_night: list[Any]) -> None:
    step = factories.NightStepFactory(night=Night.objects.get(), step="alerts", state="running")
    assert morning.morning() == []
    NightStep.objects.filter(pk=step.pk).update(state="done")
    assert len(morning.morning()) == 1


def test_of_a_night_that_changed_one_alert_of_the_reader_the_mail_is_about_that_one(of_one_night: list[Any]) -> None:
    team = of_one_night[2].alert.member
    Subscription.objects.update(filters=f"team={team}")
    [pk] = morning.morning()
    with planted():
        assert sending.deliver(pk) == "sent"
    assert mail.outbox[0].subject == "Counterweight: an alert fires"
