"""The mail about a night that failed, or that ended while a source is late: words only, for stewards and administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from kpi import doubts, night
from kpi.mail.late import SENTENCES
from kpi.mail.letter import Letter, NoLetter, address, letter_of, usable
from kpi.models import Membership, NightStep, Sending
from kpi.version import one_version

READERS = frozenset({Membership.Role.STEWARD, Membership.Role.ADMINISTRATOR})


def compose(row: Sending) -> Letter | NoLetter:
    """Under the role of this very moment; nothing where all of it is mended meanwhile."""
    subscription = row.subscription
    if not subscription.active or not subscription.user.is_active:
        return NoLetter("ended" if not subscription.active else "inactive")
    if not usable(subscription.user.email):
        return NoLetter("no_address")
    if not Membership.objects.filter(user=subscription.user_id, role__in=READERS).exists():
        return NoLetter("role_lost")
    with translation.override(subscription.language):
        said = trouble(row.day)
        if not said:
            return NoLetter("complete_meanwhile")
        return letter_of(
            _("Counterweight: the night needs somebody"), "night", subscription, {"said": said, "link": address("nights"), "day": row.day}
        )


def trouble(day: date) -> Sequence[str]:
    """What failed and why, what is late, what is lacking: one sentence each, without a figure of the dashboard."""
    rows = NightStep.objects.filter(night=day, state=NightStep.State.FAILED).order_by("pk")
    steps = [f"{night.labels([row.step])[0]}: {night.words_of(row.said)}." for row in rows]
    with one_version():
        late = list(doubts.sentences(None))
    lacking = [str(SENTENCES[code]) for code in night.why_open(day)] if not steps else []
    return [*steps, *late, *lacking]
