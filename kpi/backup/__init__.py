"""A copy of everything that cannot be computed again, and the way back; see docs/run-in-production.md."""

from kpi.backup.copying import restore, store
from kpi.backup.engines import Unfit

__all__ = ["Unfit", "restore", "store"]
