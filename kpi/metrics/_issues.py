"""Issue chains of D1: openers, those who came back, and what is counted for each issue. Not a metric."""

from __future__ import annotations

import polars as pl

from kpi.metric import Measure
from kpi.metrics.resolution_quality import OPENER

REPEAT, UNIDENTIFIED = 2, 0
OPENS = pl.col("role") == OPENER
IN_CHAIN = OPENS | (pl.col("role") == REPEAT)
# n: contacts of known customers, those open beside another one left out (D1: merged); sum: the issues they opened.
ISSUES = Measure("issues", "interaction", pl.when(IN_CHAIN).then(OPENS))
