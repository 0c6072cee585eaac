"""What is said of each source wherever sources are listed: the command, the admin, docs/sources.md, which a test compares with this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.source import Source

OURS = _("our own layout")
ACCOUNT = _("not verified against a live account")
HEAD = """# Sources

Every format that can be imported, as its file under `sources/` says it. This page is written by
`manage.py import_file --list --markdown > docs/sources.md`; a test fails when it is stale. How to import is told in
[Import your own file](import-your-own-file.md), how to write a further format in [Add a source](add-a-source.md).

*Not verified* names what was written down from memory, or only read in documentation. No vendor's format was checked against a
live account: preview a file, and compare a day of it with the vendor's own report, before you rely on it.
*Yes* stands where real files are read.
"""
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


def page(sources: Iterable[Source]) -> str:
    """docs/sources.md."""
    lines = [HEAD, "| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(_safe(cell) for cell in _row(source)) + " |" for source in sources]
    return "\n".join(lines) + "\n"


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
