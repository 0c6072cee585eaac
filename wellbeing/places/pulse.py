"""The place of Pulse in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(
    key="pulse",
    label=_("Pulse"),
    group=Group.SEE,
    order=90,
    url="waves",
    roles=frozenset({"executive", "manager", "analyst", "representative", "administrator"}),
)
