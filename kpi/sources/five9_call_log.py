"""Five9 call log: one call, repeated where it has several legs; exact copies occur. Its moments carry no zone, its durations are clocks."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import as_text, earliest, first, merge, total
from kpi.reading.records import LINE
from kpi.source import Column, Guide, Join, Source
from kpi.sources._vendor import from_clock, is_true, truth, void

ID, AT, KIND, AGENT, CALLER = "CALL ID", "TIMESTAMP", "CALL TYPE", "AGENT", "ANI"
CLOCKS = ("CALL TIME", "QUEUE WAIT TIME", "RING TIME", "TALK TIME", "HOLD TIME", "PARK TIME", "AFTER CALL WORK TIME")
TALK, HOLD, PARK, WRAP, TRANSFERS, ABANDONED = "TALK TIME", "HOLD TIME", "PARK TIME", "AFTER CALL WORK TIME", "TRANSFERS", "ABANDONED"
WAIT, HANDLED, NOBODY = "QUEUE WAIT TIME", "handled_by", "[None]"
NO_CALL = ("internal", "test")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _moment() -> pl.Expr:
    """Thu, 27 Oct 2016 14:51:34 as 2016-10-27T14:51:34; anything else stays as it is."""
    parts = pl.col(AT).str.extract_groups(r"^[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2})$")
    day, month, year, clock = (parts.struct[place] for place in range(4))
    number = month.replace_strict({name: f"{place:02}" for place, name in enumerate(MONTHS, 1)}, default=None, return_dtype=pl.String)
    iso = pl.concat_str(year, pl.lit("-"), number, pl.lit("-"), day, pl.lit("T"), clock)
    return pl.coalesce(iso, AT).alias(AT)


def calls(raw: pl.DataFrame) -> pl.DataFrame:
    """One row for each call: copies go, the times of legs are added."""
    told = [name for name in raw.columns if name not in (LINE,)]
    legs = raw.sort(LINE).unique(told, keep="first", maintain_order=True).with_columns(_moment(), *map(from_clock, CLOCKS))
    joined = merge(
        legs,
        *[first(name) for name in (ID, KIND, "CAMPAIGN", "DISPOSITION", CALLER, WAIT, "RING TIME")],
        *[total(name) for name in (TALK, HOLD, PARK, WRAP, TRANSFERS)],
        pl.col(AGENT).filter(pl.col(AGENT) != NOBODY).last(),
        is_true(ABANDONED).any().alias("gone"),
        pl.col(ABANDONED).is_not_null().any().alias("told"),
        earliest(AT),
    )
    inbound = pl.col(KIND).str.to_lowercase().str.contains("inbound")
    reached = pl.col(AGENT).is_not_null()
    void_call = pl.col(KIND).str.to_lowercase().is_in(NO_CALL) | (~inbound & ~reached)
    return joined.with_columns(
        pl.when(inbound).then(pl.col(CALLER)).alias(CALLER),
        _sum(WAIT, "RING TIME").alias(WAIT),
        _sum(HOLD, PARK).alias(HOLD),
        truth(pl.when("told").then(pl.col("gone") & ~reached)).alias(ABANDONED),
        void(cells.NO_CONTACT, void_call, cells.handler(pl.lit(value=False), reached)).alias(HANDLED),
    )


def _sum(name: str, more: str) -> pl.Expr:
    """Both, or the one that is known; a text that is no number stays."""
    one, other = (pl.col(item).cast(pl.Float64, strict=False) for item in (name, more))
    wrong = pl.coalesce(pl.when(one.is_null()).then(pl.col(name)), pl.when(other.is_null()).then(pl.col(more)))
    known = pl.when(one.is_not_null() | other.is_not_null()).then(as_text(one.fill_null(0) + other.fill_null(0)))
    return pl.coalesce(wrong, known)


SOURCE = Source(
    key="five9_call_log",
    label=_("Five9 call log"),
    stores="kpi.Interaction",
    join=Join(pl.col(ID), calls),
    extra=("RING TIME", PARK, HANDLED, "CALL TIME"),
    header=(KIND,),
    constants={"channel": "voice"},
    guide=Guide(
        file=_("call log report as CSV; columns may come and go and stand in any order"),
        export=_("Reports, Call Log, with the columns named here; choose the zone of the domain for the source (--zone)"),
        missing=_(
            "who was reached when; the customer's number of outbound calls; whether the matter was resolved; a mark for "
            "machines (an IVA shows as "
            "IVR time, as every menu does); the team"
        ),
        rules=_(
            "Rows with the same CALL ID are one call: exact copies count once, the times of legs are added, the wait is that "
            "of the first leg with "
            "its ringing, park time is hold. A later file with the same call takes the place of what was stored: run the "
            "report for whole days. "
            "[None] is nobody. Internal and Test calls, and outbound dials that reached nobody, are rejected by name."
        ),
        unverified=_(
            "that talk time is without hold (it depends on the report: compare CALL TIME with the sum of its parts); the list of call types"
        ),
    ),
    columns=(
        Column(ID, "external_id", cells.identifier, required=True),
        Column(AT, "started_at", cells.utc, required=True),
        Column("CAMPAIGN", "queue", cells.text(120), required=True),
        Column("DISPOSITION", "intent", cells.text(120)),
        Column(AGENT, "agent", cells.person_unless(NOBODY), person=True),
        Column(CALLER, "customer", cells.pseudonym, person=True),
        Column(HANDLED, "handled_by", cells.handled),
        Column(ABANDONED, "abandoned", cells.boolean),
        Column(WAIT, "wait_s", cells.seconds()),
        Column(TALK, "talk_s", cells.seconds()),
        Column(HOLD, "hold_s", cells.seconds()),
        Column(WRAP, "wrap_s", cells.seconds()),
        Column(TRANSFERS, "transfers", cells.count),
    ),
)
