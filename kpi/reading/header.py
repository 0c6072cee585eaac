"""The first line of a file: which delimiter, which columns, and whether this file may be read at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext_noop as _

from kpi.reading.limits import Limits
from kpi.reading.records import Shape
from kpi.sentences import Sentence, listed
from kpi.source import Column, Refused, Source

SEEN = (_("delimiter"), _("header"), _("ignored columns"), _("format"), _("lines"))  # what the keys of the evidence are called
BY_FORMAT = _("fixed by the format")
DELIMITERS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("pipe")}
WORKER = re.compile(
    r"agent|employee|operator|worker|staff|colleague|representative|advis[eo]r|consultant|associate|mitarbeiter|berater|^rep(?!ort|ly|eat)"
)
FEELING = re.compile(r"emotion|sentiment|mood|stress|feeling|frustrat|anger|angry|happiness|valence|arousal|tone|stimmung|gefühl")
SOMEBODYS = re.compile(r"emotion|mood|feeling|stimmung|gefühl")  # an agent's as long as the name does not say whose
CUSTOMER = re.compile(r"customer|client|caller|contact|user|kunde|emotionrun")  # runs of contacts in which a customer was upset
LIKE_A_PERSON = re.compile(r"@|[0-9]{5}")
OF_REJECTED = frozenset({"line", "problem"})  # columns only our own file of rejected rows has
RUN = "rejected_in_run"  # and one that says of which run they are
EXAMINED = 10  # unknown names listed in a message


@dataclass(frozen=True)
class Header:
    """The names in the file and where the source's columns stand."""

    raw: tuple[str, ...]
    delimiter: str
    columns: dict[str, int]  # name in the source: place in the file
    evidence: dict[str, Sentence]

    @property
    def shape(self) -> Shape:
        """Fields by the source's own names; those nobody asked for by their number."""
        own = {place: name for name, place in self.columns.items()}
        return Shape(tuple(own.get(place, f"#{place + 1}") for place in range(len(self.raw))), self.delimiter)


def describes_agent_emotion(name: str) -> bool:
    """A column that says how an agent feels, measured by a machine (EU AI Act, Article 5(1)(f): not at work)."""
    plain = re.sub(r"[^a-zäöüß]", "", name.lower())
    if WORKER.search(plain):
        return bool(FEELING.search(plain))
    return bool(SOMEBODYS.search(plain)) and not CUSTOMER.search(plain)


def wanted_columns(source: Source) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Every name the file may hold: whether it must, and what else it may be called."""
    wanted: dict[str, tuple[bool, tuple[str, ...]]] = dict.fromkeys(source.header, (True, ()))
    wanted.update(dict.fromkeys(source.extra, (False, ())))
    for column in (column for column in source.columns if column.name and column.name not in source.made):
        required, aliases = wanted.get(column.name, (False, ()))
        wanted[column.name] = (required or column.required, (*aliases, *column.aliases))
    return wanted


def read_header(
    text: bytes,
    source: Source,
    file: str,
    delimiter: str,
    limits: Limits,
    titles: Callable[[Sequence[str], str], Sequence[Sequence[str]]] | None = None,
) -> Header:
    """Finds the columns of the source, or refuses the file with what was expected, what was found, and the nearest name.

    `titles(names, delimiter)` takes further header rows off the file."""
    line = text.decode()
    _check_width(line, file, limits)
    ours = delimiter_of_rejected(line)
    mark, why = (delimiter or "", _("fixed by the source")) if delimiter and not ours else _find_delimiter(line, source, file)
    names = _split(line, mark)
    if names is None:
        raise Refused(_("%(file)s, line 1: the header has a quote that is not closed."), file=file)
    further = titles(names, mark) if titles and source.titles and not set(names) >= OF_REJECTED else []
    if source.titles and source.titles.name:
        names = list(source.titles.name([names, *further]))
    _refuse_emotions(names, file)
    columns = _place(names, source, file, mark)
    by = {"mark": Sentence(DELIMITERS.get(mark, mark)), "why": Sentence(why), "found": len(columns), "all": len(wanted_columns(source))}
    evidence = {"delimiter": Sentence(_("%(mark)s: %(why)s; %(found)s of %(all)s known columns found"), by)}
    ignored = [(place, name) for place, name in enumerate(names) if place not in columns.values()]
    if further:
        evidence["header"] = Sentence(_("%(count)s rows"), {"count": 1 + len(further)})
    if ignored:
        evidence["ignored_columns"] = _hinted(ignored, source, columns)
    return Header(tuple(names), mark, columns, evidence)


def _check_width(line: str, file: str, limits: Limits) -> None:
    most = max(line.count(mark) for mark in DELIMITERS) + 1
    if most > limits.max_columns:
        raise Refused(_("%(file)s, line 1: %(count)s columns; the limit is %(most)s."), file=file, count=most, most=limits.max_columns)


def _split(line: str, delimiter: str) -> list[str] | None:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter, strict=True))]
    except csv.Error:
        return None


def _find_delimiter(line: str, source: Source, file: str) -> tuple[str, str]:
    """The delimiter under which most of the source's columns appear; the header itself is the evidence."""
    if ours := delimiter_of_rejected(line):
        return ours, _("a file of rejected rows")
    if source.delimiter:
        return source.delimiter, BY_FORMAT
    known = {name for main, (_required, aliases) in wanted_columns(source).items() for name in (main, *aliases)}
    hits = {mark: len(known.intersection(_split(line, mark) or [])) for mark in DELIMITERS}
    best = max(hits, key=lambda mark: (hits[mark], line.count(mark)))
    others = [mark for mark in DELIMITERS if mark != best and hits[mark] == hits[best] and hits[best] > 1]
    if others:
        text = _("%(file)s, line 1: the delimiter is unclear (%(one)s or %(other)s); choose it for the source.")
        raise Refused(text, file=file, one=Sentence(DELIMITERS[best]), other=Sentence(DELIMITERS[others[0]]))
    return best, _("seen in the header")


def is_of_rejected(head: bytes) -> bool:
    """Whether a file that begins like this is our own one of rejected rows."""
    line = head.decode("utf-8-sig", errors="replace").lstrip("\r\n").partition("\n")[0].rstrip("\r")
    return bool(delimiter_of_rejected(line))


def delimiter_of_rejected(line: str) -> str:
    """What stands between the columns of our own file of rejected rows; empty where it is none. A spreadsheet may have changed it."""
    return next((mark for mark in DELIMITERS if set(_split(line, mark) or []) >= OF_REJECTED), "")


def _refuse_emotions(names: Iterable[str], file: str) -> None:
    for name in names:
        if describes_agent_emotion(name):
            raise emotion_refused(file, 1, name)


def emotion_refused(file: str, line: int, name: str) -> Refused:
    text = _(
        "%(file)s, line %(line)s: the column “%(name)s” holds an agent's emotion or sentiment, or does not say whose. Inferring it at work "
        "is prohibited (EU AI Act, Article 5(1)(f)); nothing of this file is read. Remove the column, then send it again."
    )
    return Refused(text, file=file, line=line, name=name[:60])


def _place(names: Sequence[str], source: Source, file: str, delimiter: str) -> dict[str, int]:
    columns: dict[str, int] = {}
    for main, (required, aliases) in wanted_columns(source).items():
        places = [place for place, name in enumerate(names) if name in (main, *aliases)]
        if len(places) > 1:
            text = _("%(file)s, line 1: the column “%(name)s” appears twice (columns %(one)s and %(other)s); keep one.")
            raise Refused(text, file=file, name=main, one=places[0] + 1, other=places[1] + 1)
        if places:
            columns[main] = places[0]
        elif required:
            raise _missing(main, aliases, names, source, file, delimiter)
    return columns


def _missing(main: str, aliases: Sequence[str], names: Sequence[str], source: Source, file: str, delimiter: str) -> Refused:
    by = {"count": len(names), "mark": Sentence(DELIMITERS.get(delimiter, delimiter))}
    lower = {name.lower(): name for name in names if name}
    near = [lower[name] for wanted in (main, *aliases) for name in get_close_matches(wanted.lower(), lower, n=1, cutoff=0.6)]
    if not near and not _known(names, source):  # very likely a row of records: what it holds is not repeated
        wanted = ", ".join(name for name, (required, _also) in wanted_columns(source).items() if required)
        text = _(
            "%(file)s, line 1: there is no header: none of %(count)s column(s), delimited by %(mark)s, has a known name. Put a line with "
            "the names of the columns first; these are needed: %(wanted)s."
        )
        return Refused(text, file=file, wanted=wanted, **by)
    found = ", ".join(f"“{_shown(name)}”" for name in names[:40]) + (" …" if len(names) > 40 else "")
    hint = Sentence(_(" The nearest is “%(name)s”: rename it."), {"name": near[0][:60]}) if near else ""
    text = _(
        "%(file)s, line 1: the required column “%(name)s” is missing.%(hint)s Found %(count)s column(s), delimited by %(mark)s: %(found)s."
    )
    return Refused(text, file=file, name=main, hint=hint, found=found, **by)


def _known(names: Sequence[str], source: Source) -> bool:
    return any(name in names for main, (_required, aliases) in wanted_columns(source).items() for name in (main, *aliases))


def _shown(name: str) -> str:
    """A name of a column, unless it looks like an address or a number of somebody."""
    return "(hidden)" if LIKE_A_PERSON.search(name) else name[:60]


def document_header(source: Source, seen: Collection[str], names: Sequence[str], form: str, file: str) -> Header:
    """The columns of a JSON file: `seen` hold something in its first records, `names` are the names used there."""
    wanted = wanted_columns(source)
    for main, (required, aliases) in wanted.items():
        if required and main not in seen and names:
            near = get_close_matches(main.lower(), {name.lower(): name for name in names}, n=1, cutoff=0.6)
            found = ", ".join(f"“{_shown(name)}”" for name in names[:40]) + (" …" if len(names) > 40 else "")
            hint = Sentence(_(" The nearest is “%(name)s”."), {"name": near[0][:60]}) if near else ""
            also = Sentence(_(" (or %(names)s)"), {"names": ", ".join(aliases)}) if aliases else ""
            text = _("%(file)s: “%(name)s”%(also)s is needed and in none of the first records.%(hint)s Names found there: %(found)s.")
            raise Refused(text, file=file, name=main, also=also, hint=hint, found=found)
    by = {"form": Sentence(form), "found": len(seen), "all": len(wanted)}
    evidence = {
        "format": Sentence(_("%(form)s; %(found)s of %(all)s known names found"), by),
        "lines": Sentence(_("the number of a line is that of its record")),
    }
    return Header(tuple(wanted), "", {name: place for place, name in enumerate(wanted)}, evidence)


def _hinted(ignored: Sequence[tuple[int, str]], source: Source, columns: dict[str, int]) -> Sentence:
    """The first names nobody asked for, each with the one that may be meant."""
    free = [name for name in wanted_columns(source) if name not in columns]
    said = [_unasked(place, name, free) for place, name in ignored[:EXAMINED]]
    names = listed(said, ", ")
    if len(ignored) <= EXAMINED:
        return names
    return Sentence(_("%(names)s and %(count)s more"), {"names": names, "count": len(ignored) - EXAMINED})


def _unasked(place: int, name: str, free: Sequence[str]) -> Sentence | str:
    if not name:
        return Sentence(_("(column %(number)s has no name)"), {"number": place + 1})
    near = get_close_matches(name.lower(), free, n=1, cutoff=0.8)
    return Sentence(_("%(name)s (did you mean %(near)s?)"), {"name": _shown(name), "near": near[0]}) if near else _shown(name)


def person_columns(columns: Iterable[Column]) -> frozenset[str]:
    return frozenset(column.name for column in columns if column.person)
