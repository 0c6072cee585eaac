"""Closed months of contacts as parquet, and the recomputation of flags and totals from them: where a database is too small
or too busy to be read whole. The rows it writes are those of kpi/recompute, to the last bit.
"""

from __future__ import annotations

from kpi.recompute.archive.files import Month, Outdated, months, write
from kpi.recompute.archive.totals import SUBJECT, recompute

__all__ = ["SUBJECT", "Month", "Outdated", "months", "recompute", "write"]
