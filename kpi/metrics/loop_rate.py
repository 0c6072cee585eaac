"""Left in a loop: customers who came back, met the machine alone once more, and were not helped by it either."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit, Window
from kpi.metrics._issues import IN_CHAIN, REPEAT
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, NEVER_REACHED, OUTCOMES_OPEN, example_totals, mature_end, totals_of

# One turn of the loop. kpi/cases.py lists the same contacts; a test holds the two together.
IN_LOOP = (pl.col("role") == REPEAT) & (pl.col("returned") | NEVER_REACHED)
LOOPED = Measure("left_in_loop", "interaction", pl.when(pl.col("machine_only") & IN_CHAIN).then(IN_LOOP))


def windows(frame: Frame) -> dict[str, Window]:
    """Contacts count once the seven days in which the customer may come back have passed."""
    mature, start = mature_end(frame), frame.period.start
    return {"mature": Window("interaction", start, mature)} if mature > start else {}


def estimate(evidence: Evidence) -> Estimate:
    """D1 and D4 together (docs/decisions/0006): a repeat, by the machine alone, that failed as well."""
    found = totals_of(evidence, "mature")[LOOPED]
    return open_until(share_of(found, parts={"loops": found.sum}), evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """Of 800 contacts the AI closed alone, 60 were of customers going round in circles."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"mature": example_totals({LOOPED: (800, 60)})}), gives=0.075)


METRIC = Metric(
    key="loop_rate",
    label=_("Left in a loop"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.DOWN,
    measures=(LOOPED, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Those who asked for a person"),
    place=35,
    shows={"loops": Part(_("contacts in a loop:"), Unit.COUNT)},
    by=("channel", "queue", "intent"),
    words=_(
        "Of the contacts the AI closed alone, how many were of customers who had come back with the same issue, met the machine alone "
        "again, and then had to come back once more or asked for a person in vain."
    ),
    formula=_(
        "repeats within seven days that the AI closed alone and after which the customer came back again, or asked for a person and "
        "reached none ÷ contacts of known customers that the AI closed alone"
    ),
    caveat=_(
        "Counts turns of the loop, not customers; who gives up after the first attempt is not in it. The list to call back leaves out "
        "those whom a person has taken since, and has the last seven days too."
    ),
    sample=_("AI-only contacts"),
    source="D1, D4",
    example=_example(),
)
