"""The D1 flags of all contacts by a sweep over openings and closings: another algorithm than that of kpi/chains.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import polars as pl

from kpi import chains
from kpi.frames import read_frame
from kpi.models import DueKey


def sweep(contacts: pl.DataFrame, window: timedelta = chains.WINDOW) -> pl.DataFrame:
    """The D1 flags of `contacts` (as for kpi.chains.flags): how many contacts of the key are open at each opening, when
    the last one closed, and which opening comes next after each closing."""
    frame = contacts.sort("customer", "group", "opened", "tie", "id").with_row_index("_place")
    frame = frame.with_columns(pl.col("_place").cast(pl.Int64), pl.struct("customer", "group").rle_id().alias("_key"))
    opening = frame.select("_key", "_place", pl.col("opened").alias("at"), (2 * pl.col("_place")).alias("order"), pl.lit(1).alias("step"))
    instant = pl.col("closed") == pl.col("opened")
    order = pl.when(instant).then(2 * pl.col("_place") + 1).otherwise(-1)  # whoever opens as another closes finds it closed
    closing = frame.select("_key", "_place", pl.col("closed").alias("at"), order.alias("order"), pl.lit(-1).alias("step"))
    events = pl.concat([opening, closing]).sort("_key", "at", "order")
    closed_at = pl.when(pl.col("step") == -1).then("at")
    events = events.with_columns(
        (pl.col("step").cum_sum().over("_key") - 1).alias("open"), closed_at.forward_fill().over("_key").alias("last")
    )
    found = events.filter(pl.col("step") == 1).sort("_place")
    role = (
        pl.when(found["open"] > 0).then(chains.CONCURRENT)
        .when(found["last"] >= found["at"] - window).then(chains.REPEAT)
        .otherwise(chains.OPENER)
    )  # fmt: skip
    frame = frame.with_columns(role.cast(pl.Int16).alias("role"))
    return _with_returned(frame, window).drop("_key", "_place")


def _with_returned(frame: pl.DataFrame, window: timedelta) -> pl.DataFrame:
    openings = frame.select("_key", pl.col("opened").alias("next")).sort("next")
    joined = frame.sort("closed").join_asof(
        openings, left_on="closed", right_on="next", by="_key", strategy="forward", allow_exact_matches=False, check_sortedness=False
    )
    returned = (pl.col("next") <= pl.col("closed") + window).fill_null(False)
    spans = (pl.col("next") - pl.col("closed")).dt.total_microseconds() / (chains.DAY / timedelta(microseconds=1))
    days = pl.when(returned).then(spans.ceil()).cast(pl.Int16)
    return joined.with_columns(returned.alias("returned"), days.alias("repeat_day")).drop("next")


def wrong_flags(unsettled: Collection[date] = ()) -> pl.DataFrame:
    """The contacts whose stored flags differ, with the columns of kpi.chains.CHANGES.

    Left out are customers who wait for the next rollup: with a contact without flags on a day of `unsettled`, or noted
    as touched (only where days are given).
    """
    noted = list(DueKey.objects.values_list("customer", flat=True)) if unsettled else []
    found = [chains.read_flags(None).filter(~pl.col("day").is_in(list(unsettled))).select(chains.CHANGES)]
    for low, high in chains.parts():
        sql = f"SELECT {chains.COLUMNS} FROM kpi_interaction i WHERE i.customer BETWEEN %s AND %s"  # noqa: S608
        contacts = sweep(chains.grouped(read_frame(sql, [low, high], chains.CONTACT)))
        fresh = contacts.filter(pl.col("was_role").is_null() & pl.col("day").is_in(list(unsettled)))["customer"].unique()
        waiting = pl.col("customer").is_in([*fresh.to_list(), *noted])
        found.append(contacts.filter(chains.differs() & ~waiting).select(chains.CHANGES))
    return pl.concat(found)
