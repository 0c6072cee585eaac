"""The place of Alerts in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(
    key="alerts",
    label=_("Alerts"),
    group=Group.SEE,
    order=80,
    url="alerts",
    roles=frozenset({"executive", "manager", "analyst", "representative"}),
)
