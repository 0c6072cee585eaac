"""A wave closes by itself, and its answers take the way of every other file: preview rules, ledger, totals, anonymity, index.

Each step looks first at what is there, so that a night that dies anywhere goes on where it was: no answer is lost, none counts twice.

    open ──freeze──▶ closing, with a parcel ──deliver──▶ file, run, import ──finish──▶ closed, without parcel, file and key

Freezing is one transaction: answers are unsealed, put in random order under new random names, written as one file, sealed as one parcel;
answers and codes are deleted. The parcel is the same however often it is delivered, so the import knows its bytes again.
"""

from __future__ import annotations

import csv
import io
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kpi import ingest
from kpi.anonymity import smallest_group
from kpi.ingest.inbox import inbox
from kpi.models import DataSource, ImportRun
from kpi.steps import step
from kpi.tasks import ring, roll_up
from wellbeing.models import Parcel, Pulse, PulseCode, SealedAnswer
from wellbeing.pulse import keys, response, sealing
from wellbeing.pulse.questionnaire import unpacked

SOURCE, FORMAT = "pulse", "wellbeing_answers_csv"
COLUMNS = ("wave", "wave_closed_on", "team", "respondent", "instrument", "items")
OVER = (ImportRun.State.DONE, ImportRun.State.TAKEN_BACK)
STEPS = ("pulse frozen", "pulse written", "pulse run opened", "pulse imported", "pulse finished", "pulse key destroyed")

logger = logging.getLogger(__name__)
shuffled = secrets.SystemRandom()


def close_due() -> int:
    """Every wave whose last day is over, or that was ended: as far towards closed as it goes now. How many were closed."""
    today = timezone.localdate()
    for pulse in Pulse.objects.filter(state=Pulse.State.OPEN, wave__closed_on__lt=today):
        _stop(pulse)
    closed = sum(_close(pulse) for pulse in Pulse.objects.filter(state=Pulse.State.CLOSING).select_related("wave"))
    for name in Pulse.objects.filter(state=Pulse.State.CLOSED).values_list("key_name", flat=True):
        keys.destroy(name)
    keys.destroy_others(Pulse.objects.exclude(state=Pulse.State.CLOSED).values_list("key_name", flat=True))
    return closed


def _stop(pulse: Pulse) -> None:
    """Looks again at the day under the lock: it may have been extended this very moment."""
    with transaction.atomic():
        held = Pulse.objects.select_for_update(of=("self",)).select_related("wave").get(pk=pulse.pk)
        if held.state == Pulse.State.OPEN and held.wave.closed_on < timezone.localdate():
            held.state = Pulse.State.CLOSING
            held.save(update_fields=["state"])


def _close(pulse: Pulse) -> bool:
    key = keys.read(pulse.key_name)
    if key is None:
        logger.error("pulse.key_lost", extra={"pulse": pulse.pk})
        return False
    _freeze(pulse, key)
    step("pulse frozen")
    parcel = Parcel.objects.filter(pulse=pulse).first()
    if parcel is not None and not _deliver(pulse, sealing.unseal(key, bytes(parcel.sealed))):
        return False
    _finish(pulse)
    step("pulse finished")
    keys.destroy(pulse.key_name)
    step("pulse key destroyed")
    return True


def _freeze(pulse: Pulse, key: bytes) -> None:
    """Once: afterwards there is an outcome, and neither codes nor single answers."""
    with transaction.atomic():
        held = Pulse.objects.select_for_update(of=("self",)).select_related("wave").get(pk=pulse.pk)
        if held.outcome != Pulse.Outcome.UNKNOWN:
            return
        answers = list(_readable(held, key))
        response.keep(held, response.told(held, final=True))
        if answers:
            Parcel.objects.create(pulse=held, sealed=sealing.seal(key, _file(held, answers)))
        SealedAnswer.objects.filter(asked__pulse=held).delete()
        PulseCode.objects.filter(asked__pulse=held).delete()
        held.outcome = _outcome(len(answers))
        held.save(update_fields=["outcome"])


def _readable(pulse: Pulse, key: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """(team, {instrument: items}) of each. One that somebody changed in the database is no answer, and does not stop the others."""
    for item in SealedAnswer.objects.filter(asked__pulse=pulse).select_related("asked__team"):
        try:
            yield item.asked.team.code, unpacked(sealing.unseal(key, bytes(item.sealed)))
        except sealing.Broken:
            logger.error("pulse.answer_broken", extra={"pulse": pulse.pk})


def _outcome(answered: int) -> Pulse.Outcome:
    if not answered:
        return Pulse.Outcome.NOBODY
    return Pulse.Outcome.ENOUGH if answered >= smallest_group(settings.WELLBEING_MIN_GROUP) else Pulse.Outcome.FEW


def _file(pulse: Pulse, answers: list[tuple[str, dict[str, str]]]) -> bytes:
    """In the layout of wellbeing_answers_csv. The respondents' names are made here and stand for nobody."""
    closed = pulse.wave.closed_on.isoformat()
    rows = [
        (pulse.wave.code, closed, team, respondent, instrument, items)
        for team, given in answers
        for respondent in (secrets.token_hex(16),)
        for instrument, items in given.items()
    ]
    shuffled.shuffle(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
    return text.getvalue().encode()


def _deliver(pulse: Pulse, content: bytes) -> bool:
    """True when the import is done. One that is at work, or failed today, is left to itself until the next look."""
    run = pulse.run
    if run is None or _may_begin(run):
        path = _write(pulse, content)
        step("pulse written")
        run = _opened(pulse, path)
        step("pulse run opened")
    if run.state not in OVER:
        ingest.store(run.pk)
        run.refresh_from_db()
    step("pulse imported")
    return run.state in OVER


def _may_begin(run: ImportRun) -> bool:
    """Not yet stored. What failed is tried again a day later: somebody has to look first."""
    over = timezone.localdate(run.finished_at) if run.finished_at else None
    return run.state not in OVER and (run.state != ImportRun.State.FAILED or over != timezone.localdate())


def _write(pulse: Pulse, content: bytes) -> Path:
    """The same place every time; whole when it has its name."""
    path = inbox() / f"pulse-{pulse.pk}" / f"{pulse.wave.code}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.rename(path)
    return path


def _opened(pulse: Pulse, path: Path) -> ImportRun:
    """The run of these bytes: a second delivery finds the first one's."""
    DataSource.objects.get_or_create(key=SOURCE, defaults={"format": FORMAT})
    run, _before = ingest.open_run(path, SOURCE)
    Pulse.objects.filter(pk=pulse.pk).update(run=run)
    return run


def _finish(pulse: Pulse) -> None:
    with transaction.atomic():
        Parcel.objects.filter(pulse=pulse).delete()
        Pulse.objects.filter(pk=pulse.pk, state=Pulse.State.CLOSING).update(state=Pulse.State.CLOSED)
        ring(roll_up)
