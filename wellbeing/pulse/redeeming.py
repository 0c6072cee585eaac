"""A code for an answer: one transaction that deletes the one and stores the other, and keeps nothing of how they belong together."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from wellbeing.models import Asked, Pulse, PulseCode, SealedAnswer
from wellbeing.pulse import keys, sealing
from wellbeing.pulse.questionnaire import Answers, packed


def accepting() -> Iterator[tuple[Pulse, bytes]]:
    """Open waves whose last day is not over, with their keys."""
    waves = Pulse.objects.filter(state=Pulse.State.OPEN, wave__closed_on__gte=timezone.localdate()).select_related("wave")
    for pulse in waves:
        key = keys.read(pulse.key_name)
        if key is not None:
            yield pulse, key


def wave_of(code: str) -> Pulse | None:
    """The open wave in which this code is still unused."""
    for pulse, key in accepting():
        if _unused(pulse, key, code) is not None:
            return pulse
    return None


def redeem(code: str, answers: Answers) -> bool:
    """False where the code is used, cancelled or of a closed wave; then nothing is stored."""
    return any(_redeem_in(pulse, key, code, answers) for pulse, key in accepting())


def _redeem_in(pulse: Pulse, key: bytes, code: str, answers: Answers) -> bool:
    found = _unused(pulse, key, code)
    if found is None:
        return False
    with transaction.atomic():
        # held until the commit: a wave that closes meanwhile waits for this answer, or this answer comes too late
        if not Pulse.objects.select_for_update().filter(pk=pulse.pk, state=Pulse.State.OPEN).exists():
            return False
        if PulseCode.objects.filter(pk=found.pk).delete()[0] != 1:  # somebody else was quicker with the same code
            return False
        if SealedAnswer.objects.filter(asked=found.asked_id).count() >= Asked.objects.get(pk=found.asked_id).people:
            return False  # a second sheet never brings more answers than there are people
        SealedAnswer.objects.create(asked_id=found.asked_id, sealed=sealing.seal(key, packed(answers)))
    return True


def _unused(pulse: Pulse, key: bytes, code: str) -> PulseCode | None:
    return PulseCode.objects.filter(asked__pulse=pulse, digest=sealing.digest(key, code)).first()
