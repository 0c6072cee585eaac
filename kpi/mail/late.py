"""The mail that says there is no digest yet, and why: words only."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import night
from kpi.mail.letter import Letter, NoLetter, letter_of
from kpi.mail.reader import viewer_for
from kpi.models import Subscription

SENTENCES = {
    night.IMPORTS: gettext_lazy("Files are still being read."),
    night.TOTALS: gettext_lazy("What was read is not added up yet."),
    night.CHECK_MISSING: gettext_lazy("The check that recomputes every total has not ended."),
    night.STEPS_FAILED: gettext_lazy("A step of the night failed; stewards and administrators see which on the page of the nights."),
    night.STEPS_OPEN: gettext_lazy("Not every step of the night has ended."),
    night.CHECK_DIFFERS: gettext_lazy("The check found totals that a recomputation does not confirm; somebody has to look first."),
}


def compose(subscription: Subscription) -> Letter | NoLetter:
    """Nothing where the night ended meanwhile: the digest itself is on its way then."""
    viewer = viewer_for(subscription)
    if isinstance(viewer, NoLetter):
        return viewer
    lacking = night.why_open(night.today())
    if not lacking:
        return NoLetter("complete_meanwhile")
    with translation.override(subscription.language):
        said = [str(SENTENCES[code]) for code in lacking]
        return letter_of(_("Counterweight: your digest is late"), "late", subscription, {"said": said})
