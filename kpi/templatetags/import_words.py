"""What was wrong with a row, in the language of whoever reads it."""

from django import template

from kpi.cells.problems import told

register = template.Library()


@register.filter
def expected(sentence: str) -> str:
    return told(sentence)
