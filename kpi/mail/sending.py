"""One mail from its row to the server: made under the reader's rights, handed over once."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from kpi import looks
from kpi.mail import alert, digest, late, night_alerts, queue, troubled
from kpi.mail.letter import Letter, NoLetter, message_of
from kpi.models import Sending
from kpi.seen import Seen, watching
from kpi.steps import step

logger = logging.getLogger(__name__)
State = Sending.State
FOR_GOOD = 500  # answers of a mail server from here on say that trying again is of no use

Compose = Callable[[Sending], Letter | NoLetter]
MADE_BY: dict[str, Compose] = {
    Sending.Kind.DIGEST: digest.compose,
    Sending.Kind.LATE: lambda row: late.compose(row.subscription),
    Sending.Kind.ALERT: alert.compose,
    Sending.Kind.ALERTS: night_alerts.compose,
    Sending.Kind.NIGHT: troubled.compose,
}


def deliver(pk: int) -> str:
    """The state the mail is in afterwards; "taken" where somebody else has it."""
    attempt = queue.claim(pk)
    if attempt is None:
        return "taken"
    step("mail claimed")
    row = Sending.objects.select_related("subscription__user", "change__alert").get(pk=pk)
    with watching() as found:
        made = MADE_BY[row.kind](row)
    if isinstance(made, NoLetter):
        return _not_sent(row, attempt, made)
    return _send(row, attempt, made, tuple(found))


def _not_sent(row: Sending, attempt: int, why: NoLetter) -> str:
    """Said without a number and without a name."""
    logger.info("mail.not_sent", extra={"mail": row.pk, "kind": row.kind, "reason": why.reason})
    if why.later:
        queue.put_back(row.pk, attempt, why.reason)
        return str(State.WAITING)
    queue.ended(row.pk, attempt, State.SKIPPED, reason=why.reason)
    return str(State.SKIPPED)


def _send(row: Sending, attempt: int, letter: Letter, found: tuple[Seen, ...]) -> str:
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:  # nothing has left
        return _refused(row, attempt, error)
    try:
        state = _hand_over(row, attempt, letter, connection)
        if state in (State.SENT, State.UNKNOWN):
            looks.mailed(row.pk, row.subscription.user, row.kind, found)
        return state
    finally:
        _close(connection)


def _hand_over(row: Sending, attempt: int, letter: Letter, connection: BaseEmailBackend) -> str:
    message = message_of(row, letter, connection)
    message.message()  # what cannot be written down fails here, before the outcome is open
    if not queue.hand_over(row.pk, attempt):
        return "taken"
    step("mail handed over")
    try:
        connection.send_messages([message])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:  # the server said no
        return _refused(row, attempt, error)
    except (OSError, smtplib.SMTPException) as error:  # silence: it may have taken the mail
        queue.ended(row.pk, attempt, State.UNKNOWN, reason="server_silent", error=_named(error))
        logger.error("mail.unknown", extra={"mail": row.pk, "kind": row.kind, "error": type(error).__name__})
        return str(State.UNKNOWN)
    step("mail sent")
    queue.ended(row.pk, attempt, State.SENT)
    logger.info("mail.sent", extra={"mail": row.pk, "kind": row.kind})
    return str(State.SENT)


def _refused(row: Sending, attempt: int, error: Exception) -> str:
    code = _code(error)
    logger.warning("mail.refused", extra={"mail": row.pk, "kind": row.kind, "error": type(error).__name__, "code": code})
    if code >= FOR_GOOD and not isinstance(error, smtplib.SMTPAuthenticationError):
        queue.ended(row.pk, attempt, State.FAILED, reason="refused", error=_named(error))
        return str(State.FAILED)
    return str(State.WAITING if queue.again(row.pk, attempt, _named(error)) else State.FAILED)


def _code(error: Exception) -> int:
    """The server's answer; 0 where there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _words in error.recipients.values()), default=0)
    return int(getattr(error, "smtp_code", 0) or 0)


def _named(error: Exception) -> str:
    """Its type and code: the words of a server may hold an address."""
    code = _code(error)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        logger.info("mail.close_failed", extra={"error": type(error).__name__})
