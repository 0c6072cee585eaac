"""The page "Mails", the way to end one without logging in, and the page "Alerts" with its button."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from kpi import night, watch
from kpi.mail.stopping import token_of
from kpi.models import Alert, AlertChange, Membership, Subscription, Team
from kpi.models.alert import Stands
from tests import factories
from tests.web.planted import alone, any_saving, planted
from tests.web.test_every_surface import centre, client_of  # noqa: F401  a fixture among them

pytestmark = pytest.mark.django_db
WEEKLY = {"kind": "digest", "rhythm": "weekly", "weekday": "2", "language": "en", "period": "4w", "compare": "previous"}


def mine(role: str = "executive") -> list[Subscription]:
    return list(Subscription.objects.filter(user__username=role))


def test_a_mail_is_asked_for_with_the_filters_of_the_page(centre: Team) -> None:  # noqa: F811
    client = client_of("executive")
    for _twice in range(2):
        assert client.post("/mails/new/", WEEKLY | {"site": str(centre.site_id)}).status_code == 302
    [found] = mine()
    assert (found.kind, found.rhythm, found.weekday) == ("digest", "weekly", 2)
    assert found.filters == f"period=4w&compare=previous&site={centre.site_id}"
    page = client.get("/mails/").content.decode()
    assert "Every Wednesday" in page
    assert "Last 4 complete weeks" in page


def test_a_mail_is_offered_in_the_language_of_the_page(centre: Team) -> None:  # noqa: F811
    client = client_of("executive")
    for language in ("de", "en"):
        page = client.get("/mails/", headers={"accept-language": language}).content.decode()
        assert f'<option value="{language}" selected>' in page


def test_a_digest_has_a_period_that_moves_on_and_an_alert_none(centre: Team) -> None:  # noqa: F811
    client = client_of("executive")
    fixed = {"period": "custom", "from": "2026-02-02", "to": "2026-03-01"}
    client.post("/mails/new/", WEEKLY | fixed)
    client.post("/mails/new/", WEEKLY | fixed | {"kind": "alerts", "team": str(centre.pk)})
    assert [found.filters for found in mine()] == ["period=13w&compare=previous", f"team={centre.pk}"]


def test_what_is_not_understood_or_not_ones_own_is_refused(centre: Team) -> None:  # noqa: F811
    client, other = client_of("manager"), Team.objects.exclude(pk=centre.pk)[0]
    for wrong in ({"weekday": "9"}, {"kind": "gossip"}, {"language": "xx"}, {"team": str(other.pk)}, {"period": "ever"}):
        assert client.post("/mails/new/", WEEKLY | wrong).status_code == 400
    assert client_of("steward").post("/mails/new/", WEEKLY).status_code == 403
    assert Client().post("/mails/new/", WEEKLY).status_code == 302
    assert Subscription.objects.count() == 0


def test_one_reads_and_ends_ones_own_mails_alone(centre: Team) -> None:  # noqa: F811
    own = factories.SubscriptionFactory(user=User.objects.get(username="executive"))
    stranger = client_of("analyst")
    assert [stranger.get(f"/mails/{own.pk}/").status_code, stranger.post(f"/mails/{own.pk}/end/").status_code] == [404, 404]
    client = client_of("executive")
    User.objects.update(email="reader@example.org")
    with planted():
        text = client.get(f"/mails/{own.pk}/").content.decode()
    assert any_saving(text)
    assert alone(text) == []
    assert client.post(f"/mails/{own.pk}/end/").status_code == 302
    own.refresh_from_db()
    assert (own.active, own.ended_at is not None) == (False, True)


def test_a_mail_program_ends_a_mail_with_one_post_and_without_logging_in() -> None:
    own = factories.SubscriptionFactory()
    anybody = Client(enforce_csrf_checks=True)
    address = f"/mails/stop/{token_of(own.pk)}/"
    assert "Stop this mail?" in anybody.get(address).content.decode()
    own.refresh_from_db()
    assert own.active  # a page that is looked at ends nothing: scanners open every link
    for _twice in range(2):
        answer = anybody.post(address, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "This mail is stopped" in answer.content.decode()) == (200, True)
    own.refresh_from_db()
    assert not own.active


@pytest.mark.parametrize("token", ["1", "1:abc", "x:y", token_of(7)[:-1], token_of(7).replace("7", "8", 1)])
def test_a_token_of_somebody_else_ends_nothing(token: str) -> None:
    own = factories.SubscriptionFactory()
    assert Client().post(f"/mails/stop/{token}/").status_code == 404
    own.refresh_from_db()
    assert own.active


def test_a_firing_alert_is_taken_on_once_with_name_and_note(centre: Team) -> None:  # noqa: F811
    alert, client = Alert.objects.get(), client_of("executive")
    with planted():
        for note in ("Relief shifts\r\nfrom Monday\x00", "again"):
            client.post(f"/alerts/{alert.pk}/take-on/", {"note": note})
        page = client.get(f"/alerts/{alert.pk}/").content.decode()
    [change] = AlertChange.objects.all()
    assert (change.before, change.after, change.username, change.note) == (
        "firing", "acknowledged", "executive", "Relief shifts from Monday",
    )  # fmt: skip
    assert "Relief shifts from Monday" in page
    assert "Take it on" not in page


def test_a_note_that_names_a_person_is_refused_and_the_alert_stays(centre: Team) -> None:  # noqa: F811
    alert, client = Alert.objects.get(), client_of("executive")
    with planted():
        page = client.post(f"/alerts/{alert.pk}/take-on/", {"note": "ask kim@example.org"}, follow=True).content.decode()
    assert "An e-mail address belongs to a person" in page
    assert not AlertChange.objects.exists()


def test_nothing_fires_is_said_only_after_somebody_looked(centre: Team) -> None:  # noqa: F811
    alert, client = Alert.objects.get(), client_of("executive")
    Alert.objects.update(state="ok")
    assert "Nothing fires." in client.get("/alerts/").content.decode()
    alert.delete()
    page = client.get("/alerts/").content.decode()
    assert "Not judged yet: the first night will." in page
    assert "Nothing fires" not in page


def test_nobody_takes_on_or_reads_an_alert_about_a_scope_that_is_not_theirs(centre: Team) -> None:  # noqa: F811
    other = Team.objects.exclude(pk=centre.pk)[0]
    hidden = factories.AlertFactory(dimension="team", member=other.pk)
    client = client_of("manager")
    with planted():
        assert client.get(f"/alerts/{hidden.pk}/").status_code == 404
        assert client.post(f"/alerts/{hidden.pk}/take-on/").status_code == 404
        assert client_of("steward").post(f"/alerts/{hidden.pk}/take-on/").status_code == 403
        assert f"/alerts/{hidden.pk}/" not in client.get("/alerts/").content.decode()
        told = [item["id"] for item in client.get("/api/v1/alerts").json()["alerts"]]
    assert told == [Alert.objects.get(dimension="all").pk]
    assert Alert.objects.get(pk=hidden.pk).state == "firing"


def test_an_alert_as_data_holds_no_figure_outside_of_its_panel(centre: Team) -> None:  # noqa: F811
    with planted():
        [told] = client_of("executive").get("/api/v1/alerts").json()["alerts"]
    shown = told.pop("panel")
    assert any_saving(str(shown))
    assert any_saving(str(told)) == []
    assert told["companions"]


def test_what_happened_to_an_alert_stands(centre: Team) -> None:  # noqa: F811
    change = factories.AlertChangeFactory(alert=Alert.objects.get())
    for rewrite in (change.save, change.delete, AlertChange.objects.all().delete, lambda: AlertChange.objects.update(note="else")):
        with pytest.raises(Stands):
            rewrite()
    for sql in ("UPDATE kpi_alertchange SET note = 'else'", "DELETE FROM kpi_alertchange"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_night_raises_an_alert_after_two_evaluations_and_ends_it_after_two(
    centre: Team,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    clock: Any,
) -> None:
    Alert.objects.all().delete()
    said, day = ["fires"], [watch.data_as_of()]
    rules = {key: rule for key, rule in watch.registry.rules().items() if key == "saving_without_fresh_wellbeing"}
    spoken = watch.replace(rules["saving_without_fresh_wellbeing"], judge=lambda _sight: watch.Said(said[0]))
    monkeypatch.setattr(watch.registry, "rules", cache(lambda: {spoken.key: spoken}))
    monkeypatch.setattr(watch, "look", lambda *_asked: object())
    monkeypatch.setattr(watch, "data_as_of", lambda: day[0])
    monkeypatch.setattr(watch.gaps, "first_day", lambda: day[0] - timedelta(weeks=20))

    def nights(*answers: str) -> list[int]:
        found = []
        for answer in answers:
            said[0], day[0] = answer, day[0] + timedelta(1)
            found.append(watch.watch())
        return found

    units = len(list(watch.units()))
    assert nights("fires") == [units]  # and a week before: what has lasted is told on the first night
    assert nights("quiet", "fires", "unknown", "quiet") == [0, 0, 0, 0]
    assert nights("quiet") == [units]
    assert nights("fires") == [0]
    assert watch.watch() == 0  # the same night again
    assert nights("fires") == [units]
    assert AlertChange.objects.count() == 3 * units


def test_administrators_send_anew_what_failed_and_nothing_else(centre: Team) -> None:  # noqa: F811
    failed, sent = (factories.SendingFactory(state=state) for state in ("failed", "sent"))
    client = client_of("boss")
    client.post("/admin/kpi/sending/", {"action": "send_anew", "_selected_action": [failed.pk, sent.pk]})
    failed.refresh_from_db()
    sent.refresh_from_db()
    assert (failed.state, sent.state) == ("waiting", "sent")
    own = factories.SubscriptionFactory(user=User.objects.get(username="boss"))
    client.post("/admin/kpi/subscription/", {"action": "end", "_selected_action": [own.pk]})
    assert not Subscription.objects.get(pk=own.pk).active


def test_a_page_says_when_mails_cannot_reach_the_reader(centre: Team, settings: Any) -> None:  # noqa: F811
    User.objects.filter(username="executive").update(email="")
    assert "You have no mail address here" in client_of("executive").get("/mails/").content.decode()
    settings.MAILS_ARE_SENT = False
    assert "No mail server is set up" in client_of("executive").get("/mails/").content.decode()
    assert Membership.objects.filter(user__username="executive").exists()


def test_a_rule_that_fails_says_nothing_and_keeps_no_other_from_being_heard() -> None:
    def broken(_sight: object) -> watch.Said:
        raise ZeroDivisionError

    rule = watch.replace(watch.registry.rules()["substitution"], judge=broken)
    assert watch._judged(rule, watch.Sight(None)) is watch.Said.UNKNOWN  # type: ignore[arg-type]


def test_mails_and_alerts_can_be_had_by_hand_too(centre: Team, capsys: pytest.CaptureFixture[str], clock: Any) -> None:  # noqa: F811
    factories.SubscriptionFactory(user=User.objects.get(username="executive"), rhythm="daily", filters="")
    User.objects.update(email="reader@example.org")
    call_command("send_mails")
    assert "The check that recomputes every total has not ended." in capsys.readouterr().out
    with planted():
        night.checked(0)
        call_command("send_mails")
        call_command("send_mails")
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("Mails: 1 sent.")
    assert second == "0 alerts changed their state. Mails: none."
