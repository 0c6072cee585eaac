"""What the page of scenarios begins with: an example that asks the product's own question, or the values of today. Pure.

Contacts stop growing while the AI goes on taking them: what was absorbed by growth removes posts. The same with growth stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from staffing.forms import EXAMPLE, Start

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text
else:
    Text = str

NAME = "example"  # in the address
TAKES, MOST, GROWS = 0.15, 0.95, 0.10  # points of contacts more for the AI within the years, of all at most; growth a year


@dataclass(frozen=True)
class Example:
    """`growth` a year; `takes`: how much more the AI takes in the last year. None: as it is today."""

    key: str
    label: Text
    growth: float = 0.0
    takes: float = 0.0

    def starts(self, today: Mapping[str, Start]) -> dict[str, Start]:
        """What is known of today, with what this example assumes of the years."""
        if not (self.growth or self.takes):
            return dict(today)
        now = today["contained"].value if "contained" in today else 0.0
        then = Start(round(min(max(MOST, now), now + self.takes), 3), str(EXAMPLE))
        return {**today, "growth": Start(self.growth, str(EXAMPLE)), "containment": then}


FIRST = Example("growth_stops", _("contacts stop growing while the AI takes more of them"), takes=TAKES)
EXAMPLES = {
    item.key: item
    for item in (
        FIRST,
        Example("growth_goes_on", _("the same with contacts that go on growing"), growth=GROWS, takes=TAKES),
        Example("today", _("nothing changes: today’s values")),
    )
}


@dataclass(frozen=True)
class Chosen:
    """The example a page stands on; `said` in a sentence, empty where it is today or the reader's own numbers."""

    example: Example | None
    said: str = ""
    problem: str = ""


def chosen(asked: str | None, *, own: bool, starts: Mapping[str, Start]) -> Chosen:
    """`own`: the address holds numbers of the reader's own, which need no example."""
    if own:
        return Chosen(None)
    found = EXAMPLES.get(asked or FIRST.key)
    if found is None:
        return replace(chosen(None, own=False, starts=starts), problem=_now("This example is not known; the first one is shown."))
    return Chosen(found, _sentence(found, found.starts(starts)))


def _sentence(found: Example, starts: Mapping[str, Start]) -> str:
    """In words, with what it assumes. What is measured today stands in the form, beside its sample; it may not be known here."""
    if not found.takes:
        return ""
    said = {"last": f"{100 * starts['containment'].value:.0f}", "growth": f"{100 * found.growth:.0f}"}
    if not found.growth:
        return _now("An example: contacts stop growing, and the AI takes %(last)s %% of them in the last year.") % said
    text = _now("An example: contacts go on growing by %(growth)s %% a year, and the AI takes %(last)s %% of them in the last year.")
    return text % said
