"""The D1 flags of archived contacts, some customers at a time: files are in the order of customers, so that of each only the
rows in question are read. Contacts that are still open to change come from the database, for chains cross the border.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from kpi import chains, ledger
from kpi.frames import read_frame
from kpi.recompute.archive.files import IDENTITY, Month
from kpi.recompute.sweep import sweep

PART = 1_000_000  # contacts looked at together
FOUND = ["id", "day", *chains.FLAGS]
LOW, HIGH = -(2**63), 2**63 - 1
Range = tuple[int, int]  # of customers, both ends included


def write_flags(archive: Sequence[Month], scratch: Path) -> None:
    """The flags of every archived contact, in `scratch/MONTH/PART.parquet`. Those of later contacts are put right where they are stored."""
    for month in archive:
        folder_of(scratch, month.first).mkdir()
    end = archive[-1].end
    chains.store([chains.read_flags(None).filter(pl.col("day") >= end)], _mark)
    for number, part in enumerate(parts(archive)):
        found = sweep(chains.grouped(_contacts(archive, part), partial(_identities, archive, part)))
        archived = found.filter(pl.col("day") < end).select(FOUND).with_columns(pl.col("day").dt.truncate("1mo").alias("_month"))
        for (first,), rows in archived.partition_by("_month", as_dict=True, include_key=False).items():
            rows.write_parquet(folder_of(scratch, first) / f"{number}.parquet")
        chains.store([found.filter(pl.col("day") >= end).select(chains.CHANGES)], _mark)


def folder_of(scratch: Path, first: date) -> Path:
    return scratch / f"{first:%Y-%m}"


def _mark(changed: pl.DataFrame) -> None:
    ledger.mark_due("interaction", changed["day"].unique().to_list())


def parts(archive: Sequence[Month]) -> Iterator[Range]:
    """Ranges of customers with about PART contacts each, by the customers of the largest month."""
    sample = pl.scan_parquet(max(archive, key=lambda month: month.rows).path).select(pl.col("customer").drop_nulls()).collect()["customer"]
    count = 1 + sum(month.rows for month in archive) // PART
    edges = sorted({sample[len(sample) * place // count] for place in range(1, count)}) if len(sample) else []
    yield from zip([LOW, *edges], [*(edge - 1 for edge in edges), HIGH], strict=True)


def _contacts(archive: Sequence[Month], part: Range) -> pl.DataFrame:
    """With the columns of kpi.chains.CONTACT; of archived contacts nobody asks what flags they had."""
    made = {"opened": pl.col("started_at"), "closed": pl.coalesce("ended_at", "started_at")}
    columns = [made.get(name, pl.col(name) if name in FOUND or name in ("customer", "intent") else pl.lit(None)) for name in chains.CONTACT]
    named = [column.cast(kind).alias(name) for column, (name, kind) in zip(columns, chains.CONTACT.items(), strict=True)]
    archived = pl.concat(_of(month, part).select(named) for month in archive).collect()
    sql = f"SELECT {chains.COLUMNS} FROM kpi_interaction i WHERE i.customer BETWEEN %s AND %s AND i.day >= %s"  # noqa: S608
    return pl.concat([archived, read_frame(sql, [*part, archive[-1].end], chains.CONTACT)])


def _of(month: Month, part: Range) -> pl.LazyFrame:
    return pl.scan_parquet(month.path).filter(pl.col("customer").is_between(*part))


def _identities(archive: Sequence[Month], part: Range, ids: pl.Series) -> pl.DataFrame:
    names = list(IDENTITY)
    archived = pl.concat(_of(month, part).filter(pl.col("id").is_in(ids.to_list())).select(names) for month in archive).collect()
    return pl.concat([archived, chains.identities_of(ids).join(archived, on="id", how="anti")])
