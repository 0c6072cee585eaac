"""The place of Annotations in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="annotations", label=_("Annotations"), group=Group.DECIDE, order=50, url="annotations", roles=READERS)
