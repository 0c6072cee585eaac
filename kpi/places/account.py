"""The place of the reader's own account in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(key="account", label=_("Your account"), group=Group.YOURS, order=95, url="account", filters=False)
