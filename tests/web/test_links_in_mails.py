"""What the links of a mail can do in the hands of whoever has it: end that mail, for ever; everything else asks for a log-in."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail, signing
from django.test import Client, override_settings
from django.urls import reverse

from kpi.intake import sending as files
from kpi.mail import sending
from kpi.mail.stopping import SALT, token_of
from kpi.models import Subscription, Team
from kpi.source import Refused
from tests import factories
from tests.web.planted import any_saving, planted
from tests.web.test_every_mail import asked, change, complete  # noqa: F401  a fixture
from tests.web.test_every_surface import centre  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
YEARS = 5 * 366 * 24 * 3600
FORMER, NEW = "f" * 50, "n" * 50


def links() -> set[str]:
    """Of both forms and the headers of every mail that was sent."""
    texts = [text for message in mail.outbox for text in (message.body, message.alternatives[0][0], *message.extra_headers.values())]
    found = {urlsplit(address) for text in texts for address in re.findall(r"https?://[^\s\"<>]+", text)}
    return {f"{parts.path}?{parts.query}".rstrip("?") for parts in found}


def test_of_the_links_of_a_mail_one_ends_it_and_all_others_ask_who_opens_them(complete: Team) -> None:  # noqa: F811
    with planted():
        for row in (asked("executive"), asked("executive", "alerts", change=change())):
            assert sending.deliver(row.pk) == "sent"
        stops = {f"/mails/stop/{token_of(item.pk)}/" for item in Subscription.objects.all()}
        assert stops < links()
        for address in links() - stops:
            answer = Client().get(address)
            assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (302, reverse(settings.LOGIN_URL)), address
        for address in stops:
            anybody = Client()
            for answer in (anybody.get(address), anybody.post(address)):
                text = answer.content.decode()
                assert any_saving(text) == []
                assert not any(str(user.username) in text for user in User.objects.exclude(username="boss"))
            assert anybody.cookies.get(settings.SESSION_COOKIE_NAME) is None
            assert anybody.get("/").status_code == 302, "who ended a mail is still nobody"


def test_a_link_to_end_a_mail_works_after_years(clock: Any) -> None:
    own = factories.SubscriptionFactory()
    address = f"/mails/stop/{token_of(own.pk)}/"
    clock.shift(YEARS)
    assert Client().post(address).status_code == 200
    own.refresh_from_db()
    assert not own.active


def test_it_works_after_another_key_where_the_former_one_is_named() -> None:
    own = factories.SubscriptionFactory()
    with override_settings(SECRET_KEY=FORMER):
        address = f"/mails/stop/{token_of(own.pk)}/"
    with override_settings(SECRET_KEY=NEW):
        assert Client().post(address).status_code == 404
    with override_settings(SECRET_KEY=NEW, SECRET_KEYS_OLD=[FORMER]):
        assert Client().post(address).status_code == 200
    own.refresh_from_db()
    assert not own.active


def test_a_former_key_opens_nothing_else() -> None:
    user = factories.UserFactory()
    client = Client()
    with override_settings(SECRET_KEY=FORMER):
        client.force_login(user)
        ticket = signing.dumps({"place": "x/y.csv"}, salt=files.SALT)
    with override_settings(SECRET_KEY=NEW, SECRET_KEYS_OLD=[FORMER]):
        assert client.get("/").status_code == 302
        with pytest.raises(Refused, match="waited too long"):
            files.store(ticket, user)


def test_a_token_is_of_no_use_for_another_purpose_and_a_file_that_waits_has_an_hour(clock: Any) -> None:
    user = factories.UserFactory()
    with pytest.raises(Refused, match="waited too long"):
        files.store(signing.dumps({"place": "x/y.csv"}, salt=SALT), user)
    ticket = signing.dumps({"place": "x/y.csv"}, salt=files.SALT)
    clock.shift(files.VALID_S + 1)
    with pytest.raises(Refused, match="waited too long"):
        files.store(ticket, user)
