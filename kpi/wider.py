"""What to do where a figure is not shown: the same question asked wider or longer, as links. The reason codes say which would help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from kpi.forms import FILTERS, PanelForm
from kpi.metric import Status
from kpi.result import Result


class Help(Enum):
    """What may bring a figure back."""

    WIDER = "wider"
    LONGER = "longer"
    COMPLETE = "complete"


BY_STATUS = {
    Status.SUPPRESSED: (Help.WIDER,),
    Status.INSUFFICIENT: (Help.WIDER, Help.LONGER),
    Status.NO_DATA: (Help.WIDER, Help.LONGER),
}
# The part of a reason behind its colon, and what that part asks for.
BY_DETAIL = {
    **dict.fromkeys(("suppressed", "too_few", "refused", "part"), (Help.WIDER,)),
    **dict.fromkeys(("insufficient", "no_data", "absent", "below", "few"), (Help.WIDER, Help.LONGER)),
    **dict.fromkeys(("not_over", "open", "inside"), (Help.COMPLETE,)),
}


@dataclass(frozen=True)
class Way:
    """One link: what it does, and where it leads with everything else kept."""

    text: str
    address: str


def ways(result: Result, form: PanelForm) -> Sequence[Way]:
    """Links under one figure that is not shown."""
    return () if result.shown else _links(_helps([result]), form)


def ways_of(results: Iterable[Result], form: PanelForm) -> Sequence[Way]:
    """Links for a whole page on which nothing is shown."""
    return _links(_helps(results) or {Help.WIDER, Help.LONGER}, form)


def _helps(results: Iterable[Result]) -> set[Help]:
    found: set[Help] = set()
    for result in results:
        details = [reason.rpartition(":")[2].partition("_below")[0] for reason in result.reasons]
        found.update(BY_STATUS.get(result.status, ()), *(BY_DETAIL.get(detail, ()) for detail in details))
    return found


def _links(helps: set[Help], form: PanelForm) -> Sequence[Way]:
    asked = form.applied
    found = []
    if Help.WIDER in helps:
        found = [
            Way(_("Widen to %(all)s") % {"all": all_}, form.address(**{name: ""}))
            for name, (_label, all_) in FILTERS.items()
            if asked[name]
        ]
    if Help.LONGER in helps and asked["period"] != "52w":
        found.append(Way(_("Look at 52 weeks"), form.longer()))
    if Help.COMPLETE in helps and asked["period"] != "13w":
        found.append(Way(_("Look at the last 13 complete weeks"), form.address(period="13w", **{"from": "", "to": ""})))
    return found
