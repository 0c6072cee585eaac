"""How the centre's systems write a record: canonical columns as text, local times with their offset, unknown left empty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from kpi.reference.centre import Centre
from kpi.reference.outcome import NONE
from kpi.reference.plan import CHANNELS, INTENTS, SITES, TEAMS
from kpi.reference.timeline import DAY, Clock, random_for

SECOND_LANGUAGE, PREMIUM = 0.15, 0.30
ASKED_BY_BOT, REOPENED, SENTIMENT = 0.35, 0.015, 0.25


def named(column: str, names: Sequence[str]) -> pl.Expr:
    """An index as its name."""
    return pl.col(column).replace_strict(list(range(len(names))), list(names), return_dtype=pl.String)


def known(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != NONE).then(pl.col(column))


def numbered(prefix: str, column: str, width: int = 7) -> pl.Expr:
    return pl.when(pl.col(column) != NONE).then(pl.lit(prefix) + pl.col(column).cast(pl.String).str.zfill(width))


def moments(frame: pl.DataFrame, clocks: Sequence[Clock], columns: Sequence[str]) -> pl.DataFrame:
    """UTC seconds as local time of the row's site with its offset; unknown stays empty."""
    site = frame["site"].to_numpy()
    for name in columns:
        utc = frame[name].to_numpy()
        offset = np.zeros_like(utc)
        for index, clock in enumerate(clocks):
            offset[site == index] = clock.offset(utc[site == index])
        local = pl.from_epoch(pl.Series(utc + offset), time_unit="s").dt.strftime("%Y-%m-%dT%H:%M:%S")
        frame = frame.with_columns(pl.Series("_local", local), pl.Series("_offset", offset), pl.Series("_known", utc != NONE))
        text = pl.col("_local") + pl.col("_offset").replace_strict([0, 3600, 7200], ["+00:00", "+01:00", "+02:00"], return_dtype=pl.String)
        frame = frame.with_columns(pl.when("_known").then(text).alias(name)).drop("_local", "_offset", "_known")
    return frame


def clocks_of(centre: Centre) -> list[Clock]:
    return [Clock.of(site.zone, centre.timeline.first, centre.timeline.days) for site in SITES]


def on_day(centre: Centre, column: str) -> pl.Expr:
    """A day of the centre as its date."""
    return (pl.col(column) + centre.timeline.first_epoch_day).cast(pl.Int32).cast(pl.Date)


def interactions(centre: Centre) -> pl.DataFrame:
    """With `day`, the local day of closing, by which the files are split."""
    rng, frame = random_for(centre.seed, 9), centre.contacts
    n = frame.height
    closed, end = frame["closed"].to_numpy(), (centre.timeline.first_epoch_day + centre.timeline.days) * DAY
    back = closed + rng.integers(DAY, 9 * DAY, n)
    mail = (frame["channel"] == 2).to_numpy() & (frame["agent"] >= 0).to_numpy()
    again = mail & (rng.random(n) < REOPENED) & (back < end)
    mood = np.round(np.clip(rng.normal(1.6 * frame["pleased"].to_numpy() - 0.9, 0.35, n), -1, 1), 2)
    frame = frame.with_columns(
        pl.Series("reopened", np.where(again, back, NONE)),
        pl.Series("mood", np.where(rng.random(n) < SENTIMENT, mood, np.nan)).fill_nan(None),
        pl.Series("second", rng.random(n) < SECOND_LANGUAGE),
        pl.Series("asked_by_bot", rng.random(n) < ASKED_BY_BOT),
    )
    frame = moments(frame, clocks_of(centre), ("opened", "closed", "disclosed_at", "requested_at", "reached_at", "reopened"))
    return frame.select(*_contact_columns(), on_day(centre, "day").alias("_day"))


def _contact_columns() -> list[pl.Expr]:
    machine, contained = pl.col("kind") == "ai", ~pl.col("returns") & ~pl.col("in_vain")
    first, second = named("site", [site.languages[0] for site in SITES]), named("site", [site.languages[1] for site in SITES])
    premium = pl.col("customer") * 37 % 101 < int(100 * PREMIUM)
    tier = pl.when(premium).then(pl.lit("premium")).otherwise(pl.lit("standard"))
    return [
        numbered("cw-", "number").alias("external_id"),
        pl.col("opened").alias("started_at"),
        pl.col("closed").alias("ended_at"),
        named("channel", [item.code for item in CHANNELS]).alias("channel"),
        named("intent", [item.queue for item in INTENTS]).alias("queue"),
        named("team", [team.code for team in TEAMS]).alias("team"),
        numbered("agent-", "agent", 4).alias("agent_id"),
        numbered("customer-", "customer").alias("customer_id"),
        named("intent", [item.code for item in INTENTS]).alias("intent"),
        pl.when(pl.col("kind") != "").then(pl.col("kind")).alias("handled_by"),
        pl.col("abandoned"),
        pl.when(~machine).then(pl.col("wait")).alias("wait_s"),
        known("talk").alias("talk_s"),
        known("hold").alias("hold_s"),
        known("wrap").alias("wrap_s"),
        known("concurrency").alias("concurrency"),
        pl.when(pl.col("kind") != "").then(pl.col("transfers")).alias("transfers"),
        pl.col("disclosed_at").alias("ai_disclosed_at"),
        pl.col("requested_at").alias("human_requested_at"),
        known("requests").alias("human_requests"),
        pl.col("reached_at").alias("human_reached_at"),
        pl.when("unresolved").then(False).when(machine & contained & pl.col("asked_by_bot")).then(True).alias("resolved"),
        pl.col("reopened").alias("reopened_at"),
        pl.col("mood").alias("customer_sentiment"),
        pl.when(pl.col("customer") != NONE).then(tier).alias("value_tier"),
        pl.when("second").then(second).otherwise(first).alias("language"),
        known("prompts_shown").alias("prompts_shown"),
        known("prompts_dismissed").alias("prompts_dismissed"),
    ]


def answers(centre: Centre) -> pl.DataFrame:
    frame = moments(centre.answers.with_columns(at=pl.col("answered")), clocks_of(centre), ("sent", "answered"))
    key = pl.lit("answer-") + pl.col("number").cast(pl.String).str.zfill(7) + "-" + pl.col("question") + "-" + pl.col("nth").cast(pl.String)
    return frame.select(
        key.alias("external_id"),
        numbered("cw-", "number").alias("interaction_id"),
        pl.col("sent").alias("sent_at"),
        pl.col("answered").alias("answered_at"),
        "question",
        "scale",
        "score",
        pl.when(pl.col("comment") != "").then(pl.col("comment")).alias("comment"),
        pl.from_epoch("at", time_unit="s").dt.date().alias("_day"),
    )


def invitations(centre: Centre) -> pl.DataFrame:
    frame = moments(centre.invitations.with_columns(at=pl.col("sent")), clocks_of(centre), ("sent",))
    return frame.select(
        numbered("invitation-", "number").alias("external_id"),
        numbered("cw-", "number").alias("interaction_id"),
        pl.col("sent").alias("sent_at"),
        "delivered",
        pl.from_epoch("at", time_unit="s").dt.date().alias("_day"),
    )


def reviews(centre: Centre) -> pl.DataFrame:
    return moments(centre.reviews, clocks_of(centre), ("reviewed",)).select(
        numbered("review-", "number").alias("external_id"),
        numbered("cw-", "number").alias("interaction_id"),
        pl.col("reviewed").alias("reviewed_at"),
        "score",
        pl.col("critical").alias("critical_error"),
        numbered("rater-", "rater", 2).alias("rater"),
    )


def agent_days(centre: Centre) -> pl.DataFrame:
    day = on_day(centre, "day")
    return centre.days.select(
        day.alias("day"),
        numbered("agent-", "agent", 4).alias("agent_id"),
        named("team", [team.code for team in TEAMS]).alias("team"),
        *(pl.col(name).alias(f"{name}_s") for name in ("paid", "on_queue", "handling", "waiting", "pause", "recovery_pause")),
        "recovery_due",
        "recovery_taken",
        *(pl.col(name).alias(f"{name}_s") for name in ("training", "after_hours", "sick")),
        pl.col("paid").alias("scheduled_s"),
        pl.col("short_notice").alias("short_notice_changes"),
        pl.lit(1).alias("shifts"),
        "prompts_shown",
        pl.col("can_disable").alias("can_disable_prompts"),
        pl.col("high_emotion").alias("high_emotion_runs"),
        day.alias("_day"),
    )


def pulse(centre: Centre) -> pl.DataFrame:
    return centre.pulse.select(
        "wave",
        on_day(centre, "closed").alias("wave_closed_on"),
        named("team", [team.code for team in TEAMS]).alias("team"),
        numbered("voice-", "respondent", 4).alias("respondent"),
        "instrument",
        "items",
    )
