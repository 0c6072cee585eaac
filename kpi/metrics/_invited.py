"""Who was asked about satisfaction, whether the invitation arrived, and who answered it (metrics.md A3). Not a metric."""

from __future__ import annotations

import polars as pl

from kpi.metric import Estimate, Measure, Status, Totals
from kpi.metrics._csat import SATISFIED

_ANSWERED = pl.col("csat_unit").is_not_null()
# n: contacts whose customer was invited; sum: those whose invitation arrived. One that was answered did, whatever the mailer said;
# where the mailer says nothing it counts as arrived, so that the rate errs on the low side.
INVITED = Measure("invited", "interaction", pl.when(pl.col("invited")).then(pl.col("delivered").fill_null(value=True) | _ANSWERED))
UNSURE = Measure("invited_unsure", "interaction", pl.when(pl.col("invited") & pl.col("delivered").is_null()).then(~_ANSWERED))
ANSWERED = Measure("invited_answered", "interaction", pl.when(pl.col("invited") & _ANSWERED).then(1))
NONE = Estimate(Status.NO_DATA, reasons=("invitations:none",))


def uninvited(totals: Totals) -> int:
    """Answers about contacts nobody was invited for: they count for CSAT, and for no response rate."""
    return totals[SATISFIED].n - totals[ANSWERED].n
