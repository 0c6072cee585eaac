"""What a column may mean, by its name in English and German and by what stands in it. A proposal: somebody confirms each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from kpi.mapping.profile import CLOCKS, EPOCHS, NUMBERS, TIMES, Profile, Seen
from kpi.mapping.spec import CLOSED, TRUTH, kind_of
from kpi.mapping.synonyms import MEANINGS, SYNONYMS
from kpi.mapping.units import CLOCK, DURATIONS
from kpi.source import Column, Source

SAME = 3  # the least likeness of a name that is one we know
HANDED_OVER = {"started_at": "human_reached_at", "queue": "team"}  # what is needed, and what may stand in for it
WHO = re.compile(r"(?:by|von|durch)$")  # “resolved by” says who, not whether
LIKE = 0.86  # how much alike two names are that may be the same with a slip
CLOCK_NAMES = {"time", "clock", "hour", "starttime", "uhrzeit", "zeit", "startzeit", "anfangszeit", "beginnzeit"}
FITTING = {  # by kind of reader: what may stand in its column
    "time": (*TIMES, *EPOCHS), "day": TIMES, "number": (*NUMBERS, *CLOCKS), "count": ("whole",), "duration": CLOCKS,
    TRUTH: ("words", "whole"), CLOSED: ("words",),
}  # fmt: skip
UNIT_NAMES = (  # the end of a name that says in which unit it is
    (re.compile(r"(?:^|[^a-z])(?:ms|msec|millis|milliseconds|millisekunden)[^a-z]*$"), "milliseconds"),
    (re.compile(r"(?:^|[^a-z])(?:s|sec|secs|seconds|sek|sekunden)[^a-z]*$"), "seconds"),
    (re.compile(r"(?:^|[^a-z])(?:min|mins|minutes|minuten)[^a-z]*$"), "minutes"),
    (re.compile(r"(?:^|[^a-z])(?:h|hrs|hours|std|stunden)[^a-z]*$"), "hours"),
)
YES_NO = {"true": {"true", "yes", "y", "1", "ja", "j", "wahr", "x"}, "false": {"false", "no", "n", "0", "nein", "falsch"}}
REVERSED = re.compile(r"answered|angenommen|beantwortet")  # “yes” in such a column is that nobody gave up


@dataclass(frozen=True)
class Proposal:
    """A column for a field, why, and the column of its time of day."""

    column: str
    why: str
    clock: str = ""


def plain(text: str) -> str:
    """Without capitals, blanks and signs; umlauts as they are written without them."""
    for sign, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(sign, written)
    return re.sub(r"[^a-z0-9]", "", text)


def propose(base: Source, found: Profile) -> dict[str, Proposal]:
    """{field: proposal}, the surest first; a column once, unless it says yes or no, and never where its cells cannot be the field's."""
    pairs = [(_likeness(column, seen), column, seen) for column in base.columns for seen in found.columns if may_fill(column, seen)]
    taken: dict[str, Proposal] = {}
    used: set[str] = set()
    shared: set[str] = set()
    for likeness, column, seen in sorted(pairs, key=lambda pair: -pair[0]):
        truth = kind_of(column) == TRUTH  # one column of outcomes may say both whether it was resolved and whether it was abandoned
        free = seen.name not in used and (truth or seen.name not in shared)
        if likeness and column.field not in taken and free:
            (shared if truth else used).add(seen.name)
            clock = _clock_beside(column, seen, found, used)
            used.add(clock)
            taken[column.field] = Proposal(seen.name, _why(likeness, column), clock)
    _hand_over([pair for pair in pairs if pair[0]], taken)
    return taken


def _hand_over(pairs: Sequence[tuple[float, Column, Seen]], taken: dict[str, Proposal]) -> None:
    """Where nothing else was found for it: of a file that knows one moment that is the beginning, and its only group is the queue."""
    for needed, other in HANDED_OVER.items():
        mine = [
            column for _likeness, column, seen in pairs if column.field == needed and other in taken and taken[other].column == seen.name
        ]
        if needed not in taken and mine:
            taken[needed] = taken.pop(other)


def may_fill(column: Column, seen: Seen) -> bool:
    """Whether the cells look as those of this field do. What is rare in a column is judged cell by cell later."""
    fitting = FITTING.get(kind_of(column))
    if seen.shape == "empty":
        return False
    if kind_of(column) == CLOSED:  # some of its words have to be known: one that names people says nothing of machines and persons
        return any(propose_meaning(column, seen.name, word) for word in seen.words or ())
    if kind_of(column) == TRUTH and seen.words is not None:
        return not WHO.search(plain(seen.name))
    return fitting is None and seen.shape not in TIMES if fitting is None else seen.shape in fitting


def _likeness(column: Column, seen: Seen) -> float:
    """3 the same name, 2 it holds one, 1 and less alike, 0 nothing."""
    name = plain(seen.name)
    names = [plain(column.name), plain(column.field), *SYNONYMS.get(column.field, "").split()]
    if name in names:
        return SAME + 1 - (names.index(name) + 1) / 1000
    held = max((len(known) for known in names if len(known) > 3 and (name.startswith(known) or name.endswith(known))), default=0)
    if held:
        return 2 + held / (len(name) + 1)
    alike = max(SequenceMatcher(None, name, known).ratio() for known in names)
    return alike if alike >= LIKE else 0.0


def _why(likeness: float, column: Column) -> str:
    if likeness >= SAME:
        return _("its name says so")
    return _("its name holds a word for it") if likeness >= 2 else _("its name is almost a word for it")


def _clock_beside(column: Column, seen: Seen, found: Profile, used: Iterable[str]) -> str:
    """The time of day of a date that has none."""
    if kind_of(column) != "time" or seen.shape != "day":
        return ""
    free = [item for item in found.columns if item.shape in CLOCKS and item.name not in set(used)]
    named = [item for item in free if plain(item.name) in CLOCK_NAMES or plain(item.name).startswith(("uhrzeit", "time"))]
    return named[0].name if named else ""


def propose_unit(field: str, seen: Seen) -> tuple[str, str]:
    """(unit, why); empty where neither the cells nor the name of the column say it."""
    if seen.shape in EPOCHS and not field.endswith("_s"):
        return seen.shape, _("ten digits") if seen.shape == "epoch_s" else _("thirteen digits")
    if not field.endswith("_s"):
        return "", ""
    if seen.shape == "clock3":
        return CLOCK, _("its cells have three parts")
    if seen.shape not in NUMBERS:
        return "", ""
    for pattern, unit in UNIT_NAMES:
        if pattern.search(re.sub(r"[_\-]", " ", seen.name.lower())):
            return unit, _("its name ends in it: %(unit)s") % {"unit": DURATIONS[unit].label}
    return "", ""


def propose_meaning(column: Column, of: str, word: str) -> str:
    """What a word in the column called `of` means for this field; empty where that is in doubt."""
    text = plain(word)
    for meaning, words in MEANINGS.get(column.field, {}).items():
        if text == plain(meaning) or text in words.split():
            return meaning
    if kind_of(column) == TRUTH:
        said = next((truth for truth, words in YES_NO.items() if text in words), "")
        turned = column.field == "abandoned" and REVERSED.search(plain(of))
        return {"true": "false", "false": "true"}.get(said, "") if turned else said
    if kind_of(column) == CLOSED and hasattr(column.read, "values"):
        return next((value for value in column.read.values if plain(value) == text), "")
    return ""
