"""Connections in words: what went wrong and what to do about it, and how they are. Never a secret, never what a vendor sent."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import words
from kpi.models import Connection
from kpi.vendor import Problem

PROBLEMS = {
    "no_key": gettext_lazy("The site has no CONNECTION_KEY, under which secrets are kept: set it and start again."),
    "no_secret": gettext_lazy("No secret is kept for this connection: enter it."),
    "other_key": gettext_lazy(
        "The secret was sealed under a key the site no longer has: give that key in CONNECTION_KEY_OLD, or enter the secret "
        "again."
    ),
    "other_host": gettext_lazy("Host, user or bucket were changed after the secret was entered: enter the secret again."),
    "no_vendor": gettext_lazy("Nothing is known about fetching files of this format."),
    "foreign_host": gettext_lazy("%(host)s is no host of this vendor: the secret is sent to none other."),
    "inside": gettext_lazy(
        "%(host)s leads to an address inside this network, which no vendor has: nothing was sent. Check the host and the name "
        "service."
    ),
    "unknown_host": gettext_lazy("The name %(host)s was not found: check it, and that this machine reaches the internet."),
    "unreachable": gettext_lazy("%(host)s could not be reached over TLS: check that a firewall lets port 443 out."),
    "certificate": gettext_lazy(
        "What answers at %(host)s has no valid certificate of that name: nothing was sent. Ask who runs the network between."
    ),
    "slow": gettext_lazy("%(host)s did not answer in time."),
    "cut_off": gettext_lazy("The answer ended before it was whole; nothing of it was kept."),
    "too_large": gettext_lazy(
        "An answer is larger than %(most)d MB, the most that is taken at once; nothing of it was kept. Fetch fewer days at "
        "once."
    ),
    "redirect": gettext_lazy(
        "The vendor answered %(status)d, go elsewhere. Nobody is followed there: check the host, for an account may have been "
        "renamed."
    ),
    "too_often": gettext_lazy("The vendor says that it is asked too often."),
    "put_off": gettext_lazy("The vendor asks to wait %(seconds)d seconds."),
    "vendor_failed": gettext_lazy("The vendor answered %(status)d, an error of its own."),
    "not_allowed": gettext_lazy(
        "The vendor refused the secret (%(status)d): it was revoked, has expired or may not read this. Make a new one there and"
        " enter it."
    ),
    "not_found": gettext_lazy(
        "The vendor knows no such address (%(status)d): check host, bucket and prefix, and that the account has this product."
    ),
    "refused": gettext_lazy("The vendor refused the question (%(status)d). Its interface may have changed."),
    "page_for_people": gettext_lazy(
        "A page for people came instead of data, a log-in perhaps: check the host and what the secret may read."
    ),
    "not_json": gettext_lazy("What came is no JSON, or only a part of it; nothing was kept."),
    "not_gzip": gettext_lazy(
        "An object is packed but cannot be unpacked; nothing was kept. Look at what was last written below the prefix."
    ),
    "changed": gettext_lazy("The answer is not as documented: %(field)s is missing or of another kind. Nothing was kept."),
    "loop": gettext_lazy("The vendor's pages go in a circle: the same one came twice. Nothing was kept."),
    "unordered": gettext_lazy(
        "The vendor did not send what was asked for in the order of %(field)s: it cannot be told where to go on. Nothing was "
        "kept."
    ),
    "too_many_at_once": gettext_lazy(
        "More records have the same %(field)s than the vendor hands out. Export them there as a file and send that."
    ),
    "too_many_objects": gettext_lazy(
        "The bucket holds more than %(most)d objects below the prefix: choose a longer prefix, such as the year."
    ),
    "too_much": gettext_lazy("More came than fits into one pull. Fetch fewer days at once."),
    "file_too_large": gettext_lazy("What came is larger than the files this site takes (IMPORT_MAX_MB). Fetch fewer days at once."),
    "too_many_waiting": gettext_lazy("Files of this source wait already."),
    "no_space": gettext_lazy("There is no space left on the disk; nothing was kept. Make room."),
    "run_failed": gettext_lazy("The file of run %(run)d was fetched but not stored: the run says why. The next pull fetches it again."),
    "unexpected": gettext_lazy("The pull stopped unexpectedly (%(error)s). The log says where."),
}  # fmt: skip


def told(code: str, details: dict[str, str | int]) -> str:
    """The sentence of a problem."""
    return str(PROBLEMS.get(code, PROBLEMS["unexpected"])) % {"error": code, **details}


def sentence(problem: Problem) -> str:
    return told(problem.code, problem.details)


def problem_of(connection: Connection) -> str:
    """What went wrong last, or nothing."""
    found = dict(connection.problem or {})
    if not found:
        return ""
    again = found.pop("passing", False)
    text = told(str(found.pop("code")), found)
    return f"{text} {_('It is tried again by itself.')}" if again else text


def state_of(connection: Connection) -> str:
    """How it is, in two or three words."""
    if not connection.active:
        return _("switched off")
    if connection.lease_until and connection.lease_until > timezone.now():
        return _("is fetching")
    if connection.run_id:
        return _("fetched, being stored")
    if connection.problem:
        return _("in trouble")
    if connection.succeeded_at is None:
        return _("has not fetched yet")
    return _("fetching what lies back") if connection.more else _("up to date")


def reached(connection: Connection) -> str:
    """Up to when everything is here."""
    at = str(connection.position.get("at", ""))
    if not at:
        return _("nothing yet")
    moment = datetime.fromisoformat(at)
    return f"{words.day(moment.date())} {moment:%H:%M} UTC"
