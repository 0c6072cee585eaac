"""A week's row is the sum of its days' rows, and follows them: what the days changed by is added to it.

Only rows for which that is not certain to give the same are added up from their days again: where the highest day became lower,
and where a sum is too large for a difference to be exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from kpi import registry
from kpi.rollup import store
from kpi.rollup.vectors import ROW, Long, add_up, count_slots, to_weeks
from kpi.slots import peak_slots, read_table

SLOT = [*ROW, "slot"]


def follow(subject: str, fresh: Long, former: Long) -> None:
    """Some days were `former` and are `fresh` now."""
    measures = registry.measures_of(subject)
    is_peak = pl.col("slot").is_in(sorted(peak_slots(measures)))
    difference = pl.concat([fresh.filter(~is_peak), former.filter(~is_peak).with_columns(-pl.col("value"))])
    highest, before = fresh.filter(is_peak), former.filter(is_peak)
    lower = before.join(highest, on=SLOT, how="left").filter(pl.col("value_right").fill_null(0) < pl.col("value"))
    shift(subject, difference, count_slots(measures, read_table()), highest, to_weeks(lower).select(ROW))


def shift(
    subject: str, difference: Long, counts: Mapping[int, int], highest: Long | None = None, lower: pl.DataFrame | None = None
) -> None:
    """Adds what stored days changed by to their weeks; a slot may be there several times.
    `lower`: weeks (columns of ROW) that are added up anew in any case."""
    best = None if highest is None else to_weeks(highest).group_by(SLOT).agg(pl.col("value").max())
    unsure = store.add(subject, store.WEEK, to_weeks(difference), counts, best)
    again = unsure if lower is None else pl.concat([unsure, lower])
    if not again.is_empty():
        _add_up_anew(subject, again.unique())


def _add_up_anew(subject: str, weeks: pl.DataFrame) -> None:
    days = pl.concat(weeks.with_columns(pl.col("start") + timedelta(step)) for step in range(7))
    store.delete_rows(subject, store.WEEK, weeks)
    peaks = peak_slots(registry.measures_of(subject))
    store.insert(subject, store.WEEK, add_up(to_weeks(store.read_rows(subject, store.DAY, days)), peaks))
