"""What every template may ask for: the navigation of this reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from kpi import registry, sheet
from kpi.facts import Beside
from kpi.forms import NAMES
from kpi.models import Export
from kpi.pages import READERS, Group, Place
from kpi.preferences import preferences_of
from kpi.shortcuts import letters

ASKED = "asked_for_exports"  # in the session of whoever has exports to hear of


@dataclass(frozen=True)
class Entry:
    """One line of the navigation, as an address."""

    label: Promise
    address: str
    here: bool
    filters: bool
    letter: str = ""  # with g before it, from the keyboard


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The groups that hold a page for this reader, the filters a page without any was come to with, and how it is to look."""
    return {
        "navigation": SimpleLazyObject(lambda: groups_of(request)),
        "home": SimpleLazyObject(lambda: home_of(request)),
        "carried": SimpleLazyObject(lambda: carried(request)),
        "preferences": preferences_of(request),
    }


@dataclass(frozen=True)
class Home:
    """The first page a reader may see, and what a link to it is called."""

    address: str
    label: Promise


def home_of(request: HttpRequest) -> Home:
    """The overview; the data for who keeps them and reads no figure; the admin for who is staff alone. Strangers begin at the overview,
    which lets them in, and whoever has no role is told there what is missing."""
    role = _role_of(request)
    if role and role not in READERS:
        return Home(reverse("data"), _("Go to data and imports"))
    if not role and _staff(request):
        return Home(reverse("admin:index"), _("Go to the administration"))
    return Home(reverse("overview"), _("Go to the overview"))


def carried(request: HttpRequest) -> str:
    """The filters in the address, or in that of our own page the reader comes from: a definition loses no question."""
    asked = request.GET
    if not any(asked.get(name) for name in NAMES):  # a further page of a list, say
        came = urlsplit(request.headers.get("referer", ""))
        asked = QueryDict(came.query) if came.netloc == request.get_host() else QueryDict()
    kept = {name: asked[name] for name in NAMES if asked.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def ready_exports(request: HttpRequest) -> dict[str, Any]:
    """How many exports are ready and were not looked at; only who asked for one is looked up."""
    return {"ready_exports": SimpleLazyObject(lambda: count_ready(request))}


def count_ready(request: HttpRequest) -> int:
    session = getattr(request, "session", None)
    if not session or not session.get(ASKED):
        return 0
    return Export.objects.filter(owner_id=request.user.pk, finished_at__isnull=False, seen_at__isnull=True).count()


Groups = list[tuple[Promise, list[Entry]]]
_groups: Beside[Groups] = Beside(most=512)


def groups_of(request: HttpRequest) -> Groups:
    """The very same groups for readers of one role on one page, so that what is drawn of them is drawn once."""
    role, staff = _role_of(request), _staff(request)
    return _groups.of(registry.places(), lambda: _find_groups(role, staff, request.path), (role, staff, request.path))


def _find_groups(role: str, staff: bool, path: str) -> Groups:
    shown = [place for place in registry.places() if (not place.roles or role in place.roles) and (not place.staff or staff)]
    entries = {group: [_entry(place, path) for place in shown if place.group is group] for group in Group}
    if role in READERS:
        entries[Group.SEE][1:1] = _sheets(path)
    return [(group.value, lines) for group, lines in entries.items() if lines]


def _sheets(path: str) -> list[Entry]:
    """The pages on which a figure stands, right after the overview."""
    found = [(page, reverse("sheet", args=[page.key])) for page in sheet.pages().values()]
    return [Entry(page.label, address, path == address, True, _letters()[page.key]) for page, address in found]


def _entry(place: Place, path: str) -> Entry:
    """A page below another one's address is under its heading; everything is below the first page's."""
    address = reverse(place.url)
    here = path == address or (address != "/" and path.startswith(address))
    return Entry(place.label, address, here, place.filters, _letters()[place.key])


def _letters() -> dict[str, str]:
    """Of all pages, whoever may open them: a letter leads everybody to the same page."""
    first = [place.key for place in registry.places() if place.group is Group.SEE]
    return letters([*first, *sheet.pages(), *(place.key for place in registry.places() if place.key not in first)])


def _staff(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_staff", False))


def _role_of(request: HttpRequest) -> str:
    """Nothing is read again where the view has asked for the reader's rights."""
    member = getattr(request.user, "membership", None)  # nobody's, where there is none
    return str(member.role) if member else ""
