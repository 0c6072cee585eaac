"""The place of Scenarios in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="scenarios", label=_("Scenarios"), group=Group.DECIDE, order=10, url="scenarios", roles=READERS)
