"""Words for templates, the same on the page as in every other surface."""

import re
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kpi import reasons, registry, words
from kpi.metric import Family, Status
from kpi.result import Column, Line, Result, Section

register = template.Library()


@register.filter
def status_word(status: Status) -> str:
    return words.status_word(status)


@register.filter
def spaced(count: int) -> str:
    """12 345 with a narrow space."""
    return words.number(count)


@register.filter
def facts(column: Column) -> tuple[str, ...]:
    """The notes of a column without its state, which stands on a line of its own."""
    state = words.status_word(column.result.status)
    return tuple(note for note in column.notes if note != state)


MARKS = {Status.PROVISIONAL: "◇", Status.CARRIED_FORWARD: "○", Status.SMALL_SAMPLE: "△", Status.PARTIAL: "◐"}


@register.filter
def mark(result: Result) -> str:
    """One sign for each state, where a table has no room for its word; the word is there for those who hear the page."""
    young = MARKS[Status.PROVISIONAL] if result.provisional and result.status is not Status.PROVISIONAL else ""
    return MARKS.get(result.status, "") + young


@register.filter
def state(result: Result) -> str:
    return words.state(result)


@register.simple_tag
def marks() -> str:
    return ", ".join(f"{sign} {words.status_word(status)}" for status, sign in MARKS.items())


@register.filter
def brief(result: Result) -> str:
    """Why nothing is shown, for a row in which the companions say their own reasons."""
    lacking = reasons.without(result.reasons) if result.status is Status.WITHHELD else ""
    return lacking or "; ".join(result.why)


@register.filter
def one_reason(line: Line) -> str:
    """Why nothing of a whole line is shown, where every figure says the same; else nothing."""
    said = {(column.result.status, brief(column.result)) for column in line.columns}
    shown = len(said) > 1 or any(column.result.shown for column in line.columns)
    return "" if shown else next((reason for _status, reason in said), "")


@register.filter
def has_saving(section: Section) -> bool:
    """Whether the four have to stand in the very card."""
    return any(column.result.family is Family.SAVINGS for column in section.columns)


@register.filter
def counted(result: Result) -> str:
    """What n counts."""
    metric = registry.metrics().get(result.metric)
    return str(metric.sample) if metric else ""


@register.filter
def unit_word(result: Result) -> str:
    """The unit of a whole column, also where its first line shows no value."""
    metric = registry.metrics().get(result.metric)
    return str(words.UNITS[metric.unit]) if metric else str(result.unit_text)


@register.filter
def count(result: Result) -> str:
    """n without what it counts, as the panel words it: a band where people are counted."""
    return result.sample_text.removesuffix(counted(result)).strip()


NAMED = {"agent_wellbeing_index": ("wellbeing",), "resolution_quality": ("resolution quality", "resolution"), "fte_reduction": ("FTE",)}
GROWTH = ("growth", ("Volume", "Contacts", "contacts", "growth"))


@lru_cache(maxsize=8)  # one for each language
def _links(names: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    """{name in small letters: key of its entry}, and what finds them, the longest first."""
    links = {name.lower(): key for name, key in reversed(names)}
    longest = "|".join(re.escape(name) for name in sorted(links, key=len, reverse=True))
    return links, re.compile(rf"\b(?:{longest})\b", re.IGNORECASE)


@register.filter
def defined(sentence: str) -> SafeString:
    """The sentence with the names of what it tells leading to their definitions; each once, the longest name first."""
    names = [(name, key) for key, metric in registry.metrics().items() for name in (str(metric.label), *NAMED.get(key, ()))]
    names += [*((name, GROWTH[0]) for name in GROWTH[1]), ("figures", ""), ("one figure", "")]
    links, pattern = _links(tuple(names))
    seen: set[str] = set()

    def link(found: re.Match[str]) -> str:
        key = links[found[0].lower()]
        if key in seen:
            return conditional_escape(found[0])
        seen.add(key)
        address = reverse("definition", args=[key]) if key else reverse("definitions")
        return format_html('<a class="metric" href="{}">{}</a>', address, found[0])

    pieces, at = [], 0
    for found in pattern.finditer(str(sentence)):
        pieces += [conditional_escape(sentence[at : found.start()]), link(found)]
        at = found.end()
    return mark_safe("".join([*pieces, conditional_escape(sentence[at:])]))  # noqa: S308 - every piece was escaped
