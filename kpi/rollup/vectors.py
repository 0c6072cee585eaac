"""From the records of a subject to long totals: one row per (member, start, slot), ready to be packed.

All sums are of whole numbers, so that no order of rows, batches or groups can change a bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from kpi.metric import Measure
from kpi.packing import PAIR
from kpi.slots import COUNT, SQUARES, SUM, cell_ids, parts_of, slot_ids
from kpi.subject import Subject

DIMENSION = pl.Enum(["all", "site", "team", "queue", "channel", "intents", "tiers", "cell"])
LONG: dict[str, Any] = {"dimension": DIMENSION, "member": pl.Int32, "start": pl.Date, "slot": pl.UInt16, "value": pl.Float64}
ROW = ["dimension", "member", "start"]
CELL = ("site", "team", "queue", "channel")
Long = pl.DataFrame  # with the columns of LONG
Row = tuple[str, int, date, bytes]  # dimension, member, start, packed vector


def dimensions(subject: Subject) -> tuple[str, ...]:
    """All dimensions a subject has rows for; cells only where contacts are filtered by queue."""
    return ("all", *subject.dimensions, *(("cell",) if "queue" in subject.dimensions else ()))


def columns_of(subject: Subject, measures: Sequence[Measure]) -> frozenset[str]:
    """What must be read to evaluate the measures."""
    names = {name for measure in measures for name in measure.value.meta.root_names()}
    strata = {"stratum"} if subject.strata and any(measure.stratified for measure in measures) else set()
    return frozenset({"day", *subject.dimensions, *strata, *names})


def total_up(frame: pl.DataFrame, subject: Subject, measures: Sequence[Measure]) -> Long:
    """The day totals of every dimension. Records are added up to the finest groups once, the rest are sums of those."""
    keys = ["day", *subject.dimensions]
    if "queue" in subject.dimensions:
        frame, keys = with_cell(frame), [*keys, "cell"]
    found = [count_distinct(frame, subject, measures)]
    for strata in (False, True):
        kept = [measure for measure in measures if measure.stratified == strata and not measure.distinct]
        if kept:
            table = finest(frame, [*keys, "stratum"] if strata else keys, kept)
            found.append(lengthen(pl.concat(_group(table, dimension, strata) for dimension in dimensions(subject)), kept, strata=strata))
    return pl.concat(found)


def count_distinct(frame: pl.DataFrame, subject: Subject, measures: Sequence[Measure]) -> Long:
    """The different values of each day and member; count and sum alike."""
    distinct = [measure for measure in measures if measure.distinct]
    slots = slot_ids((measure.key, part, 0) for measure in distinct for part in parts_of(measure))
    pieces = [pl.DataFrame(schema=LONG)]
    for measure in distinct:
        rows = pl.concat(
            frame.select(*row_of(dimension), measure.value.alias("_value")).drop_nulls().unique() for dimension in dimensions(subject)
        )
        counts = rows.group_by(ROW).agg(pl.len().cast(pl.Float64).alias("value"))
        for part in parts_of(measure):
            pieces.append(counts.select(*ROW, pl.lit(slots[measure.key, part, 0], dtype=pl.UInt16).alias("slot"), "value"))
    return pl.concat(pieces)


def row_of(dimension: str, start: str = "day") -> list[pl.Expr]:
    """The columns of ROW for records with a column of that name."""
    member = pl.lit(0) if dimension == "all" else pl.col(dimension)
    return [pl.lit(dimension, dtype=DIMENSION).alias("dimension"), member.cast(pl.Int32).alias("member"), pl.col(start).alias("start")]


def with_cell(frame: pl.DataFrame) -> pl.DataFrame:
    combinations = frame.select(pl.col(name).fill_null(0) for name in CELL).unique()
    rows = [(a, b, c, d) for a, b, c, d in combinations.iter_rows()]
    numbers = cell_ids(rows)
    named = combinations.with_columns(pl.Series("cell", [numbers[row] for row in rows], dtype=pl.Int32))
    zeroed = frame.with_columns(pl.col(name).fill_null(0).alias(f"_{name}") for name in CELL)
    return zeroed.join(named, left_on=[f"_{name}" for name in CELL], right_on=list(CELL), how="left").drop(f"_{name}" for name in CELL)


def finest(frame: pl.DataFrame, keys: Sequence[str], measures: Sequence[Measure]) -> pl.DataFrame:
    """Count, sum and squares of each measure by `keys`, in columns n0, s0, q0, n1, ..."""
    values = frame.select(*keys, *(_value(measure).alias(f"v{place}") for place, measure in enumerate(measures)))
    sums = []
    for place, measure in enumerate(measures):
        column = pl.col(f"v{place}")
        sums += [column.count().cast(pl.Float64).alias(f"n{place}"), column.sum().alias(f"s{place}")]
        if measure.squares:
            sums.append((column * column).sum().alias(f"q{place}"))
    return values.group_by(keys).agg(sums)


def _value(measure: Measure) -> pl.Expr:
    """A whole number, or null where it is not known."""
    number = measure.value.cast(pl.Float64)
    return pl.when(number.is_finite()).then((number * measure.scale).round())


def _group(table: pl.DataFrame, dimension: str, strata: bool) -> pl.DataFrame:
    """Summed to one dimension, with the columns of ROW and, for strata, stratum."""
    keys = [*row_of(dimension), *([pl.col("stratum")] if strata else [])]
    known = table if dimension == "all" else table.filter(pl.col(dimension).is_not_null())
    numbers = [name for name in table.columns if name[0] in "nsq" and name[1:].isdigit()]
    return known.group_by(keys).agg(pl.col(numbers).sum())


def lengthen(table: pl.DataFrame, measures: Sequence[Measure], *, strata: bool) -> Long:
    """One row per slot; nothing where no record had a known value."""
    if table.is_empty():
        return pl.DataFrame(schema=LONG)
    layer = table["stratum"].to_numpy() if strata else np.zeros(table.height, dtype=np.int64)
    layers = np.unique(layer).tolist()
    slots = slot_ids((measure.key, part, key) for measure in measures for part in parts_of(measure) for key in layers)
    rows, places, values = [], [], []
    for place, measure in enumerate(measures):
        known = np.flatnonzero(table[f"n{place}"].to_numpy() > 0)
        for part in parts_of(measure):
            slot_of = np.array([slots[measure.key, part, key] for key in layers], dtype=np.uint16)
            rows.append(known)
            places.append(slot_of[np.searchsorted(layers, layer[known])])
            values.append(table[f"{part}{place}"].to_numpy()[known])
    long = table.select(ROW)[np.concatenate(rows)]
    return long.with_columns(pl.Series("slot", np.concatenate(places)), pl.Series("value", np.concatenate(values)))


def week_of(day: date) -> date:
    """The Monday of its ISO week."""
    return date.fromordinal(day.toordinal() - day.weekday())


def to_weeks(days: Long) -> Long:
    """Rows moved to the Monday of their week, not yet added up."""
    return days.with_columns(pl.col("start").dt.truncate("1w"))


def add_up(long: Long, peaks: frozenset[int] = frozenset()) -> Long:
    """One row per slot: summed, or the highest where a slot is a peak."""
    if not peaks:
        return long.group_by([*ROW, "slot"]).agg(pl.col("value").sum())
    highest = pl.col("slot").first().is_in(sorted(peaks))
    return long.group_by([*ROW, "slot"]).agg(pl.when(highest).then(pl.col("value").max()).otherwise(pl.col("value").sum()).alias("value"))


def without_empty(long: Long, counts: Mapping[int, int]) -> Long:
    """Without the parts of measures nothing is counted in any more. `counts`: slot to the slot of its count."""
    place = pl.col("slot").replace_strict(dict(counts), return_dtype=pl.UInt16)
    marked = long.with_columns(place.alias("_count"))
    alive = marked.filter((pl.col("slot") == pl.col("_count")) & (pl.col("value") != 0)).select(*ROW, "_count")
    return marked.join(alive, on=[*ROW, "_count"], how="semi").drop("_count")


def count_slots(measures: Sequence[Measure], slots: Mapping[int, tuple[str, str, object]]) -> dict[int, int]:
    """For every slot the slot that counts the same measure and stratum."""
    place = {(key, stratum): slot for slot, (key, part, stratum) in slots.items() if part == COUNT}
    wanted = {measure.key for measure in measures}
    return {slot: place[key, stratum] for slot, (key, part, stratum) in slots.items() if key in wanted and part in (COUNT, SUM, SQUARES)}


def pack_rows(long: Long) -> list[Row]:
    """Packed as kpi.packing.pack would write each."""
    if long.is_empty():
        return []
    ordered = long.sort([*ROW, "slot"])
    pairs = np.empty(ordered.height, dtype=PAIR)
    pairs["slot"], pairs["value"] = ordered["slot"].to_numpy(), ordered["value"].to_numpy()
    data = pairs.tobytes()
    rows = ordered.group_by(ROW, maintain_order=True).len()
    ends = (rows["len"].cast(pl.Int64).cum_sum() * PAIR.itemsize).to_list()
    starts = [0, *ends[:-1]]
    return [(*key, data[a:b]) for key, a, b in zip(rows.select(ROW).iter_rows(), starts, ends, strict=True)]


def unpack_rows(rows: Sequence[Row]) -> Long:
    """The other way round."""
    if not rows:
        return pl.DataFrame(schema=LONG)
    names, members, starts, vectors = zip(*rows, strict=True)
    sizes = np.fromiter((len(vector) // PAIR.itemsize for vector in vectors), dtype=np.int64, count=len(vectors))
    pairs = np.frombuffer(b"".join(vectors), dtype=PAIR)
    index = pl.DataFrame({"dimension": names, "member": members, "start": starts}, schema={name: LONG[name] for name in ROW})
    long = index[np.repeat(np.arange(len(sizes)), sizes)]
    return long.with_columns(pl.Series("slot", pairs["slot"].copy()), pl.Series("value", pairs["value"].copy()))
