"""A mail leaves once: whoever dies between the claim and the server, whatever the server answers."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from kpi import steps
from kpi.mail import queue, sending
from kpi.mail.letter import Letter, NoLetter
from kpi.models import Sending
from tests import factories
from tests.factories.mails import NIGHT

pytestmark = pytest.mark.django_db
LETTER = Letter("Counterweight: your weekly digest", "as text", "<p>as text</p>")


class Killed(BaseException):
    """The worker is gone in this very moment."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[[Letter | NoLetter], None]:
    """What a mail is made of."""

    def give(found: Letter | NoLetter) -> None:
        monkeypatch.setitem(sending.MADE_BY, "digest", lambda _row: found)

    give(LETTER)
    return give


@pytest.fixture
def row(made: object, clock: Any) -> Sending:
    return factories.SendingFactory(subscription__user__email="reader@example.org")


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def choose(name: str) -> None:
        def step(reached: str) -> None:
            if reached == name:
                raise Killed(name)

        monkeypatch.setattr(steps, "on_step", step)

    return choose


def server(monkeypatch: pytest.MonkeyPatch, *, opening: Exception | None = None, sends: Exception | None = None) -> None:
    """A mail server that answers so."""

    def act(error: Exception | None) -> Any:
        if error:
            raise error

    backend = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(f"{backend}.open", lambda self: act(opening), raising=False)
    if sends:
        monkeypatch.setattr(f"{backend}.send_messages", lambda self, messages: act(sends))


def state_of(row: Sending) -> tuple[str, str, int]:
    row.refresh_from_db()
    return row.state, row.reason, row.attempt


def test_a_mail_is_asked_for_once_and_sent_once(row: Sending) -> None:
    queue.ask(Sending.Kind.DIGEST, NIGHT, [row.subscription_id])
    assert Sending.objects.count() == 1
    assert [sending.deliver(row.pk), sending.deliver(row.pk)] == ["sent", "taken"]
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["reader@example.org"]
    assert (queue.waiting(timezone.now()), state_of(row)) == ([], ("sent", "", 1))


def test_the_database_itself_keeps_a_mail_from_being_there_twice(row: Sending) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.SendingFactory(subscription=row.subscription)


def test_a_worker_killed_before_the_mail_left_loses_nothing(row: Sending, killed_at: Callable[[str], None], clock: Any) -> None:
    killed_at("mail claimed")
    with pytest.raises(Killed):
        sending.deliver(row.pk)
    killed_at("")
    assert sending.deliver(row.pk) == "taken"  # while the lease runs
    clock.shift(queue.LEASE + timedelta(seconds=1))
    assert queue.waiting(timezone.now()) == [row.pk]
    assert sending.deliver(row.pk) == "sent"
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("moment", ["mail handed over", "mail sent"])
def test_a_worker_killed_at_the_server_neither_sends_twice_nor_keeps_silent(
    moment: str, row: Sending, killed_at: Callable[[str], None], clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    killed_at(moment)
    with pytest.raises(Killed):
        sending.deliver(row.pk)
    killed_at("")
    clock.shift(queue.LEASE + timedelta(seconds=1))
    assert queue.waiting(timezone.now()) == []
    assert queue.settle(timezone.now()) == 1
    assert state_of(row) == ("unknown", "worker_ended", 1)
    assert "mail.unknown" in caplog.text
    assert len(mail.outbox) == (1 if moment == "mail sent" else 0)
    assert queue.send_anew(row)  # a person decides
    assert sending.deliver(row.pk) == "sent"


def test_a_worker_that_wakes_up_late_sends_nothing(row: Sending, monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    def another_was_quicker(_row: Sending) -> Letter:
        clock.shift(queue.LEASE + timedelta(seconds=1))
        monkeypatch.setitem(sending.MADE_BY, "digest", lambda _row: LETTER)
        assert sending.deliver(row.pk) == "sent"
        return LETTER

    monkeypatch.setitem(sending.MADE_BY, "digest", another_was_quicker)
    assert sending.deliver(row.pk) == "taken"
    assert len(mail.outbox) == 1


def test_a_server_that_is_away_is_tried_again_later_each_time(row: Sending, monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    server(monkeypatch, opening=ConnectionRefusedError())
    waits = []
    for _attempt in range(queue.ATTEMPTS):
        sending.deliver(row.pk)
        row.refresh_from_db()
        waits.append(row.not_before and row.not_before - timezone.now())
        clock.shift(timedelta(hours=9))
    assert waits == [*queue.BACKOFF, None]
    assert (state_of(row), row.error) == (("failed", "refused", queue.ATTEMPTS), "ConnectionRefusedError")
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (smtplib.SMTPDataError(451, b"reader@example.org: later"), "waiting", "SMTPDataError 451"),
        (smtplib.SMTPDataError(554, b"no"), "failed", "SMTPDataError 554"),
        (
            smtplib.SMTPRecipientsRefused({"reader@example.org": (550, b"no reader@example.org")}),
            "failed",
            "SMTPRecipientsRefused 550",
        ),
        (smtplib.SMTPServerDisconnected("gone"), "unknown", "SMTPServerDisconnected"),
        (TimeoutError("silent"), "unknown", "TimeoutError"),
    ],
    ids=["not now", "never", "no such reader", "gone", "silent"],
)
def test_what_a_server_answers_decides(error: Exception, state: str, said: str, row: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    server(monkeypatch, sends=error)
    assert sending.deliver(row.pk) == state
    row.refresh_from_db()
    assert row.error == said  # and no word of the server, which may hold an address


def test_a_mail_that_has_to_wait_is_no_attempt(row: Sending, made: Callable[[Letter | NoLetter], None], clock: Any) -> None:
    made(NoLetter("night_open", later=True))
    for _minute in range(20):
        assert sending.deliver(row.pk) == "waiting"
        clock.shift(queue.LATER)
    assert state_of(row) == ("waiting", "night_open", 0)


def test_a_mail_nobody_may_get_is_skipped_for_good(row: Sending, made: Callable[[Letter | NoLetter], None]) -> None:
    made(NoLetter("role_lost"))
    assert sending.deliver(row.pk) == "skipped"
    assert (state_of(row), queue.waiting(timezone.now()), mail.outbox) == (("skipped", "role_lost", 1), [], [])


def test_a_mail_whose_making_kills_every_worker_is_given_up(row: Sending, killed_at: Callable[[str], None], clock: Any) -> None:
    killed_at("mail claimed")
    for _attempt in range(queue.ATTEMPTS):
        with pytest.raises(Killed):
            sending.deliver(row.pk)
        clock.shift(queue.LEASE + timedelta(seconds=1))
    assert sending.deliver(row.pk) == "taken"
    assert state_of(row) == ("failed", "attempts", queue.ATTEMPTS)


def test_a_mail_carries_the_way_to_end_it_and_an_identity_that_stays(row: Sending) -> None:
    sending.deliver(row.pk)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/mails/stop/")
    assert headers["Message-ID"] == f"<digest-{row.pk}@127.0.0.1>"
