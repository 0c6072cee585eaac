"""The place of My views in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="views", label=_("My views"), group=Group.YOURS, order=10, url="views", roles=READERS)
