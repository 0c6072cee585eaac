"""What is said of each source wherever sources are listed: the command, the admin, docs/sources.md, which a test compares with this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.source import Source
from kpi.vendor import Vendor

OURS = _("our own layout")
ACCOUNT = _("not verified against a live account")
HEAD = """# Sources

Every format that can be imported, as its file under `sources/` says it. This page is written by
`manage.py import_file --list --markdown > docs/sources.md`; a test fails when it is stale. How to import is told in
[Import your own file](import-your-own-file.md), how to write a further format in [Add a source](add-a-source.md).

*Not verified* names what was written down from memory, or only read in documentation. No vendor's format was checked against a
live account: preview a file, and compare a day of it with the vendor's own report, before you rely on it.
*Yes* stands where real files are read.

A table of none of these kinds needs no code: it is
[mapped on pages](import-your-own-file.md#a-file-of-another-kind-mapping-it), and becomes a source of its own.
"""
PULLS = """
## Fetched by ourselves

These sources need no file: a *connection* in the admin (*Connections*) says where the vendor is and holds the secret, and
what is new is fetched every few hours and imported like any other file, with a run, counts and rejected rows of its own.

- **Where the next pull begins** moves only when the file of the last one is stored. A pull that is killed, a file that
  fails, a vendor in trouble: the next one begins at the same place, and what comes twice counts once. A file that is taken
  back stays away; `manage.py pull KEY --since 2026-03-01` fetches it again.
- **The first pull** begins on the day the connection names. What lies back is fetched in stretches of as many days as it
  says where a vendor can be asked for a stretch (Intercom, S3, ratings of Zendesk), else for five minutes at a time; each is
  a file of its own. Another first day fetches anew from there. Each pull looks back a little (column *looks back*), for
  what was late.
- **Patience**: 429 and `Retry-After` are obeyed, and after the last question a vendor allows there is a pause. What may pass
  (5xx, a broken connection, a cut body) is tried five times with random pauses up to a bound that doubles, then again after
  minutes that double up to hours. What a person has to end, such as a revoked secret, is tried every six hours, and the page
  and the admin say what to do.
- **The secret** is sealed under `CONNECTION_KEY` ([run in production](run-in-production.md)), is never shown again, stands
  in no log and no task, and is sent over TLS to hosts of its vendor alone. With another host, user or bucket it has to be
  entered again. The name of the host is looked up once for every question; where any of its addresses is private, loopback,
  link-local or otherwise inside, nothing is connected to. No redirect is followed, no proxy is used, and bytes are counted
  while they come.
- **By hand**: `manage.py pull KEY` fetches and stores now; `--dry-run` reads the first page and says what storing it would
  do. The admin tries a connection without storing anything.

No pull was run against a live account. *Not verified* names what is from memory or was only read; the interfaces themselves
are those of the vendors' references as of 2026.
"""
ASKED = ("source", "host", "user", "secret", "what is asked", "looks back", "verified")
COLUMNS = ("source", "file", "how to export it", "what becomes what", "what is not there", "what else holds", "verified")


def name_of(source: Source) -> str:
    """The label, and whether anybody has checked the format."""
    return f"{source.label} ({gettext('not verified')})" if unverified(source) else str(source.label)


def unverified(source: Source) -> object:
    return source.guide.unverified if source.guide else ""


def told(sources: Iterable[Source]) -> Iterator[str]:
    """A line or two for each, at a keyboard."""
    for source in sources:
        yield f"{source.key}: {source.label}"
        if source.refuse:
            yield f"    {gettext('is read and refused, with what to send instead')}"
        if text := unverified(source):
            yield f"    {ACCOUNT}: {text}"


def page(sources: Iterable[Source], vendors: Iterable[Vendor]) -> str:
    """docs/sources.md."""
    lines = [HEAD, "| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(_safe(cell) for cell in _row(source)) + " |" for source in sources]
    lines += [PULLS, "| " + " | ".join(ASKED) + " |", "|" + "---|" * len(ASKED)]
    lines += ["| " + " | ".join(_safe(cell) for cell in _vendor(vendor)) + " |" for vendor in vendors]
    return "\n".join(lines) + "\n"


def _vendor(vendor: Vendor) -> tuple[str, ...]:
    again = (
        f"{vendor.overlap.total_seconds() / 3600:g} h" if vendor.overlap.total_seconds() >= 3600 else f"{vendor.overlap.seconds // 60} min"
    )
    login = str(vendor.login) or "–"
    back = again if vendor.overlap else "–"
    return f"`{vendor.format}`", vendor.sample, login, str(vendor.secret), str(vendor.asks), back, f"{_('no')}: {vendor.unverified}"


def _row(source: Source) -> tuple[str, ...]:
    guide = source.guide
    if guide is None:
        return f"`{source.key}`", str(source.label), str(OURS), _mapping(source), "", "", str(_("yes"))
    verified = f"{_('no')}: {guide.unverified}" if guide.unverified else str(_("yes"))
    return f"`{source.key}`", str(guide.file), str(guide.export), _mapping(source), str(guide.missing), str(guide.rules), verified


def _mapping(source: Source) -> str:
    if source.refuse:
        return str(_("nothing: the file is refused"))
    pairs = [f"`{column.name}` → {column.field}" for column in source.columns]
    fixed = [f"{field} = {value}" for field, value in source.constants.items()]
    also = [f"also read from the same file: `{key}`" for key in source.also]
    return f"{source.stores}: " + "; ".join([*pairs, *fixed, *also])


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
