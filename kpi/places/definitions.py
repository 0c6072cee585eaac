"""The place of Definitions in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(key="definitions", label=_("Definitions"), group=Group.TRUST, order=10, url="definitions")
