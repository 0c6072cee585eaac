"""The admin: organisation, imports and who may see what.

What is not here, on purpose: working days, employment, reskilling, reviews and answers of people (nobody reads a row about
one person, administrators neither), totals (they mean nothing alone), and any saving: assumptions are edited here, the
figures built on them are read on the panel, beside what they may have cost.
"""

from kpi.admin import (
    connections,
    holidays,
    imports,
    mails,
    nights,
    opened,
    organisation,
    people,
    plans,
    published,
    records,
    reporting,
    tokens,
)

__all__ = [
    "connections",
    "holidays",
    "imports",
    "mails",
    "nights",
    "opened",
    "organisation",
    "people",
    "plans",
    "published",
    "records",
    "reporting",
    "tokens",
]
