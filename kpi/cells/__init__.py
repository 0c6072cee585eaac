"""Readers of one cell: the text of a column in, an expression for the value and one for the problem out.

Two rules for all of them. An empty cell is unknown, never zero. Blanks around a value are a problem, never trimmed away:
" 5 " may be padding, or the trace of a column cut at the wrong place, and an id with a blank would not meet its other half.
Comments are the exception: they are kept as they came. Text is brought to Unicode NFC before it arrives here.
"""

from kpi.cells.handlers import LEGS_MISSING, NO_CONTACT, handled, handler
from kpi.cells.inert import PROTECTION, inert, protected
from kpi.cells.numbers import (
    DAY_S,
    MONTH_S,
    boolean,
    clock_duration,
    count,
    number,
    one_of,
    positive,
    score,
    seconds,
    sentiment,
    share,
)
from kpi.cells.persons import person_unless, pseudonym, pseudonym_of, pseudonym_text
from kpi.cells.problems import CLASH, PROBLEMS, expected
from kpi.cells.reader import Reader, first_problem
from kpi.cells.texts import comment, identifier, text
from kpi.cells.times import day, epoch_milliseconds, epoch_seconds, in_iso, iso_text, planned_day, utc, wall

__all__ = [
    "CLASH",
    "DAY_S", "LEGS_MISSING", "MONTH_S", "NO_CONTACT", "PROBLEMS", "PROTECTION", "Reader", "boolean", "clock_duration",
    "comment", "count", "day", "epoch_milliseconds", "epoch_seconds", "expected", "first_problem", "handled", "handler",
    "identifier", "in_iso", "inert", "iso_text", "number", "one_of", "person_unless", "planned_day", "positive", "protected",
    "pseudonym", "pseudonym_of", "pseudonym_text", "score", "seconds", "sentiment", "share", "text", "utc", "wall",
]  # fmt: skip
