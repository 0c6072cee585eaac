"""What a person chooses for a source is checked before anything is remembered: a slip must not spoil the next import."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

from kpi import zones
from kpi.models import Site
from kpi.source import Refused


def check_choices(chosen: Mapping[str, str]) -> None:
    """Refused, with the option, what was found and what would be right."""
    if (zone := chosen.get("zone")) and not zones.is_zone(zone):
        raise Refused(_("--zone %(zone)s: this is no time zone; write one like %(like)s."), zone=zone, like=zones.like(zone))
    if (delimiter := chosen.get("delimiter")) and (len(delimiter) != 1 or delimiter.isalnum() or delimiter in "\"'\r\n"):
        text = _("--delimiter %(mark)s: a delimiter is one character that stands between columns: , ; | or the word tab.")
        raise Refused(text, mark=delimiter)
    if encoding := chosen.get("encoding"):
        _check_encoding(encoding)
    if site := chosen.get("site"):
        _check_site(site)


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        raise Refused(_("--encoding %(name)s: this encoding is not known; write utf-8, utf-16 or cp1252."), name=name) from None


def _check_site(code: str) -> None:
    """The first file may name the first site; after that a new one is made in the admin, so that no slip makes one."""
    known = sorted(Site.objects.values_list("code", flat=True))
    if known and code not in known:
        text = _("--site %(code)s: there is no such site; these exist: %(known)s. A new one is made in the admin.")
        raise Refused(text, code=code, known=", ".join(known))
