"""The second factor of an account: set up, asked for, replaced, taken away. A code is counted before it is looked at, and taken once."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from datetime import datetime, timedelta
from enum import Enum

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from kpi.accounts import device
from kpi.models import RecoveryCode, SecondFactor
from kpi.vendor import Problem

logger = logging.getLogger(__name__)
LIMIT = 10  # wrong codes in a row, then nobody may try
PAUSE = timedelta(minutes=15)
RECOVERY_CODES, GROUPS, LETTERS = 8, 6, 4
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else: 24 of them have 118 random bits


class Answer(Enum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    BLOCKED = "blocked"  # right or wrong: too many were wrong before


def of(user: User) -> SecondFactor | None:
    """The one that is in use."""
    return _in_use(user.pk).first()


def left(user: User) -> int:
    """Recovery codes that were not used."""
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def propose(user: User) -> None:
    """A new secret that is good for nothing until a code of it was entered; a device in use stays in use."""
    sealed = device.seal(user.pk, device.new_secret())
    SecondFactor.objects.update_or_create(user=user, defaults={"proposed": sealed})


def proposed(user: User) -> str:
    """The secret that is being set up, or nothing."""
    found = SecondFactor.objects.filter(user=user).first()
    return _opened(user.pk, found.proposed) if found else ""


@transaction.atomic
def confirm(user: User, given: str) -> list[str]:
    """The device is in use from now on: its recovery codes. Empty where the code was not right."""
    found = SecondFactor.objects.select_for_update().filter(user=user).exclude(proposed="").first()
    if found is None:
        return []
    now = timezone.now()
    secret = _opened(user.pk, found.proposed)
    step = device.step_of(secret, _digits(given), now.timestamp()) if secret else None
    if step is None:
        return []
    found.sealed, found.proposed, found.since, found.last_step = found.proposed, "", now, step
    found.failures, found.blocked_until = 0, None
    found.save()
    logger.info("second_factor.set_up", extra={"user": user.pk})
    return _new_codes(found)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Eight new recovery codes; the former ones are no longer good."""
    found = _in_use(user.pk).select_for_update().first()
    return _new_codes(found) if found else []


def reseal() -> tuple[int, int]:
    """Every secret under the key of today: how many were sealed anew, and how many no key opens."""
    done = lost = 0
    for row in SecondFactor.objects.exclude(sealed=""):
        if secret := _opened(row.user_id, row.sealed):
            done += SecondFactor.objects.filter(pk=row.pk, sealed=row.sealed).update(sealed=device.seal(row.user_id, secret), proposed="")
        else:
            lost += 1
    return done, lost


def take_away(user: User) -> bool:
    """The password alone is enough again; whether there was one."""
    found = SecondFactor.objects.filter(user=user).first()
    if found is None:
        return False
    found.delete()
    logger.info("second_factor.taken_away", extra={"user": user.pk})
    return True


def check(user: User, given: str) -> Answer:
    """A code of the device, or a recovery code."""
    now = timezone.now()
    if not _counted(user.pk, now):
        logger.warning("second_factor.blocked", extra={"user": user.pk})
        return Answer.BLOCKED
    found = _in_use(user.pk).first()
    if found is None or not (_takes_code(found, given, now) or _takes_recovery(found, given, now)):
        logger.warning("second_factor.refused", extra={"user": user.pk})
        return Answer.WRONG
    _in_use(user.pk).update(failures=0, blocked_until=None)
    return Answer.RIGHT


def _counted(user: int, now: datetime) -> bool:
    """Who guesses at many places at once is counted at each: the count comes first. A pause that is over begins anew."""
    _in_use(user).filter(blocked_until__lte=now).update(failures=0, blocked_until=None)
    if not _in_use(user).filter(blocked_until=None).update(failures=F("failures") + 1):
        return False
    _in_use(user).filter(failures__gte=LIMIT).update(blocked_until=now + PAUSE)
    return True


def _takes_code(found: SecondFactor, given: str, now: datetime) -> bool:
    secret = _opened(found.user_id, found.sealed)
    step = device.step_of(secret, _digits(given), now.timestamp()) if secret else None
    return step is not None and bool(SecondFactor.objects.filter(pk=found.pk, last_step__lt=step).update(last_step=step))


def _opened(owner: int, sealed: str) -> str:
    """The secret; none where the key it was sealed under is lost: recovery codes are good all the same."""
    try:
        return device.unseal(owner, sealed) if sealed else ""
    except Problem as problem:
        logger.error("second_factor.not_opened", extra={"user": owner, "problem": problem.code})
        return ""


def _takes_recovery(found: SecondFactor, given: str, now: datetime) -> bool:
    used = found.recovery_codes.filter(digest=_digest(given), used_at=None).update(used_at=now)
    if used:
        logger.warning("second_factor.recovery_code_used", extra={"user": found.user_id})
    return bool(used)


def _new_codes(found: SecondFactor) -> list[str]:
    found.recovery_codes.all().delete()
    codes = ["-".join(_group() for _each in range(GROUPS)) for _one in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=found, digest=_digest(code)) for code in codes)
    return codes


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))


def _digest(code: str) -> str:
    """With 118 random bits a plain hash cannot be turned around. Spaces, hyphens and capitals make no difference."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()


def _digits(given: str) -> str:
    return re.sub(r"\s", "", given)[:12]


def _in_use(user: int) -> QuerySet[SecondFactor]:
    return SecondFactor.objects.filter(user=user).exclude(sealed="")
