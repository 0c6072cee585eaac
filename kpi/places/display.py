"""The place of Keys and display in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(key="keys", label=_("Keys and display"), group=Group.YOURS, order=90, url="display", filters=False)
