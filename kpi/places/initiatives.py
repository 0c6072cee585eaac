"""The place of Initiatives in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="initiatives", label=_("Initiatives"), group=Group.DECIDE, order=30, url="initiatives", roles=READERS)
