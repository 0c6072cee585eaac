"""The place of Who looked in the navigation."""

from django.utils.translation import gettext_lazy as _

from kpi.pages import Group, Place

PLACE = Place(
    key="who-looked", label=_("Who looked"), group=Group.TRUST, order=50, url="who-looked",
    roles=frozenset({"representative", "administrator", "manager"}),
)  # fmt: skip
