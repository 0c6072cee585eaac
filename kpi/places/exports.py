"""The place of My exports in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.models import Membership
from kpi.pages import Group, Place

READERS = frozenset({Membership.Role.EXECUTIVE, Membership.Role.MANAGER, Membership.Role.ANALYST, Membership.Role.REPRESENTATIVE})
PLACE = Place(key="exports", label=_("My exports"), group=Group.YOURS, order=50, url="exports", roles=READERS, filters=False)
