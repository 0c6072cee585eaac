"""What a run says of its file: kept in English for systems and logs, told on pages in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kpi.models import ImportRun
from kpi.sentences import Count, Sentence, of_kept
from kpi.source import Fates

SEEN, NEW = ("evidence", "evidence_said"), ("new_codes", "new_codes_said")  # in the facts of a file: in English, and to be told
COUNTED = _(
    "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(repeated)s repeated, %(rejected)s rejected%(joined)s.%(overtaken)s"
)
JOINED = _(", %(count)s joined")
OVERTAKEN = _(" %(count)s of the unchanged rows stay as a later file has them, which this one is older than.")


def of_fates(fates: Fates, overtaken: int = 0) -> Sentence:
    """How many lines met which fate; every one of them is counted."""
    counts = {name: Count(getattr(fates, name)) for name in ("new", "changed", "unchanged", "repeated", "rejected")}
    joined = Sentence(JOINED, {"count": Count(fates.joined)}) if fates.joined else ""
    older = Sentence(OVERTAKEN, {"count": Count(overtaken)}) if overtaken else ""
    return Sentence(COUNTED, {**counts, "joined": joined, "overtaken": older})


def told(run: ImportRun) -> str:
    """The message of a run for a page. One whose sentence was not kept stands as it was written."""
    return _told(run.said, run.message)


def as_seen(evidence: Mapping[str, Sentence]) -> dict[str, Any]:
    """What was seen in a file as it is kept beside the file: in English, and to be told."""
    english, kept = SEEN
    return {english: {what: why.english for what, why in evidence.items()}, kept: {what: why.kept() for what, why in evidence.items()}}


def as_new(said: Sequence[Sentence]) -> dict[str, Any]:
    """What is new to us in a file, in the same way."""
    english, kept = NEW
    return {english: [text.english for text in said], kept: [text.kept() for text in said]}


def seen(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What was seen in a file and why, for a page: its name, its sentence, and its language where it was kept in English alone."""
    english, kept = (facts.get(name) or {} for name in SEEN)
    return [(_name(what), _told(kept.get(what), str(why)), "" if what in kept else "en") for what, why in english.items()]


def new(facts: Mapping[str, Any]) -> list[str]:
    """What is new to us in a file, for a page."""
    english, kept = (facts.get(name) or [] for name in NEW)
    return [_told(said, text) for text, said in zip_longest(english, kept[: len(english)])]


def _name(what: str) -> str:
    return gettext(what.replace("_", " ")) if what else what


def _told(kept: object, english: str) -> str:
    said = of_kept(kept)
    return str(said) if said is not None and said.english == english else english
