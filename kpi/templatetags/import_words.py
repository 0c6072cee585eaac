"""What was wrong with a row, and what a run says of its file, in the language of whoever reads it."""

from django import template

from kpi import ingest
from kpi.cells.problems import told
from kpi.models import ImportRun

register = template.Library()


@register.filter
def expected(sentence: str) -> str:
    return told(sentence)


@register.filter
def message(run: ImportRun) -> str:
    return ingest.told(run)
