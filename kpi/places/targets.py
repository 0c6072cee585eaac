"""The place of Targets in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="targets", label=_("Targets"), group=Group.DECIDE, order=20, url="targets", roles=READERS)
