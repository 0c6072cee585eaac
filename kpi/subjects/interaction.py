"""Contacts, each with the answer and the review that belong to it, on the day of the contact (metrics.md A2, D2, D3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import Max, Min

from kpi import policies
from kpi.frames import MOMENT, is_in, read_frame
from kpi.metric import Stratum
from kpi.models import Channel, CustomerAnswer, Intent, Interaction
from kpi.scales import SCALES, unit_score
from kpi.slots import slice_ids, stratum_ids
from kpi.subject import Subject

ANSWERED_WITHIN = timedelta(days=7)
UNKNOWN_GROUP = ""
HIGH, OTHER = "high", "other"
TWO = 2  # reviewers of one contact
QUESTIONS = pl.Enum(CustomerAnswer.Question.values)
NPS_RANGE, CES_RANGE = (0, 10), (1, 7)  # A5, A6: answers outside are no responses
HANDLED_BY = pl.Enum(Interaction.HandledBy.values)
# Customers whose tier has one of these names count as the high tier (F4, policy); every other named tier counts as low.
HIGH_TIERS = ("high", "gold", "premium", "vip", "platinum")
IDS = {"site": "site_id", "team": "team_id", "queue": "queue_id", "channel": "channel_id", "intent": "intent_id"}
_NAMES_OF_HIGH = ", ".join(f"'{name}'" for name in HIGH_TIERS)
COMPUTED = {"high_tier": f"(lower(NULLIF(trim(i.value_tier), '')) IN ({_NAMES_OF_HIGH}))"}  # in the database: text is slow to fetch
STORED: dict[str, Any] = {
    "id": pl.Int64, "day": pl.Date, **dict.fromkeys(IDS, pl.Int32), "agent": pl.Int64, "customer": pl.Int64, "started_at": MOMENT,
    "ended_at": MOMENT, "handled_by": HANDLED_BY, "abandoned": pl.Boolean, "wait_s": pl.Float64, "talk_s": pl.Float64,
    "hold_s": pl.Float64, "wrap_s": pl.Float64, "concurrency": pl.Float64, "transfers": pl.Int32, "role": pl.Int16,
    "returned": pl.Boolean, "resolved": pl.Boolean, "reopened_at": MOMENT, "human_requested_at": MOMENT, "human_requests": pl.Int32,
    "human_reached_at": MOMENT, "ai_disclosed_at": MOMENT, "value_tier": pl.String,
    "high_tier": pl.Boolean, "repeat_day": pl.Int16, "prompts_shown": pl.Int32, "prompts_dismissed": pl.Int32,
}  # fmt: skip
ALWAYS = frozenset({"id", "day", "site", "team", "queue", "channel"})
STRATUM = frozenset({"channel", "intent", "handled_by"})  # what a stratum is made of
ANSWERS = frozenset({"csat_unit", "csat_scale", "confirmed", "nps", "ces"})
INVITATIONS = frozenset({"invited", "delivered"})
REVIEWS = frozenset({"qa_score", "qa_critical"})
PAIRS = frozenset({"qa_one", "qa_other", "qa_raters"})
POLICY = "ai_policy"  # in force for the intent on the contact's day
SLICES = {"intents": "intent", "tiers": "high_tier"}  # dimension: the column a site is cut by
EVERYTHING = frozenset(STORED) | ANSWERS | INVITATIONS | REVIEWS | PAIRS | {"machine_only", "stratum", POLICY, *SLICES}
Condition = tuple[str, list[Any]]


def read(days: Sequence[date]) -> pl.DataFrame:
    """One row per contact of these days, with every column."""
    return narrow(days, EVERYTHING, None)


def narrow(days: Sequence[date], columns: frozenset[str], ids: Sequence[int] | None) -> pl.DataFrame:
    """Only these columns; with `ids` only these contacts, whatever their day."""
    condition = is_in("i.day", days) if ids is None else is_in("i.id", ids)
    wanted = needed(columns)
    return judged(recorded(condition, wanted), wanted)


def needed(columns: frozenset[str]) -> frozenset[str]:
    """These columns and those they are made of."""
    wanted = columns | ALWAYS
    if "machine_only" in wanted:
        wanted |= {"handled_by"}
    if "stratum" in wanted:
        wanted |= STRATUM
    if POLICY in wanted:
        wanted |= {"intent"}
    return wanted | {column for name, column in SLICES.items() if name in wanted}


def recorded(condition: Condition, wanted: frozenset[str]) -> pl.DataFrame:
    """What was recorded of the contacts: as it is stored, with what is attached to them. Also what an archive keeps (kpi/archive)."""
    schema = {name: kind for name, kind in STORED.items() if name in wanted}
    names = ", ".join(f'{COMPUTED.get(name, "i." + IDS.get(name, name))} AS "{name}"' for name in schema)
    frame = read_frame(f"SELECT {names} FROM kpi_interaction i WHERE {condition[0]}", condition[1], schema)  # noqa: S608
    for columns, attach in ((ANSWERS, _answers), (INVITATIONS, _invitations), (REVIEWS, _reviews), (PAIRS, _pairs)):
        if wanted & columns:
            frame = frame.join(attach(condition), on="id", how="left")
    return frame


def judged(frame: pl.DataFrame, wanted: frozenset[str]) -> pl.DataFrame:
    """With what follows from our own definitions as they are now: strata, policies, slices."""
    if "handled_by" in wanted:
        frame = frame.with_columns((pl.col("handled_by") == "ai").fill_null(False).alias("machine_only"))
    if "stratum" in wanted:
        frame = _with_stratum(frame)
    if POLICY in wanted:
        frame = policies.judge(frame)
    for name in SLICES.keys() & wanted:
        frame = _sliced(frame, name)
    return frame


def _with_stratum(frame: pl.DataFrame) -> pl.DataFrame:
    """The id of channel x intent group x machine only; contacts without an intent are the group ""."""
    channels, groups = dict(Channel.objects.values_list("id", "code")), dict(Intent.objects.values_list("id", "group"))
    key = ["channel", "intent", "machine_only"]
    found = frame.select(key).unique()
    strata = [Stratum(channels.get(c, str(c)), groups.get(i, UNKNOWN_GROUP), machine) for c, i, machine in found.iter_rows()]
    numbers = stratum_ids(strata)
    named = found.with_columns(pl.Series("stratum", [numbers[item] for item in strata], dtype=pl.Int32))
    return frame.join(named, on=key, how="left", nulls_equal=True)


def _sliced(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The id of site x intent ("" without one), or of site x high tier or other; customers without a tier are in no slice."""
    key = ["site", SLICES[name]]
    found = frame.select(key).unique()
    found = found.filter(pl.col("high_tier").is_not_null()) if name == "tiers" else found
    keys = [(name, site, _value(value)) for site, value in found.iter_rows()]
    numbers = slice_ids(keys)
    named = found.with_columns(pl.Series(name, [numbers[item] for item in keys], dtype=pl.Int32))
    return frame.join(named, on=key, how="left", nulls_equal=True)


def _value(value: int | bool | None) -> str:
    if isinstance(value, bool):
        return HIGH if value else OTHER
    return "" if value is None else str(value)


def _attached(table: str, columns: str, condition: Condition, schema: dict[str, Any]) -> pl.DataFrame:
    """Records that name a contact of the condition and come from a source whose contacts may be meant."""
    sql = (
        f"SELECT i.id, COALESCE(i.ended_at, i.started_at) AS closed, {columns} FROM kpi_interaction i "  # noqa: S608
        f"JOIN {table} a ON a.interaction_ref = i.external_id JOIN kpi_datasource s ON s.id = a.source_id "
        f"WHERE {condition[0]} AND (s.contacts_from_id IS NULL OR s.contacts_from_id = i.source_id)"
    )
    return read_frame(sql, condition[1], {"id": pl.Int64, "closed": MOMENT, **schema})


def _answers(condition: Condition) -> pl.DataFrame:
    """Per contact and question the last valid answer within seven days of closing. Of two in the same moment the worse one
    counts, so that the order of files does not matter."""
    schema = {"question": QUESTIONS, "scale": pl.Enum(list(SCALES)), "score": pl.Float64, "at": MOMENT}
    answers = _attached("kpi_customeranswer", "a.question, a.scale, a.score, a.answered_at AS at", condition, schema)
    answers = answers.filter(pl.col("at") <= pl.col("closed") + ANSWERED_WITHIN)
    scale, score = pl.col("scale").cast(pl.String), pl.col("score")
    csat = _last(answers, "csat", unit_score(scale, score).alias("csat_unit"), scale.alias("csat_scale"))
    others = (
        _last(answers, "resolved", pl.when(score.is_in([0.0, 1.0])).then(score == 1).alias("confirmed")),
        _last(answers, "nps", pl.when(score.is_between(*NPS_RANGE)).then(score).alias("nps")),
        _last(answers, "ces", pl.when(score.is_between(*CES_RANGE)).then(score).alias("ces")),
    )
    for other in others:
        csat = csat.join(other, on="id", how="full", coalesce=True)
    return csat


def _invitations(condition: Condition) -> pl.DataFrame:
    """Per contact whether its customer was asked about satisfaction, and whether one of the invitations arrived (null where nobody says);
    a reminder is no second invitation."""
    rows = _attached("kpi_invitation", "a.question, a.delivered", condition, {"question": QUESTIONS, "delivered": pl.Boolean})
    asked = rows.filter(pl.col("question").is_null() | (pl.col("question") == "csat"))
    arrived = pl.col("delivered").any(ignore_nulls=False)  # one that arrived is enough; else what is unknown stays unknown
    return asked.group_by("id").agg(pl.lit(True).alias("invited"), arrived.alias("delivered"))


def _last(answers: pl.DataFrame, question: str, value: pl.Expr, *more: pl.Expr) -> pl.DataFrame:
    """The last answer to one question in the columns of `value` and `more`; where `value` is null it is no answer."""
    name = value.meta.output_name()
    found = answers.filter(pl.col("question") == question).select("id", "at", value, *more).filter(pl.col(name).is_not_null())
    columns = [name, *(column.meta.output_name() for column in more)]
    found = found.sort("at", *columns, descending=[False, True, *(False for _column in more)])
    return found.group_by("id", maintain_order=True).agg(pl.col(columns).last())


def _reviews(condition: Condition) -> pl.DataFrame:
    """Per contact the last review; of two in the same moment the worse one."""
    schema = {"at": MOMENT, "qa_score": pl.Float64, "qa_critical": pl.Boolean}
    reviews = _attached("kpi_qualityreview", "a.reviewed_at AS at, a.score AS qa_score, a.critical_error AS qa_critical", condition, schema)
    reviews = reviews.sort("at", "qa_score", "qa_critical", descending=[False, True, False], nulls_last=False)
    return reviews.group_by("id", maintain_order=True).agg(pl.col("qa_score").last(), pl.col("qa_critical").last())


def _pairs(condition: Condition) -> pl.DataFrame:
    """Contacts that two people reviewed: the last review of each, two of them in the order of their pseudonyms; `qa_raters` has the
    bits of the groups of sixteen they fall into (kpi/metrics/qa_agreement.py counts how many groups are met)."""
    schema = {"at": MOMENT, "rater": pl.Int64, "score": pl.Float64}
    reviews = _attached("kpi_qualityreview", "a.reviewed_at AS at, a.rater, a.score", condition, schema)
    last = reviews.drop_nulls("rater").sort("at", "score", descending=[False, True]).group_by("id", "rater", maintain_order=True).last()
    pairs = last.sort("id", "rater").group_by("id", maintain_order=True).agg(pl.col("score").head(2), pl.col("rater").head(2))
    pairs = pairs.filter(pl.col("score").list.len() == TWO)
    bits = [(pl.lit(2, pl.Int64).pow(pl.col("rater").list.get(place) % 16)).cast(pl.Int64) for place in range(TWO)]
    same = pl.col("rater").list.get(0) % 16 == pl.col("rater").list.get(1) % 16
    scores = [pl.col("score").list.get(place).alias(name) for place, name in enumerate(("qa_one", "qa_other"))]
    return pairs.select("id", *scores, pl.when(same).then(bits[0]).otherwise(bits[0] + bits[1]).alias("qa_raters"))


def days(horizon: date | None) -> Sequence[date]:
    """Every day from the first contact to the last."""
    found = Interaction.objects.aggregate(first=Min("day"), last=Max("day"))
    first, last = found["first"], found["last"]
    return [] if first is None else [first + timedelta(step) for step in range((last - first).days + 1)]


SUBJECT = Subject(
    key="interaction",
    dimensions=("site", "team", "queue", "channel", "intents", "tiers"),
    read=read,
    narrow=narrow,
    days=days,
    strata=True,
    computed=("role",),
    records={
        "kpi.Interaction": frozenset(),
        "kpi.CustomerAnswer": ANSWERS,
        "kpi.Invitation": INVITATIONS,
        "kpi.QualityReview": REVIEWS | PAIRS,
    },
)
