"""The mail about one change of an alert: what the rule says in words, beside the panel of the same scope under the reader's rights.

Who may not see the scope gets nothing, not even that there is an alert.
"""

from __future__ import annotations

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from kpi import panel, registry, rights, watch
from kpi.forms import FILTERS
from kpi.mail.digest import failed
from kpi.mail.letter import Letter, NoLetter, address, letter_of
from kpi.mail.reader import form_for, viewer_for
from kpi.models import AlertChange, Sending, Subscription
from kpi.models.alert import State
from kpi.result import Panel, Viewer
from kpi.version import one_version


def compose(row: Sending) -> Letter | NoLetter:
    """Under the rights of this very moment."""
    viewer = viewer_for(row.subscription)
    if isinstance(viewer, NoLetter):
        return viewer
    assert row.change is not None  # a constraint of the database
    with translation.override(row.subscription.language), one_version() as version:
        if not version.settled:
            return NoLetter("night_open", later=True)
        found = _told(row.subscription, viewer, row.change)
        return found if isinstance(found, NoLetter) else letter_about(row.subscription, viewer, row.change, found)


def _told(subscription: Subscription, viewer: Viewer, change: AlertChange) -> watch.Seen | NoLetter:
    """The alert as the reader may see it, where it lies within what was asked for."""
    as_of = panel.data_as_of()
    if as_of is None or change.alert.rule not in registry.rules():
        return NoLetter("no_data")
    form = form_for(subscription, viewer, as_of)
    if isinstance(form, NoLetter):
        return form
    found = watch.seen_by(viewer, [change.alert])
    if not found:
        return NoLetter("scope_lost")
    return found[0] if wanted(subscription, found[0]) else NoLetter("not_asked_for")


def wanted(subscription: Subscription, seen: watch.Seen) -> bool:
    """Whether the unit lies within the site or team the reader chose; without a choice every unit does."""
    chosen = {name: int(value) for name in FILTERS if (value := QueryDict(subscription.filters).get(name, "")).isdecimal()}
    unit = seen.query.scope
    if "team" in chosen:
        return unit.teams == frozenset({chosen["team"]})
    return "site" not in chosen or chosen["site"] == seen.site


def _letter(subscription: Subscription, change: AlertChange, seen: watch.Seen, shown: Panel) -> Letter:
    subjects = {
        State.FIRING: _("Counterweight: an alert fires"),
        State.ACKNOWLEDGED: _("Counterweight: somebody took on an alert"),
        State.OK: _("Counterweight: an alert is over"),
    }
    state = State(change.after)
    context = {
        "panel": shown,
        "rule": seen.rule,
        "change": change,
        "state": state_words(change),
        "fires": state is State.FIRING,
        "link": address("alert", change.alert_id),
    }
    return letter_of(subjects[state], "alert", subscription, context)


def state_words(change: AlertChange) -> str:
    """As a sentence about the alert goes on: "fires", "is over"."""
    return {State.FIRING: _("fires"), State.ACKNOWLEDGED: _("was taken on"), State.OK: _("is over")}[State(change.after)]


def letter_about(subscription: Subscription, viewer: Viewer, change: AlertChange, seen: watch.Seen) -> Letter | NoLetter:
    """The mail about one change; inside one version and the reader's language."""
    try:
        shown = panel.build_panel(viewer, seen.query)
    except rights.NotAllowed:
        return NoLetter("scope_lost")
    return NoLetter("figure_failed", later=True) if failed([shown]) else _letter(subscription, change, seen, shown)
