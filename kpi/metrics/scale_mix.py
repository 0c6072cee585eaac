"""Scale mix: on which scales satisfaction was answered, as shares of the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Total, Unit
from kpi.metrics._scales import ON_SCALE, counts_by_scale
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, example_totals, totals_of, whole_period

NAMES = {
    "likert5": _("1 to 5:"),
    "stars5": _("5 stars:"),
    "likert7": _("1 to 7:"),
    "likert4": _("1 to 4:"),
    "scale1_10": _("1 to 10:"),
    "scale0_10": _("0 to 10:"),
    "smiley3": _("3 faces:"),
    "thumbs": _("thumbs:"),
}


def estimate(evidence: Evidence) -> Estimate:
    """A1: the share of the commonest scale; the others are parts, and a comparison says where one of them moved by ten points."""
    counts = counts_by_scale(totals_of(evidence, "period"))
    n = sum(counts.values())
    found = share_of(Total(n, max(counts.values(), default=0)), parts={name: k / n for name, k in counts.items()})
    return open_until(replace(found, extra={"scales": counts}), evidence.frame, ANSWERS_OPEN, "provisional:answers")


def _example() -> Example:
    totals = example_totals({ON_SCALE["likert5"]: (320, 320), ON_SCALE["scale0_10"]: (60, 60), ON_SCALE["smiley3"]: (20, 20)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.8)


METRIC = Metric(
    key="scale_mix",
    label=_("Answers on the commonest scale"),
    family=Family.CUSTOMER,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(*ON_SCALE.values(), AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="customers",
    section=_("Satisfied with the contact"),
    place=35,
    shows={name: Part(label, Unit.SHARE) for name, label in NAMES.items()},
    words=_("On which scales customers said how satisfied they were."),
    formula=_("answers on the commonest scale ÷ valid satisfaction answers"),
    caveat=_(
        "Scales are made comparable by their top quarter, which is a convention. Where the share of one moves by more than ten points, "
        "a change of satisfaction may be a change of scale: the comparison then says so."
    ),
    sample=_("answers"),
    source="A1",
    example=_example(),
)
