"""Collects every text a person may read, from Python and templates, and keeps the German catalogue: `make messages`.

Babel reads the Python files, Django turns templates into Python that Babel reads; nothing of the system is needed.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "locale" / "de" / "LC_MESSAGES"
APPS = ("kpi", "wellbeing", "staffing", "config")
KEYWORDS = {
    **dict.fromkeys(("_", "_now", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
SAME = datetime(2026, 11, 27, tzinfo=UTC)  # the hour of collecting says nothing, and two who collect would differ by it
PLACES = re.compile(r"%(?:\(\w+\))?[sdfg]|%%")


def texts() -> Iterator[tuple[str, object, str | None]]:
    """(file, text or (singular, plural), context)"""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _found(path, path.read_bytes())
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from _found(path, templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode())


def _found(path: Path, content: bytes) -> Iterator[tuple[str, object, str | None]]:
    for _line, name, message, _comments in extract_python(io.BytesIO(content), list(KEYWORDS), (), {}):
        parts = message if isinstance(message, tuple) else (message,)
        said = [part for part in parts if part]
        if not said:
            continue
        file = path.relative_to(ROOT).as_posix()
        if name.startswith("ng"):
            yield file, (said[0], said[1]), None
        elif name.startswith("pg"):
            yield file, said[1], said[0]
        else:
            yield file, said[0], None


def wanted() -> Catalog:
    """All texts, with the files they stand in."""
    found = Catalog(charset="utf-8")
    for file, text, context in texts():
        found.add(text, locations=[(file, None)], context=context)  # type: ignore[arg-type]
    return found


def stored() -> Catalog:
    path = FOLDER / "django.po"
    if not path.is_file():
        return Catalog(locale="de", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="de")


def merged() -> Catalog:
    """What is wanted, with what is translated already; what nobody says any more is left out."""
    old, new = stored(), Catalog(locale="de", charset="utf-8", project="Counterweight", fuzzy=False, creation_date=SAME)
    for message in wanted():
        if message.id:
            known = old.get(message.id, message.context)  # type: ignore[arg-type]
            string = known.string if known is not None else None
            new.add(message.id, string, locations=message.locations, flags=message.flags, context=message.context)
    return new


def missing(catalogue: Catalog) -> list[object]:
    """Texts without German, or with other places to fill than the original has."""
    return [message.id for message in catalogue if message.id and not _whole(message)]


def _whole(message: Message) -> bool:
    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    if not all(strings):
        return False
    places = {*PLACES.findall(str(ids[-1])), "%%"}
    return len(strings) == len(ids) and all({*PLACES.findall(str(text))} <= places for text in strings)


def compiled(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    catalogue = merged()
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, sort_output=True, include_lineno=False)
    (FOLDER / "django.mo").write_bytes(compiled(catalogue))
    open_texts = missing(catalogue)
    for text in open_texts:
        print(text)
    print(f"{len(list(catalogue)) - 1} texts, {len(open_texts)} without German")
    return 1 if open_texts else 0


if __name__ == "__main__":
    sys.exit(main())
