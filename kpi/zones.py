"""Time zones by name: which there are, which are offered, and which one somebody meant who wrote another word. Pure."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from kpi.lookup import plain

OLD = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")  # still understood
MEANT = {  # what people write in the place of a name
    "Europe/Berlin": "mez mesz cet cest met german deutschland germany bundesrepublik frankfurt hamburg muenchen munchen munich koln koeln",
    "Europe/Vienna": "wien oesterreich osterreich austria",
    "Europe/Zurich": "zuerich schweiz switzerland suisse bern",
    "Europe/London": "gmt bst england britain uk grossbritannien",
    "Europe/Lisbon": "lissabon lisboa portugal wet",
    "Europe/Paris": "france frankreich",
    "Europe/Warsaw": "warschau poland polen",
    "Europe/Prague": "prag praha",
    "Europe/Rome": "rom italy italien",
    "Europe/Moscow": "moskau",
    "Europe/Bucharest": "bukarest romania rumanien",
    "Asia/Kolkata": "india indien ist calcutta mumbai delhi bangalore",
    "Asia/Manila": "philippines philippinen",
    "America/New_York": "est edt eastern",
    "America/Chicago": "cst cdt central",
    "America/Denver": "mst mdt mountain",
    "America/Los_Angeles": "pst pdt pacific",
    "UTC": "z zulu greenwich weltzeit",
}


def is_zone(name: str) -> bool:
    """A name of the IANA database, so that clock changes are known. Names of before are understood too."""
    return name in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@cache
def _places() -> tuple[str, ...]:
    return ("UTC", *sorted(name for name in _known() if "/" in name and not name.startswith(OLD)))


def offered(first: Iterable[str] = ()) -> list[str]:
    """Those of this site first, then UTC, then every place there is, in the order of the alphabet."""
    return list(dict.fromkeys([*(name for name in first if name), *_places()]))


def like(text: str) -> str:
    """One that may be written instead."""
    return nearest(text) or "Europe/Lisbon"


def nearest(text: str) -> str:
    """The zone that was meant by a city, a country, an abbreviation or a slip; empty where nobody can tell."""
    wanted = plain(text).strip()
    if any(letter.isdecimal() for letter in wanted):
        return ""  # an offset is no zone: it knows no clock changes
    by_word = {word: name for name, words in MEANT.items() for word in words.split()}
    by_city = {plain(name).rpartition("/")[2]: name for name in reversed(_places())}
    for known in (by_word, by_city, {plain(name): name for name in _places()}):
        if wanted in known:
            return known[wanted]
    last = wanted.rpartition("/")[2]
    near = get_close_matches(last, by_city, n=1, cutoff=0.75) if last else []
    return by_city[near[0]] if near else ""
