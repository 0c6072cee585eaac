"""No text that everybody reads names a person: what can be recognised is refused, with a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NO_NAMES = gettext_lazy(
    "What happened, never who: no names of persons. E-mail addresses, telephone numbers and names of users of this site are refused."
)
MAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+\.\w+|\(at\)|\[at\]", re.IGNORECASE)
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
NUMBER = re.compile(r"(?:\+|\b00|\b0)[\d)][\d\s()./-]{5,}\d|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b\d{9,}\b")
WORD = re.compile(r"\w+")
FEWEST_DIGITS = 7


def person_in(text: str, names: Iterable[str] = ()) -> str:
    """Why the text cannot stand, in a sentence; empty where nothing is seen. `names` are full names that are known here."""
    if MAIL.search(text):
        return _("An e-mail address belongs to a person: write what happened, not who.")
    if any(sum(sign.isdigit() for sign in found) >= FEWEST_DIGITS for found in NUMBER.findall(DAY.sub(" ", text))):
        return _("This looks like a telephone number: leave it out.")
    if any(_words(name) in _words(text) for name in names if len(name.split()) > 1):
        return _("This names a person who uses this site: write what happened, not who.")
    return ""


def _words(text: str) -> str:
    return f" {' '.join(WORD.findall(text.casefold()))} "
