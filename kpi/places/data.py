"""The place of Data and imports in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(key="data", label=_("Data and imports"), group=Group.TRUST, order=20, url="data")
