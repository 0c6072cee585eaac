"""Words for templates, the same on the page as in every other surface."""

from django import template

from kpi import words
from kpi.metric import Status
from kpi.result import Column

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
