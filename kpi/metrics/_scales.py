"""On which scale satisfaction was answered: counted for each scale, so that a change of scale is not taken for a change of mind (A1).
Not a metric."""

from __future__ import annotations

import polars as pl

from kpi.metric import Measure, Totals
from kpi.scales import SCALES

# {scale: answers on it}; the answers are those CSAT counts.
ON_SCALE = {name: Measure(f"csat_on_{name}", "interaction", pl.when(pl.col("csat_scale") == name).then(1)) for name in SCALES}


def counts_by_scale(totals: Totals) -> dict[str, int]:
    """Scales nobody answered on are left out."""
    return {name: n for name, measure in ON_SCALE.items() if (n := totals[measure].n)}
