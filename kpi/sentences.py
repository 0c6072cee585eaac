"""A sentence that is kept in English and told in the language of whoever reads it: a text of the catalogue and what fills its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext


@dataclass(frozen=True)
class Count:
    """How many: with a comma between thousands in English, with a narrow space where a comma begins the decimals."""

    number: int

    def __str__(self) -> str:
        return self.english if (get_language() or "en").startswith("en") else self.english.replace(",", "\u202f")

    @property
    def english(self) -> str:
        return f"{self.number:,}"

    def kept(self) -> dict[str, int]:
        return {"count": self.number}


@dataclass(frozen=True)
class Sentence:
    """`facts` are numbers and words of a file, which are the same in every language, or counts or sentences, which are not."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """In the language of this moment."""
        return _filled(gettext(self.text) if self.text else "", {name: str(fact) for name, fact in self.facts.items()})

    @property
    def english(self) -> str:
        facts = {name: fact.english if isinstance(fact, Sentence | Count) else str(fact) for name, fact in self.facts.items()}
        return _filled(self.text, facts)

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        facts = {name: fact.kept() if isinstance(fact, Sentence | Count) else str(fact) for name, fact in self.facts.items()}
        return {"text": self.text, "facts": facts}


NAMED = "%(what)s: %(why)s"  # a pattern of the same form in every language


def listed(parts: Sequence[object], between: str) -> Sentence:
    """Several in a row."""
    return Sentence(between.join(f"%({place})s" for place in range(len(parts))), {str(place): part for place, part in enumerate(parts)})


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """A text without places is no pattern: it may hold a per cent sign of its own."""
    return text % facts if facts else text


def of_kept(kept: object) -> Sentence | None:
    """What `kept` gave; None for anything else."""
    if not isinstance(kept, dict) or not isinstance(kept.get("text"), str) or not isinstance(kept.get("facts"), dict):
        return None
    return Sentence(kept["text"], {name: of_kept(fact) or _count_of(fact) or str(fact) for name, fact in kept["facts"].items()})


def _count_of(kept: object) -> Count | None:
    return Count(kept["count"]) if isinstance(kept, dict) and isinstance(kept.get("count"), int) else None
