"""Which numbers about people may leave, beside which others, and in which form (metrics.md C). Pure.

Read in the order of C8: thresholds (is the group large enough), children and table (what must be hidden beside a small group),
release (what may be asked after other answers), form (how exactly a figure is told).
"""

from kpi.anonymity.attack import Feasible, audit_2d
from kpi.anonymity.children import Children, Suppression, leaves_a_few, suppress_1d, suppress_children
from kpi.anonymity.form import Release, band, count_band, detail_allowed, publish_sensitive, share_text, share_words, whole_share
from kpi.anonymity.release import ReleasedSets, Verdict, judge_release
from kpi.anonymity.table import TableSuppression, disclosed, merged_rows, suppress_2d
from kpi.anonymity.thresholds import DEFAULT_K, FLOOR, HEADCOUNT_MIN, OPERATIONAL_K, enough_people, smallest_group

__all__ = [
    "DEFAULT_K", "FLOOR", "HEADCOUNT_MIN", "OPERATIONAL_K", "Children", "Feasible", "Release", "ReleasedSets", "Suppression",
    "TableSuppression", "Verdict", "audit_2d", "band", "count_band", "detail_allowed", "disclosed", "enough_people", "judge_release",
    "leaves_a_few", "merged_rows", "publish_sensitive", "share_text", "share_words", "smallest_group", "suppress_1d", "suppress_2d",
    "suppress_children", "whole_share",
]  # fmt: skip
