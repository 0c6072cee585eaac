"""Handing out codes: one for each person of a team, told once. Neither the codes nor where they went is kept.

New codes cancel the unused ones of the team. How many were unused nobody learns: there are always as many new ones as people.
"""

from __future__ import annotations

import csv
import smtplib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

import segno
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from wellbeing.models import Asked, Pulse, PulseCode
from wellbeing.pulse import codes, keys, sealing
from wellbeing.pulse.opening import Refused

LENGTHS = {Asked.Handed.PRINT: codes.PRINTED, Asked.Handed.LINKS: codes.LINK, Asked.Handed.MAIL: codes.LINK}


@dataclass(frozen=True)
class Slip:
    """One person's piece of the sheet: the code as it is typed, and a picture that leads to the page with it."""

    code: str
    picture: str


def hand_out(asked: Asked, kind: Asked.Handed, number: int | None = None) -> list[str]:
    """New codes of this team, for everybody or for so many; the unused ones are cancelled. Refused when the wave is not open."""
    number = asked.people if number is None else min(number, asked.people)
    with transaction.atomic():
        pulse = Pulse.objects.select_for_update(of=("self",)).select_related("wave").get(pk=asked.pulse_id)
        key = keys.read(pulse.key_name)
        if pulse.state != Pulse.State.OPEN or pulse.wave.closed_on < timezone.localdate() or key is None:
            raise Refused(_("The wave is closed: no more codes are handed out."))
        made = [codes.make(LENGTHS[kind]) for _place in range(number)]
        PulseCode.objects.filter(asked=asked).delete()
        # in the order of their hashes: the order of the sheet would say whose row is whose
        PulseCode.objects.bulk_create(
            PulseCode(asked=asked, digest=digest) for digest in sorted(sealing.digest(key, code) for code in made)
        )
        asked.handed, asked.handed_on = kind, timezone.localdate()
        asked.save(update_fields=["handed", "handed_on"])
    return made


def link(address: str, code: str) -> str:
    """The code stands behind #: no browser sends that part to any server, so no log has it."""
    return f"{address}#{codes.written(code)}"


def slips(address: str, made: Iterable[str]) -> list[Slip]:
    return [Slip(codes.written(code), segno.make(link(address, code), micro=False).svg_data_uri(scale=3, border=0)) for code in made]


def write_links(address: str, made: Iterable[str], file: TextIO) -> None:
    """For the centre's own mail system: one line for each person."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["link", "code"])
    writer.writerows([link(address, code), codes.written(code)] for code in made)


def read_addresses(text: str, people: int) -> list[str]:
    """One to a line or separated by commas; refused with the lines that are none. Nobody gets two."""
    found = list(
        dict.fromkeys(part.strip().casefold() for line in text.splitlines() for part in line.replace(";", ",").split(",") if part.strip())
    )
    wrong = [part for part in found if not _is_address(part)]
    if wrong:
        raise Refused(_("Not an address: %(wrong)s. Nothing was sent.") % {"wrong": ", ".join(wrong[:5])})
    if not found:
        raise Refused(_("There is no address. Nothing was sent."))
    if len(found) > people:
        raise Refused(_("%(n)d addresses for %(people)d people. Nothing was sent.") % {"n": len(found), "people": people})
    return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def send(asked: Asked, addresses: Sequence[str], address: str) -> list[str]:
    """A mail with a link to each; those that the mail server did not take are returned and their codes cancelled."""
    made = dict(zip(addresses, hand_out(asked, Asked.Handed.MAIL, len(addresses)), strict=True))
    failed = _unsent([(to, _message(asked, to, link(address, code))) for to, code in made.items()])
    _cancel(asked, [made[to] for to in failed])
    return failed


def _unsent(messages: Sequence[tuple[str, EmailMessage]]) -> list[str]:
    """To whom no mail went; one connection for all."""
    failed, connection = [], mail.get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError):
        return [to for to, _message in messages]
    try:
        for to, message in messages:
            message.connection = connection
            try:
                message.send()
            except (smtplib.SMTPException, OSError):
                failed.append(to)
    finally:
        connection.close()
    return failed


def _message(asked: Asked, to: str, own_link: str) -> EmailMessage:
    text = render_to_string("wellbeing/pulse_mail.txt", {"link": own_link, "closes_on": asked.pulse.wave.closed_on})
    subject = "Three minutes about your work · Drei Minuten über Ihre Arbeit"  # in both languages: we do not know whose is which
    return EmailMessage(subject, text, to=[to], headers={"Auto-Submitted": "auto-generated"})


def _cancel(asked: Asked, unsent: Iterable[str]) -> None:
    key = keys.read(asked.pulse.key_name)
    if key is not None:
        PulseCode.objects.filter(asked=asked, digest__in=[sealing.digest(key, code) for code in unsent]).delete()
