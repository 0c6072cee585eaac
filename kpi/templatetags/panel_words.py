"""Words for templates, the same on the page as in every other surface."""

from django import template

from kpi import registry, words
from kpi.metric import Family, Status
from kpi.result import Column, Result, Section

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
    lacking = words.without(result.reasons) if result.status is Status.WITHHELD else ""
    return lacking or "; ".join(result.why)


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
def count(result: Result) -> str:
    """n without what it counts, as the panel words it: a band where people are counted."""
    return result.sample_text.removesuffix(counted(result)).strip()
