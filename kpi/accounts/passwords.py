"""What a password may not be: a name of this place. Long is asked for, kinds of letters are not."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kpi.models import Membership, Site, Team

# docs/security.md lists them: the product, its roles and words anybody here would try first.
WORDS = frozenset(
    {
        "counterweight",
        "contactcentre",
        "contactcenter",
        "callcentre",
        "callcenter",
        "dashboard",
        "password",
        "passwort",
        "welcome",
        "willkommen",
    }
)
SHORTEST = 4  # a shorter name says nothing: it may be part of any word
LEAVES = 8  # letters that have to be left of a password without the names in it


class NoNamesOfThisPlace:
    """Refuses what is little more than names of the product, its roles, this site's host, sites and teams."""

    def validate(self, password: str, user: object = None) -> None:
        rest = _letters(password)
        for name in sorted(_names(), key=len, reverse=True):
            rest = rest.replace(name, "")
        if len(rest) < LEAVES and rest != _letters(password):
            raise ValidationError(
                _("This password is little more than names that anybody here would try first."), code="names_of_this_place"
            )

    def get_help_text(self) -> str:
        return _("Names of this product, its roles, sites and teams are not enough.")


def _names() -> set[str]:
    hosts = (part for host in settings.ALLOWED_HOSTS for part in host.split("."))
    kept = (*Site.objects.values_list("name", flat=True), *Team.objects.values_list("name", flat=True))
    found = {_letters(text) for text in (*WORDS, *Membership.Role.values, *hosts, *kept)}
    return {name for name in found if len(name) >= SHORTEST}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
