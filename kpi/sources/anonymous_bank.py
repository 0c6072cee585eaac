"""The call file of an Israeli bank, 1999 (Technion SEELab): a voice menu in front of people, one row per call.

How its oddities are read. `call_id` repeats and only together with `vru+line` names a call. Clock times carry no date:
what is more than half a day before the call's entry happened after midnight; what is up to a minute before it (17 rows with
a negative `vru_time`) is a clock that was off, and stays on the same day. 0:00:00 means never. A call that a named server
answered was handled by a person; answered by NO_SERVER, nobody knows by whom. A call that hung up before it queued ended in
the menu, the machine; one that hung up in the queue was abandoned there. PHANTOM calls are rejected by name, not dropped.
`customer_id` 0 is an unknown customer. The menu's time has no column of ours and is not stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kpi import cells
from kpi.sentences import Sentence
from kpi.source import Cell, Column, DateOrder, Guide, Reading, Source

NOBODY, UNKNOWN_CUSTOMER, NEVER = "NO_SERVER", "0", "0:00:00"
HALF_A_DAY_S = 43_200
CLOCK = r"^([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])$"
DATE = r"^[0-9]{6}$"
LINE_ID = "vru+line"


def _seconds(name: str) -> pl.Expr:
    parts = pl.col(name).str.extract_groups(CLOCK)
    hours, minutes, rest = (parts.struct[place].cast(pl.Int64) for place in range(3))
    return hours * 3600 + minutes * 60 + rest


def _day() -> pl.Expr:
    """990201 is 1 February 1999: the file is older than the century."""
    return pl.when(pl.col("date").str.contains(DATE)).then("19" + pl.col("date")).str.to_date("%Y%m%d", strict=False)


def _after_entry(name: str) -> pl.Expr:
    """Seconds since the midnight before the call; null for never."""
    clock, entry = _seconds(name), _seconds("vru_entry")
    return pl.when(pl.col(name) != NEVER).then(pl.when(clock < entry - HALF_A_DAY_S).then(clock + 86_400).otherwise(clock))


def _moment(name: str, seconds: pl.Expr) -> pl.Expr:
    """As ISO text for the reader of times; a clock that cannot be read is handed on as it stands, to be rejected by name."""
    moment = _day().cast(pl.Datetime("us")) + pl.duration(seconds=seconds)
    unread = pl.col(name).is_not_null() & (pl.col(name) != NEVER) & _seconds(name).is_null()
    return pl.when(unread).then(pl.col(name)).otherwise(moment.dt.strftime("%Y-%m-%dT%H:%M:%S")).alias(name)


def _handler() -> pl.Expr:
    outcome, queued = pl.col("outcome"), pl.col("q_start") != NEVER
    named = pl.col("server") != NOBODY
    return (
        pl.when((outcome == "AGENT") & named).then(pl.lit("human"))
        .when(outcome == "AGENT").then(None)
        .when((outcome == "HANG") & queued).then(pl.lit("human"))
        .when(outcome == "HANG").then(pl.lit("ai"))
        .otherwise(outcome).alias("outcome")
    )  # fmt: skip


def prepare(raw: pl.DataFrame) -> pl.DataFrame:
    """Times with their dates, the composed id, and who handled the call, under the names of the file."""
    hung, queued = pl.col("outcome") == "HANG", pl.col("q_start") != NEVER
    answered = (pl.col("outcome") == "AGENT") & (pl.col("server") != NOBODY)
    last = pl.max_horizontal(*[_after_entry(name) for name in ("vru_exit", "q_exit", "ser_exit")], _seconds("vru_entry"))
    entry = (
        pl.when(_day().is_null())
        .then(pl.concat_str("date", pl.lit(" "), "vru_entry"))
        .otherwise(_moment("vru_entry", _seconds("vru_entry")))
    )
    return raw.with_columns(
        pl.concat_str(LINE_ID, pl.lit("-"), "call_id").alias("call_id"),
        entry.alias("vru_entry"),
        _moment("ser_exit", last),
        pl.when(answered).then(_moment("ser_start", _after_entry("ser_start"))).alias("ser_start"),
        pl.when(hung & queued).then(pl.lit("true")).otherwise(pl.lit("false")).alias("q_start"),
        _handler(),
    )


def _handled_by(text: pl.Expr, reading: Reading) -> Cell:
    known = text.is_in(("ai", "human"))
    return Cell(text, cells.first_problem((text == "PHANTOM", "phantom_call"), (~known, "unknown_value")))


ODDITIES = (
    gettext_noop("negative menu times"), gettext_noop("phantom calls"), gettext_noop("answered by no server"),
    gettext_noop("unknown customers"),
)  # fmt: skip
RULES = {
    "negative_menu_times": gettext_noop("the call is kept; the menu's time is not stored"),
    "phantom_calls": gettext_noop("rejected as phantom_call"),
    "answered_by_no_server": gettext_noop("kept; handled by and agent are unknown"),
    "unknown_customers": gettext_noop("kept; the customer is unknown"),
}


def oddities(frames: Iterable[pl.DataFrame]) -> Mapping[str, Sentence]:
    """How often each oddity occurs, so that none is met in silence."""
    counts = [
        frame.select(
            negative_menu_times=(pl.col("vru_time").cast(pl.Int64, strict=False) < 0).sum(),
            phantom_calls=(pl.col("outcome") == "PHANTOM").sum(),
            answered_by_no_server=((pl.col("outcome") == "AGENT") & (pl.col("server") == NOBODY)).sum(),
            unknown_customers=(pl.col("customer_id") == UNKNOWN_CUSTOMER).sum(),
        )
        for frame in frames
    ]
    sums = pl.concat(counts).sum().row(0, named=True) if counts else dict.fromkeys(RULES, 0)
    text = gettext_noop("%(count)s rows: %(rule)s")
    return {name: Sentence(text, {"count": sums[name], "rule": Sentence(rule)}) for name, rule in RULES.items()}


SOURCE = Source(
    key="anonymous_bank",
    guide=Guide(
        file=_("call file of a bank's contact centre, 1999, tab separated"),
        export=_("published for research by the Technion SEELab"),
        missing=_(
            "hold, after-call work, transfers, survey, whether it was resolved; agents and customers of most calls that did not queue"
        ),
        rules=_(
            "a call that hung up in the menu was handled by the machine, one that hung up in the queue was abandoned; PHANTOM is rejected"
        ),
    ),
    label=_("Anonymous Bank call file"),
    stores="kpi.Interaction",
    delimiter="\t",
    zone="Asia/Jerusalem",
    date_order=DateOrder.ISO,
    prepare=prepare,
    evidence=oddities,
    header=(LINE_ID, "date", "vru_exit", "vru_time", "q_start", "q_exit"),
    constants={"channel": "voice"},
    columns=(
        Column("call_id", "external_id", cells.identifier, required=True),
        Column("vru_entry", "started_at", cells.utc, required=True),
        Column("ser_exit", "ended_at", cells.utc, required=True),
        Column("type", "queue", cells.text(120), required=True),
        Column("type", "intent", cells.text(120), required=True),
        Column("server", "agent", cells.person_unless(NOBODY), required=True, person=True),
        Column("customer_id", "customer", cells.person_unless(UNKNOWN_CUSTOMER), person=True),
        Column("outcome", "handled_by", _handled_by),
        Column("q_start", "abandoned", cells.boolean),
        Column("q_time", "wait_s", cells.seconds(), required=True),
        Column("ser_time", "talk_s", cells.seconds(), required=True),
        Column("ser_start", "human_reached_at", cells.utc),
        Column("priority", "value_tier", cells.text(32), required=True),
    ),
)
