"""A page as its reader sees it in this moment, in one document that needs nothing else: styles and scripts inside, nothing to fetch.

The page is made by its own view, in this process, for this user; no session, password or key is handed to the browser that prints it.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

PRINTABLE = frozenset({"overview", "sheet", "scenarios"})
LINK = re.compile(r"<link\b[^>]*>")
SCRIPT = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"[^>]*></script>')
DETAILS = re.compile(r'<details class="(sheet-of|to-print)"')
PAGE = "@page { size: A4; margin: 22mm 12mm 18mm }"


class NotPrintable(Exception):
    """There is no such page for this reader; the message is a sentence."""


def page_at(address: str) -> ResolverMatch:
    """The page an address leads to, if it is one that can be printed."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        found = None
    if parts.scheme or parts.netloc or found is None or found.url_name not in PRINTABLE:
        raise NotPrintable(_("There is no page to print at this address."))
    return found


def document_of(user: User, address: str, form: str) -> str:
    """The page of the address as this user sees it now, whole in itself; NotPrintable where it is not theirs."""
    return self_contained(_page(user, address), form)


def _page(user: User, address: str) -> str:
    match = page_at(address)
    try:
        answer = match.func(_request(user, address, match), *match.args, **match.kwargs)
    except Http404:
        answer = None
    if answer is None or answer.status_code != 200:
        raise NotPrintable(_("Your rights do not allow this page any more, or it is not there."))
    return str(answer.content.decode())


def _request(user: User, address: str, match: ResolverMatch) -> HttpRequest:
    """The request of a reader who looks at paper: no cookie comes in, and none is kept."""
    parts = urlsplit(address)
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = parts.path
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    request.META = {"QUERY_STRING": parts.query, "SERVER_NAME": host, "SERVER_PORT": "443"}
    request.GET = QueryDict(parts.query)
    request.user, request.session = user, SessionStore()
    request.resolver_match = match
    request.paper = True  # type: ignore[attr-defined]
    return request


def self_contained(html: str, form: str) -> str:
    """Styles and scripts of ours written into the document; a policy in its head keeps it from asking for anything else."""
    nonce = secrets.token_urlsafe(16)
    html = LINK.sub(lambda found: _style(found[0]), html)
    html = SCRIPT.sub(lambda found: f'<script nonce="{nonce}">{_script(found[1])}</script>', html)
    html = DETAILS.sub(r'<details open class="\1"', html)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    html = html.replace("<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{policy}">', 1)
    html = html.replace("</head>", f"<style>{PAGE}</style></head>", 1)
    return html.replace("<html ", f'<html class="paper {form}" ', 1)


def _style(link: str) -> str:
    address = re.search(r'href="([^"]+)"', link)
    if 'rel="stylesheet"' not in link or address is None:
        return ""
    kept = " ".join(re.findall(r'\b(?:id|class|media)="[^"]*"', link))
    return f"<style {kept}>{static_text(address[1])}</style>"


def _script(address: str) -> str:
    return static_text(address).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def static_text(address: str) -> str:
    """A file of the site's own, from wherever the site keeps it; nothing is read over a network."""
    name = address.removeprefix(str(settings.STATIC_URL))
    if name == address or ".." in name:
        raise NotPrintable(_("The page asks for a file that is not the site's own."))
    kept = Path(staticfiles_storage.path(name))
    path = kept if kept.is_file() else finders.find(name)
    if not path:
        raise NotPrintable(_("A file of the page is missing; collectstatic may not have run."))
    return Path(str(path)).read_text(encoding="utf-8")
