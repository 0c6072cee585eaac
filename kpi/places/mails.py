"""The place of Mails in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(
    key="mails",
    label=_("Mails"),
    group=Group.YOURS,
    order=10,
    url="mails",
    roles=frozenset({"executive", "manager", "analyst", "representative"}),
    filters=True,
)
