"""Whether a reader may still be written to, and under which rights: asked anew for every mail."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from kpi import rights
from kpi.forms import PanelForm
from kpi.mail.letter import NoLetter, usable
from kpi.models import Subscription
from kpi.result import Viewer


def viewer_for(subscription: Subscription) -> Viewer | NoLetter:
    """The rights of this very moment; without them no mail, whatever was asked for before."""
    if not subscription.active:
        return NoLetter("ended")
    if not subscription.user.is_active:
        return NoLetter("inactive")
    if not usable(subscription.user.email):
        return NoLetter("no_address")
    try:
        return rights.viewer_of(subscription.user)
    except rights.NotAllowed:
        return NoLetter("role_lost")


def form_for(subscription: Subscription, viewer: Viewer, as_of: date) -> PanelForm | NoLetter:
    """The filters that were asked for. One the reader has lost is not left out: the mail would be about something else."""
    form = PanelForm(QueryDict(subscription.filters), viewer=viewer, as_of=as_of)
    return NoLetter("scope_lost") if form.problems else form
