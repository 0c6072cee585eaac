"""Moments and days.

The rule for local times: the source's zone is used, never the host's. In the hour that comes twice in autumn the first
one is meant; the hour that does not exist in spring is a problem. A time with its own offset is never in doubt.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import polars as pl

from kpi.cells.reader import Reader, first_problem
from kpi.source import Cell, DateOrder, Reading

EARLIEST_YEAR, LATEST_YEAR = 1990, 2200
OFFSET = r"(Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)$"
ISO_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?$"
)
PLAIN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?$"
WALL = "%Y-%m-%dT%H:%M:%S"
ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
NUMBERED = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?:$|[T ].*$)"
TURNED = r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}(?:$|[T ][0-9]{1,2}:.*$)"
AHEAD_S = 14 * 3600  # the calendar day of the easternmost zone is this far ahead of UTC
PLAN = timedelta(days=10 * 366)
EPOCH = r"^(-?[0-9]{1,14})(?:[.,]([0-9]{1,6})[0-9]*)?$"
MICRO = 1_000_000


def iso_text(day_text: pl.Expr, clock: pl.Expr) -> pl.Expr:
    """A date and a clock time of two columns as one text; "7:02:47" is written "07:02:47"."""
    return pl.concat_str(day_text, pl.lit("T"), clock.str.pad_start(8, "0"))


def _as_iso(text: pl.Expr, reading: Reading) -> pl.Expr:
    """Dates of three numbers turned round, where their order is known."""
    if reading.date_order not in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
        return text
    parts = text.str.extract_groups(NUMBERED)
    first, second = (parts.struct[place].str.pad_start(2, "0") for place in (0, 1))
    day_text, month = (first, second) if reading.date_order is DateOrder.DAY_FIRST else (second, first)
    clock = text.str.extract(r"[T ]([0-9]{1,2}:.*)$").str.replace(r"^([0-9]):", "0${1}:")
    turned = pl.concat_str(parts.struct[2], pl.lit("-"), month, pl.lit("-"), day_text)
    return pl.when(parts.struct[2].is_null()).then(text).when(clock.is_null()).then(turned).otherwise(turned + "T" + clock)


def in_iso(text: pl.Expr, reading: Reading) -> pl.Expr:
    """A date of three numbers so that it can be read without knowing their order; any other text as it is."""
    return pl.when(text.str.contains(TURNED)).then(_as_iso(text, reading)).otherwise(text)


def _local(iso: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The time on the wall and what stands behind it (fraction and offset); null where the shape is wrong."""
    has_seconds = iso.str.slice(16, 1) == ":"
    minute = pl.concat_str(iso.str.slice(0, 10), pl.lit("T"), iso.str.slice(11, 5))
    whole = pl.concat_str(minute, pl.when(has_seconds).then(iso.str.slice(16, 3)).otherwise(pl.lit(":00")))
    local = pl.when(iso.str.contains(ISO_TIME)).then(whole).str.to_datetime(WALL, strict=False, time_unit="us")
    tail = pl.when(has_seconds).then(iso.str.slice(19)).otherwise(iso.str.slice(16))
    micro = tail.str.extract(r"^[.,]([0-9]{1,6})").str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    return local + pl.duration(microseconds=micro), tail


def _offset_minutes(tail: pl.Expr) -> pl.Expr:
    """Minutes east of UTC; null where no offset is written."""
    offset = tail.str.extract(OFFSET)
    digits = offset.str.replace(":", "", literal=True)
    minutes = digits.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + digits.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    return pl.when(offset == "Z").then(0).when(offset.str.starts_with("-")).then(-minutes).otherwise(minutes)


def _in_zone(local: pl.Expr, zone: str | None) -> pl.Expr:
    if zone is None:
        return pl.lit(None, pl.Datetime("us", "UTC"))
    return local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")


def wall(text: pl.Expr, reading: Reading) -> pl.Expr:
    """The time on the wall of a text without an offset, within the years that are accepted; null of any other text."""
    local, tail = _local(_as_iso(text, reading))
    return pl.when(_offset_minutes(tail).is_null() & local.dt.year().is_between(EARLIEST_YEAR, LATEST_YEAR)).then(local)


def read_times(texts: pl.Series, reading: Reading) -> tuple[pl.Series, pl.Series]:
    """Plain texts at once; only what is left over is looked at part by part."""
    text, value = pl.col("text"), pl.col("value")
    table = pl.DataFrame({"text": texts}).with_columns(
        local=pl.when(text.str.contains(PLAIN)).then(text.str.slice(0, 19)).str.to_datetime(WALL, strict=False, time_unit="us")
    )
    table = table.with_columns(value=_shifted(table, reading))
    usual = value.is_between(pl.lit(datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)), pl.lit(_limit(reading)))
    problem = pl.Series("problem", [None], dtype=pl.String).new_from_index(0, texts.len())
    places = table.select((text.is_not_null() & ~usual.fill_null(value=False)).arg_true()).to_series()
    if not len(places):
        return table["value"], problem
    rest = _read_slowly(table.select("text")[places], reading)
    return table["value"].scatter(places, rest["value"]), problem.scatter(places, rest["problem"])


def _shifted(table: pl.DataFrame, reading: Reading) -> pl.Expr:
    """From the wall to UTC. A file knows few offsets: each is worked out once."""
    local, tail = pl.col("local"), pl.col("text").str.slice(19)
    tails = table.select(pl.when(local.is_not_null()).then(tail).unique()).to_series().drop_nulls()
    if tails.to_list() == ["Z"]:
        return local.dt.replace_time_zone("UTC")
    known = pl.DataFrame({"tail": tails}).with_columns(minutes=_offset_minutes(pl.col("tail"))).drop_nulls()
    sane = pl.when(local.dt.year().is_between(EARLIEST_YEAR, LATEST_YEAR)).then(local)
    minutes = tail.replace_strict(known["tail"], known["minutes"], default=None, return_dtype=pl.Int64)
    exact = (sane - pl.duration(minutes=minutes)).dt.replace_time_zone("UTC")
    return pl.coalesce(exact, _in_zone(pl.when(tail == "").then(sane), reading.zone)) if "" in tails else exact


def _limit(reading: Reading) -> datetime:
    return datetime.fromtimestamp(reading.now + reading.skew_s, UTC)


def _read_slowly(table: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Every form of time that is understood, and every reason why a text is none."""
    text, local, minutes, value, year = (pl.col(name) for name in ("text", "local", "minutes", "value", "year"))
    found, tail = _local(pl.col("iso"))
    table = table.with_columns(iso=_as_iso(text, reading)).with_columns(local=found, tail=tail)
    table = table.with_columns(year=local.dt.year(), minutes=_offset_minutes(pl.col("tail")))
    table = table.with_columns(sane=pl.when(year.is_between(EARLIEST_YEAR, LATEST_YEAR)).then(local))
    exact = (pl.col("sane") - pl.duration(minutes=minutes)).dt.replace_time_zone("UTC")
    table = table.with_columns(value=pl.when(minutes.is_not_null()).then(exact).otherwise(_in_zone(pl.col("sane"), reading.zone)))
    problem = first_problem(
        (local.is_null() & text.str.contains(NUMBERED) & _unordered(reading), "date_order_unknown"),
        (local.is_null() & text.str.contains(NUMBERED), _impossible(reading)),
        (local.is_null(), "not_a_time"),
        (year < EARLIEST_YEAR, "too_old"),
        (year > LATEST_YEAR, "in_future"),
        (minutes.is_null() & pl.lit(reading.zone is None), "no_offset"),
        (value.is_null(), "missing_hour"),
        (value > pl.lit(_limit(reading)), "in_future"),
    )
    return table.select("value", problem=problem)


def _utc(text: pl.Expr, reading: Reading) -> Cell:
    value = text.map_batches(lambda texts: read_times(texts, reading)[0], return_dtype=pl.Datetime("us", "UTC"))
    return Cell(value, text.map_batches(lambda texts: read_times(texts, reading)[1], return_dtype=pl.String))


def _unordered(reading: Reading) -> pl.Expr:
    return pl.lit(reading.date_order in (DateOrder.UNKNOWN, DateOrder.ISO))


def _impossible(reading: Reading) -> str:
    """The date of three numbers that does not exist in the order chosen for, or seen in, the file."""
    return "impossible_month_first" if reading.date_order is DateOrder.MONTH_FIRST else "impossible_day_first"


def _calendar_day(text: pl.Expr, reading: Reading, latest: date) -> Cell:
    iso = _as_iso(text, reading)
    value = pl.when(iso.str.contains(ISO_DAY)).then(iso).str.to_date("%Y-%m-%d", strict=False)
    problem = first_problem(
        (value.is_null() & text.str.contains(NUMBERED) & _unordered(reading), "date_order_unknown"),
        (value.is_null() & text.str.contains(NUMBERED), _impossible(reading)),
        (text.is_not_null() & value.is_null(), "not_a_date"),
        (value.dt.year() < EARLIEST_YEAR, "too_old"),
        (value > pl.lit(latest), "in_future"),
    )
    return Cell(value, problem)


def _latest(reading: Reading) -> date:
    return datetime.fromtimestamp(reading.now + reading.skew_s + AHEAD_S, UTC).date()


def _day(text: pl.Expr, reading: Reading) -> Cell:
    return _calendar_day(text, reading, _latest(reading))


def _planned_day(text: pl.Expr, reading: Reading) -> Cell:
    return _calendar_day(text, reading, _latest(reading) + PLAN)


def _epoch(units: int, text: pl.Expr, reading: Reading) -> Cell:
    """A moment as a number of seconds or parts of them since 1970: in no zone, and in no doubt."""
    whole = text.str.extract(EPOCH, 1).cast(pl.Int64, strict=False)
    part = text.str.extract(EPOCH, 2).str.pad_end(6, "0").cast(pl.Int64, strict=False).fill_null(0)
    micro = whole * (MICRO // units) + part // units
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * MICRO for year in (EARLIEST_YEAR, LATEST_YEAR))
    limit = int(_limit(reading).timestamp() * MICRO)
    sane = pl.when(micro.is_between(first, last)).then(micro)
    problem = first_problem(
        (text.is_not_null() & whole.is_null(), "not_an_epoch"),
        (micro < first, "too_old"),
        (micro > min(last, limit), "in_future"),
    )
    return Cell(sane.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"), problem)


utc = Reader("time", _utc, read_times)
epoch_seconds = Reader("epoch", partial(_epoch, 1))
epoch_milliseconds = Reader("epoch", partial(_epoch, 1000))
day = Reader("day", _day)
planned_day = Reader("day", _planned_day)  # may lie ahead: the known end of a contract
