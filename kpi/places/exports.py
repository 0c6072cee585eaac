"""The place of My exports in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="exports", label=_("My exports"), group=Group.YOURS, order=50, url="exports", roles=READERS)
