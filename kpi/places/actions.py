"""The place of Actions in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import READERS, Group, Place

PLACE = Place(key="actions", label=_("Actions"), group=Group.DECIDE, order=40, url="actions", roles=READERS)
