"""One mail about all alerts that one night changed: which rule says what of which unit, beside the panel of what was asked for.

A night that is the first of its centre may raise forty; forty mails are read by nobody. Without a figure but those of the panel; of units
the reader may not see not even that there is an alert.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from kpi import panel, rights, watch
from kpi.forms import PanelForm
from kpi.mail.alert import letter_about, state_words, wanted
from kpi.mail.digest import failed
from kpi.mail.letter import Letter, NoLetter, address, letter_of
from kpi.mail.reader import form_for, viewer_for
from kpi.models import AlertChange, Sending
from kpi.result import Viewer
from kpi.version import one_version

Told = list[tuple[AlertChange, watch.Seen]]


@dataclass(frozen=True)
class Line:
    """One alert in the list."""

    unit: str
    rule: str
    state: str
    link: str


def compose(row: Sending) -> Letter | NoLetter:
    """Under the rights of this very moment; one alert alone is told as a mail about one."""
    viewer = viewer_for(row.subscription)
    if isinstance(viewer, NoLetter):
        return viewer
    with translation.override(row.subscription.language), one_version() as version:
        if not version.settled:
            return NoLetter("night_open", later=True)
        as_of = panel.data_as_of()
        if as_of is None:
            return NoLetter("no_data")
        form = form_for(row.subscription, viewer, as_of)
        if isinstance(form, NoLetter):
            return form
        found = _told(row, viewer)
        if not found:
            return NoLetter("not_asked_for")
        return letter_about(row.subscription, viewer, *found[0]) if len(found) == 1 else _letter(row, viewer, form, found)


def _told(row: Sending, viewer: Viewer) -> Told:
    """Changes of that night the reader may see and asked for, and was not told of by a mail of their own; the widest unit first."""
    own = Sending.objects.filter(subscription=row.subscription, change__isnull=False).values("change")
    changes = AlertChange.objects.filter(as_of=row.day, username="", at__gte=row.subscription.created_at).exclude(pk__in=own)
    found = [(change, seen) for change in changes.select_related("alert") for seen in watch.seen_by(viewer, [change.alert])]
    order = (watch.ALL, watch.SITE, watch.TEAM)
    asked = [(change, seen) for change, seen in found if wanted(row.subscription, seen)]
    return sorted(asked, key=lambda item: (order.index(item[1].alert.dimension), item[1].unit, str(item[1].rule.label)))


def _letter(row: Sending, viewer: Viewer, form: PanelForm, found: Told) -> Letter | NoLetter:
    try:
        shown = panel.build_panel(viewer, form.query())
    except rights.NotAllowed:
        return NoLetter("scope_lost")
    if failed([shown]):
        return NoLetter("figure_failed", later=True)
    lines = [
        Line(seen.unit or _("All sites"), str(seen.rule.label), state_words(change), address("alert", change.alert_id))
        for change, seen in found
    ]
    context = {"panel": shown, "lines": lines, "link": address("alerts")}
    return letter_of(_("Counterweight: several alerts changed last night"), "night_alerts", row.subscription, context)
