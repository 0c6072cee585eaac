"""From the records of a subject to long totals: one row per (member, start, slot), ready to be packed.

All sums are of whole numbers, so that no order of rows, batches or groups can change a bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from kpi.metric import Measure, Subject
from kpi.packing import PAIR
from kpi.slots import COUNT, SQUARES, SUM, cell_ids, parts_of, slot_ids

LONG = {"member": pl.Int32, "start": pl.Date, "slot": pl.UInt16, "value": pl.Float64}
ROW = ["member", "start"]
CELL = ("site", "team", "queue", "channel")
Long = pl.DataFrame  # with the columns of LONG
ByDimension = dict[str, Long]


def dimensions(subject: Subject) -> tuple[str, ...]:
    """All dimensions a subject has rows for; cells only where contacts are filtered by queue."""
    return ("all", *subject.dimensions, *(("cell",) if "queue" in subject.dimensions else ()))


def columns_of(subject: Subject, measures: Sequence[Measure]) -> frozenset[str]:
    """What must be read to evaluate the measures."""
    names = {name for measure in measures for name in measure.value.meta.root_names()}
    strata = {"stratum"} if subject.strata and any(measure.stratified for measure in measures) else set()
    return frozenset({"day", *subject.dimensions, *strata, *names})


def total_up(frame: pl.DataFrame, subject: Subject, measures: Sequence[Measure]) -> ByDimension:
    """The day totals of every dimension. Records are added up to the finest groups once, the rest are sums of those."""
    keys = ["day", *subject.dimensions]
    if "queue" in subject.dimensions:
        frame, keys = with_cell(frame), [*keys, "cell"]
    distinct = [measure for measure in measures if measure.distinct]
    plain = [measure for measure in measures if not measure.stratified and not measure.distinct]
    layered = [measure for measure in measures if measure.stratified]
    pieces = [(finest(frame, keys, plain), plain, False)]
    if layered:
        pieces.append((finest(frame, [*keys, "stratum"], layered), layered, True))
    found = {}
    for dimension in dimensions(subject):
        longs = [lengthen(_group(table, dimension, strata), kept, strata) for table, kept, strata in pieces]
        found[dimension] = pl.concat([*longs, count_distinct(frame, dimension, distinct)])
    return found


def count_distinct(frame: pl.DataFrame, dimension: str, measures: Sequence[Measure]) -> Long:
    """The different values of each day and member; count and sum alike."""
    slots = slot_ids((measure.key, part, 0) for measure in measures for part in parts_of(measure))
    member = (pl.lit(0) if dimension == "all" else pl.col(dimension)).cast(pl.Int32).alias("member")
    pieces = [pl.DataFrame(schema=LONG)]
    for measure in measures:
        values = frame.select(member, pl.col("day").alias("start"), measure.value.alias("_value")).drop_nulls()
        counts = values.group_by(ROW).agg(pl.col("_value").n_unique().cast(pl.Float64).alias("value"))
        for part in parts_of(measure):
            pieces.append(counts.select(*ROW, pl.lit(slots[measure.key, part, 0], dtype=pl.UInt16).alias("slot"), "value"))
    return pl.concat(pieces)


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
    """Summed to one dimension, with columns member, start and, for strata, stratum."""
    member = pl.lit(0, dtype=pl.Int32) if dimension == "all" else pl.col(dimension)
    keys = [member.alias("member"), pl.col("day").alias("start"), *([pl.col("stratum")] if strata else [])]
    known = table if dimension == "all" else table.filter(pl.col(dimension).is_not_null())
    numbers = [name for name in table.columns if name[0] in "nsq" and name[1:].isdigit()]
    return known.group_by(keys).agg(pl.col(numbers).sum())


def lengthen(table: pl.DataFrame, measures: Sequence[Measure], strata: bool) -> Long:
    """One row per slot; nothing where no record had a known value."""
    layers = table["stratum"].unique().to_list() if strata else [0]
    if table.is_empty():
        return pl.DataFrame(schema=LONG)
    slots = slot_ids((measure.key, part, layer) for measure in measures for part in parts_of(measure) for layer in layers)
    pieces = []
    for place, measure in enumerate(measures):
        known = table.filter(pl.col(f"n{place}") > 0)
        for part in parts_of(measure):
            number = {layer: slots[measure.key, part, layer] for layer in layers}
            slot = pl.col("stratum").replace_strict(number, return_dtype=pl.UInt16) if strata else pl.lit(number[0], dtype=pl.UInt16)
            pieces.append(
                known.select(pl.col("member").cast(pl.Int32), "start", slot.alias("slot"), pl.col(f"{part}{place}").alias("value"))
            )
    return pl.concat(pieces) if pieces else pl.DataFrame(schema=LONG)


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


def pack_rows(long: Long) -> list[tuple[int, date, bytes]]:
    """(member, start, packed vector), as kpi.packing.pack would write each."""
    if long.is_empty():
        return []
    ordered = long.sort([*ROW, "slot"])
    pairs = np.empty(ordered.height, dtype=PAIR)
    pairs["slot"], pairs["value"] = ordered["slot"].to_numpy(), ordered["value"].to_numpy()
    data = pairs.tobytes()
    rows = ordered.group_by(ROW, maintain_order=True).len()
    ends = (rows["len"].cast(pl.Int64).cum_sum() * PAIR.itemsize).to_list()
    starts = [0, *ends[:-1]]
    return [(member, start, data[a:b]) for member, start, a, b in zip(rows["member"], rows["start"], starts, ends, strict=True)]


def unpack_rows(rows: Sequence[tuple[int, date, bytes]]) -> Long:
    """The other way round."""
    if not rows:
        return pl.DataFrame(schema=LONG)
    members, starts, vectors = zip(*rows, strict=True)
    sizes = np.fromiter((len(vector) // PAIR.itemsize for vector in vectors), dtype=np.int64, count=len(vectors))
    pairs = np.frombuffer(b"".join(vectors), dtype=PAIR)
    index = pl.DataFrame({"member": pl.Series(members, dtype=pl.Int32), "start": pl.Series(starts, dtype=pl.Date)})
    long = index[np.repeat(np.arange(len(sizes)), sizes)]
    return long.with_columns(pl.Series("slot", pairs["slot"].copy()), pl.Series("value", pairs["value"].copy()))
