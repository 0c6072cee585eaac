"""The place of Administration in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(key="administration", label=_("Administration"), group=Group.TRUST, order=90, url="admin:index", staff=True, filters=False)
