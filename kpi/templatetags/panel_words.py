"""The words of a status, the same on the page as in every other surface."""

from django import template

from kpi.metric import Status
from kpi.words import status_word as word_of

register = template.Library()


@register.filter
def status_word(status: Status) -> str:
    return word_of(status)
