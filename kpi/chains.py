"""Who came back, and when: the D1 flags `role`, `returned` and `repeat_day` of every contact (metrics.md D1).

A key is one customer and one intent group. After an import the contacts of the touched customers are looked at again, as
far as a change can reach: seven days around it; the whole history of a customer where a row was corrected or removed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from django.db import connection, transaction
from numpy.typing import NDArray

from kpi import ledger
from kpi.frames import MOMENT, array, is_in, read_frame
from kpi.models import DueKey, Intent, Interaction

WINDOW = timedelta(days=7)
DAY = timedelta(days=1)
FLAGS = ("role", "returned", "repeat_day")
EARLIER = WINDOW + timedelta(days=1)  # the local day of a moment is at most one day before its UTC day
UNIDENTIFIED, OPENER, REPEAT, CONCURRENT = (int(role) for role in Interaction.Role)
MANY = 100_000  # from here on reading whole histories in order is faster than looking customers up
PART = 1_000_000  # contacts looked at together in the bulk path
WRITTEN_TOGETHER = 50_000
CONTACT: dict[str, Any] = {
    "id": pl.Int64, "customer": pl.Int64, "intent": pl.Int32, "opened": MOMENT, "closed": MOMENT, "day": pl.Date,
    "run": pl.Int64, "was_role": pl.Int16, "was_returned": pl.Boolean, "was_repeat_day": pl.Int16,
}  # fmt: skip
COLUMNS = (
    "i.id, i.customer, i.intent_id AS intent, i.started_at AS opened, COALESCE(i.ended_at, i.started_at) AS closed, "
    "i.day, i.run_id AS run, i.role AS was_role, i.returned AS was_returned, i.repeat_day AS was_repeat_day"
)
CHANGES = ["id", "run", "day", *(f"was_{name}" for name in FLAGS), *FLAGS]  # what is said of a contact whose flags are new
PAST = -(2**62)
Moments = NDArray[np.int64]
OnChange = Callable[[pl.DataFrame], None]


def flags(contacts: pl.DataFrame, window: timedelta = WINDOW) -> pl.DataFrame:
    """`contacts` (id, customer, group, opened, closed; optional `tie`, which orders contacts opened in the same moment)
    sorted, with `role`, `returned` and `repeat_day`. Only contacts of known customers."""
    order = [name for name in ("customer", "group", "opened", "tie", "id") if name in contacts.columns]
    frame = contacts.sort(order, nulls_last=False)
    frame = frame.with_columns(pl.struct("customer", "group").rle_id().cast(pl.Int64).alias("_key"))
    key = frame["_key"].to_numpy()
    opened = frame["opened"].dt.timestamp("us").to_numpy()
    closed = frame["closed"].dt.timestamp("us").to_numpy()
    reach = int(window / timedelta(microseconds=1))
    latest = _latest_before(key, closed)
    role = np.where(latest > opened, CONCURRENT, np.where(latest >= opened - reach, REPEAT, OPENER))
    days = _repeat_days(key, opened, closed, reach)
    returned = pl.Series("returned", days > 0, dtype=pl.Boolean)
    repeat_day = pl.when(pl.lit(returned)).then(pl.Series("repeat_day", days, dtype=pl.Int16)).alias("repeat_day")
    return frame.with_columns(pl.Series("role", role, dtype=pl.Int16), returned, repeat_day).drop("_key")


def _latest_before(key: Moments, closed: Moments) -> Moments:
    """The latest closing among the contacts of the key that were opened earlier; the distant past where there is none.

    A running maximum over key and rank of the moment as one number, so that it starts anew with each key.
    """
    moments, rank = np.unique(closed, return_inverse=True)
    width = len(moments) + 1
    highest = np.maximum.accumulate(key * width + rank + 1)
    before = np.concatenate([[0], highest[:-1]]) - key * width if len(key) else highest
    return np.where(before > 0, np.concatenate([[0], moments])[np.maximum(before, 0)], PAST)


def _repeat_days(key: Moments, opened: Moments, closed: Moments, reach: int) -> Moments:
    """In which 24 hours after closing, from 1, the next contact of the key was opened; 0 where none was in (closed, closed + reach].
    Found by one binary search over (key, moment)."""
    moments = np.unique(opened)
    width = len(moments) + 1
    place = key * width + np.searchsorted(moments, opened)
    after = np.searchsorted(place, key * width + np.searchsorted(moments, closed, side="right"))
    found = np.minimum(after, max(len(key) - 1, 0))
    back: NDArray[np.bool_] = (after < len(key)) & (key[found] == key) & (opened[found] <= closed + reach)
    days: Moments = np.where(back, -(-(opened[found] - closed) // int(DAY / timedelta(microseconds=1))), 0)
    return days


def grouped(contacts: pl.DataFrame, identities: Callable[[pl.Series], pl.DataFrame] | None = None) -> pl.DataFrame:
    """With the intent group (contacts without an intent are a group of their own) and the order within one moment.
    `identities` gives id, source and ref of contacts; without it they are read from the database."""
    names = dict(Intent.objects.values_list("id", "group"))
    numbers = {name: number for number, name in enumerate(sorted(set(names.values())))}
    groups = {key: numbers[name] for key, name in names.items()}
    group = pl.col("intent").replace_strict(groups, default=pl.col("intent") + len(groups) + 1, return_dtype=pl.Int32)
    frame = contacts.with_columns(group.fill_null(-1).alias("group"))
    tied = frame.filter(pl.struct("customer", "group", "opened").is_duplicated())["id"]
    if tied.is_empty():
        return frame.with_columns(pl.lit(0, dtype=pl.UInt32).alias("tie"))
    found = (identities or identities_of)(tied).sort("source", "ref")
    order = found.select("id", pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("tie"))
    return frame.join(order, on="id", how="left").with_columns(pl.col("tie").fill_null(0))


def identities_of(ids: pl.Series) -> pl.DataFrame:
    """What orders contacts opened in the same moment, so that the order of files does not matter."""
    condition, params = is_in("i.id", ids.to_list())
    sql = f"SELECT i.id, i.source_id AS source, i.external_id AS ref FROM kpi_interaction i WHERE {condition}"  # noqa: S608
    return read_frame(sql, params, {"id": pl.Int64, "source": pl.Int64, "ref": pl.String})


@dataclass(frozen=True)
class Touched:
    """What must be looked at again, in full or around the new contacts."""

    fresh: pl.DataFrame  # rows without flags
    whole: frozenset[int]  # customers with a corrected or removed row
    keys: tuple[int, ...]  # DueKey rows that are settled by this


def refresh(on_change: OnChange | None = None) -> int:
    """Brings the flags of all touched contacts up to date and marks their days due; the number of contacts changed.

    `on_change` may take over what happens to the days: it gets, inside the transaction, id, day, the flags and
    the former ones (was_role and so on) of every contact that changes.
    """
    settle = on_change or _mark_days
    days = sorted(ledger.due("interaction").get("interaction", {}))
    if _count_fresh(days) > MANY or DueKey.objects.count() > MANY:
        return _refresh_all(settle)
    with transaction.atomic():
        ledger.take_lock()
        touched = _find_touched(days)
        changed = _unidentified(touched.fresh)
        known = touched.fresh.filter(pl.col("customer").is_not_null() & ~pl.col("customer").is_in(list(touched.whole)))
        changed = [*changed, *_near(known), *_histories(touched.whole)]
        total = store(changed, settle)
        DueKey.objects.filter(id__in=touched.keys).delete()
    return total


def _mark_days(changed: pl.DataFrame) -> None:
    ledger.mark_due("interaction", changed["day"].unique().to_list())


def _count_fresh(days: Sequence[date]) -> int:
    condition, params = is_in("day", days)
    with connection.cursor() as cursor:
        limited = f"SELECT 1 FROM kpi_interaction WHERE role IS NULL AND {condition} LIMIT {MANY + 1}"  # noqa: S608
        cursor.execute(f"SELECT count(*) FROM ({limited}) q", params)  # noqa: S608
        return int(cursor.fetchone()[0]) if days else 0


def _find_touched(days: Sequence[date]) -> Touched:
    condition, params = is_in("i.day", days)
    corrected = "(CASE WHEN i.run_id <> i.first_run_id THEN 1 ELSE 0 END)"
    sql = f"SELECT {COLUMNS}, {corrected} AS corrected FROM kpi_interaction i WHERE i.role IS NULL AND {condition}"  # noqa: S608
    schema = {**CONTACT, "corrected": pl.Int32}
    fresh = read_frame(sql, params, schema) if days else pl.DataFrame(schema=schema)
    keys = dict(DueKey.objects.values_list("id", "customer"))
    changed = fresh.filter((pl.col("corrected") == 1) & pl.col("customer").is_not_null())["customer"]
    return Touched(fresh, frozenset(keys.values()) | frozenset(changed.to_list()), tuple(keys))


def _unidentified(fresh: pl.DataFrame) -> list[pl.DataFrame]:
    role = pl.lit(UNIDENTIFIED, dtype=pl.Int16).alias("role")
    never = (pl.lit(None, dtype=pl.Boolean).alias("returned"), pl.lit(None, dtype=pl.Int16).alias("repeat_day"))
    return [fresh.filter(pl.col("customer").is_null()).with_columns(role, *never)]


def _near(fresh: pl.DataFrame) -> list[pl.DataFrame]:
    """New contacts and those they can have changed: nothing is rewritten whose own neighbours were not all read."""
    if fresh.is_empty():
        return []
    reach = fresh.group_by("customer").agg(pl.col("opened").min().alias("first"), pl.col("closed").max().alias("last"))
    contacts = flags(grouped(_read_reach(reach))).join(reach, on="customer")
    sees_earlier = pl.col("opened") >= pl.col("first")
    sees_later = (pl.col("closed") <= pl.col("last")) & (pl.col("closed") >= pl.col("first") - WINDOW)
    kept = contacts.with_columns(
        pl.when(sees_earlier).then("role").otherwise("was_role").alias("role"),
        *(pl.when(sees_later).then(name).otherwise(f"was_{name}").alias(name) for name in ("returned", "repeat_day")),
    )
    return [kept]


def _read_reach(reach: pl.DataFrame) -> pl.DataFrame:
    """The contacts of each customer from `first` minus the window to `last` plus the window."""
    if connection.vendor == "postgresql":
        # OFFSET 0 keeps PostgreSQL to one look into the index for each customer
        sql = (
            f"SELECT i.* FROM unnest(%s::bigint[], %s::date[], %s::timestamptz[]) k(customer, first_day, until) "  # noqa: S608
            f"CROSS JOIN LATERAL (SELECT {COLUMNS} FROM kpi_interaction i "
            "WHERE i.customer = k.customer AND i.day >= k.first_day AND i.started_at <= k.until OFFSET 0) i"
        )
        limits = reach.select("customer", (pl.col("first") - EARLIER).dt.date(), pl.col("last") + WINDOW)
        return read_frame(sql, [array(column) for column in limits], CONTACT)
    sql = (
        f"SELECT {COLUMNS} FROM json_each(%s) k CROSS JOIN kpi_interaction i ON i.customer = json_extract(k.value, '$[0]') "  # noqa: S608
        "AND i.day >= json_extract(k.value, '$[1]') AND i.started_at <= json_extract(k.value, '$[2]')"
    )
    last = (pl.col("last") + WINDOW).dt.strftime("%Y-%m-%d %H:%M:%S.%6f")
    limits = reach.select("customer", (pl.col("first") - EARLIER).dt.date().cast(pl.String), last.alias("until"))
    values = ",".join(f'[{customer},"{first}","{until}"]' for customer, first, until in limits.iter_rows())
    return read_frame(sql, [f"[{values}]"], CONTACT)


def _histories(customers: frozenset[int]) -> list[pl.DataFrame]:
    if not customers:
        return []
    condition, params = is_in("i.customer", sorted(customers))
    return [flags(grouped(read_frame(f"SELECT {COLUMNS} FROM kpi_interaction i WHERE {condition}", params, CONTACT)))]  # noqa: S608


def _refresh_all(settle: OnChange) -> int:
    """All contacts, some customers at a time; each part is a transaction of its own."""
    keys = tuple(DueKey.objects.values_list("id", flat=True))
    total = 0
    for part in [None, *parts()]:
        with transaction.atomic():
            ledger.take_lock()
            total += store([read_flags(part)], settle)
    for first in range(0, len(keys), 10_000):
        DueKey.objects.filter(id__in=keys[first : first + 10_000]).delete()
    return total


def parts() -> list[tuple[int, int]]:
    """Closed ranges of customers with about PART contacts each. Pseudonyms are spread evenly, other numbers need not be."""
    known = Interaction.objects.filter(customer__isnull=False)
    count = known.count()
    size = 1 + count // PART
    if size == 1:
        return [(-(2**63), 2**63 - 1)] if count else []
    sample = known.order_by("customer").values_list("customer", flat=True)
    edges = sorted({sample[place * count // size] or 0 for place in range(1, size)})
    return list(zip([-(2**63), *edges], [*(edge - 1 for edge in edges), 2**63 - 1], strict=True))


def read_flags(part: tuple[int, int] | None) -> pl.DataFrame:
    """The contacts of a range of customers (None: those without a customer and without flags), with new flags."""
    if part is None:
        differs = "(i.role IS NULL OR i.role <> 0 OR i.returned IS NOT NULL OR i.repeat_day IS NOT NULL)"
        sql = f"SELECT {COLUMNS} FROM kpi_interaction i WHERE i.customer IS NULL AND {differs}"  # noqa: S608
        return _unidentified(read_frame(sql, [], CONTACT))[0]
    sql = f"SELECT {COLUMNS} FROM kpi_interaction i WHERE i.customer BETWEEN %s AND %s"  # noqa: S608
    return flags(grouped(read_frame(sql, part, CONTACT)))


def differs() -> pl.Expr:
    """Any flag is not as it was stored."""
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"was_{name}")) for name in FLAGS)


def store(frames: Sequence[pl.DataFrame], settle: OnChange) -> int:
    """Write what differs."""
    if not frames:
        return 0
    contacts = pl.concat([frame.select(CHANGES) for frame in frames])
    changed = contacts.filter(differs()).sort("id")
    if changed.is_empty():
        return 0
    for part in changed.iter_slices(WRITTEN_TOGETHER):
        _write(part)
    settle(changed)
    return changed.height


def _write(part: pl.DataFrame) -> None:
    """A row that an import changed since it was read carries another run by now and stays without flags, and due."""
    rows = part.select(*FLAGS, "id", "run")
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            sql = "UPDATE kpi_interaction SET role = %s, returned = %s, repeat_day = %s WHERE id = %s AND run_id = %s"
            cursor.executemany(sql, rows.rows())
            return
        cursor.execute(
            "UPDATE kpi_interaction i SET role = f.role, returned = f.returned, repeat_day = f.repeat_day "
            "FROM unnest(%s::smallint[], %s::boolean[], %s::smallint[], %s::bigint[], %s::bigint[]) f(role, returned, repeat_day, id, run) "
            "WHERE i.id = f.id AND i.run_id = f.run",
            [array(column) for column in rows],
        )
