"""The digest: the four of one scope and period as the overview shows them to this reader, with the sentence above them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from kpi import night, panel, rights
from kpi.mail.letter import Letter, NoLetter, address, letter_of
from kpi.mail.reader import form_for, viewer_for
from kpi.models import Sending, Subscription
from kpi.result import Panel
from kpi.version import one_version

FAILED = "computation:failed"


def compose(row: Sending) -> Letter | NoLetter:
    """From complete data only; not at all where a younger one is on its way."""
    younger = Sending.objects.filter(subscription=row.subscription_id, kind=row.kind, day__gt=row.day)
    if younger.exists():
        return NoLetter("younger_one")
    if night.why_open(night.today()):
        return NoLetter("night_open", later=True)
    return written(row.subscription)


def written(subscription: Subscription) -> Letter | NoLetter:
    """From one version of the data, as it stands."""
    viewer = viewer_for(subscription)
    if isinstance(viewer, NoLetter):
        return viewer
    with translation.override(subscription.language), one_version() as version:
        as_of = panel.data_as_of()
        if as_of is None:
            return NoLetter("no_data")
        if not version.settled:
            return NoLetter("night_open", later=True)
        form = form_for(subscription, viewer, as_of)
        if isinstance(form, NoLetter):
            return form
        try:
            shown = panel.build_panel(viewer, form.query())
        except rights.NotAllowed:
            return NoLetter("scope_lost")
        if failed([shown]):
            return NoLetter("figure_failed", later=True)
        return _letter(subscription, shown, form.address())


def failed(panels: Iterable[Panel]) -> bool:
    """A figure that could not be computed may be there in a moment."""
    return any(FAILED in column.result.reasons for shown in panels for column in shown.columns)


def _letter(subscription: Subscription, shown: Panel, filters: str) -> Letter:
    daily = subscription.rhythm == Subscription.Rhythm.DAILY
    subject = _("Counterweight: your daily digest") if daily else _("Counterweight: your weekly digest")
    return letter_of(subject, "digest", subscription, {"panel": shown, "link": address("overview") + filters})
