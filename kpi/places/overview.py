"""The place of Overview in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="overview", label=_("Overview"), group=Group.SEE, order=0, url="overview", roles=READERS)
