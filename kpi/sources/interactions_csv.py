"""Interactions in our own layout: one row, one contact of one customer on one channel."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Reading, Source

# Where nobody sits and waits: days of waiting are possible. Everywhere else a wait of more than a day is an error of the file.
MAIL_LIKE = (
    "email", "e-mail", "mail", "letter", "post", "fax", "ticket", "case", "form", "web", "webform", "web_form", "portal", "social",
    "sms", "message", "messaging", "whatsapp", "async", "back_office", "backoffice",
)  # fmt: skip


def check(reading: Reading) -> Mapping[str, pl.Expr]:
    """What no contact can be: over before it began, put through before it began, a day on hold for a reply by voice."""
    start = pl.col("started_at")
    fail = cells.first_problem
    waits_live = ~pl.col("channel").str.to_lowercase().is_in(MAIL_LIKE)
    return {
        "ended_at": fail((pl.col("ended_at") < start, "ends_before_start")),
        "human_requested_at": fail((pl.col("human_requested_at") < start, "before_start")),
        "human_reached_at": fail((pl.col("human_reached_at") < start, "before_start")),
        "reopened_at": fail((pl.col("reopened_at") < start, "before_start")),
        "wait_s": fail((waits_live & (pl.col("wait_s") > cells.DAY_S), "duration_too_long")),
        "prompts_dismissed": fail((pl.col("prompts_dismissed") > pl.col("prompts_shown"), "more_dismissed_than_shown")),
    }


SOURCE = Source(
    key="interactions_csv",
    label=_("Interactions (CSV)"),
    stores="kpi.Interaction",
    check=check,
    columns=(
        Column("external_id", "external_id", cells.identifier, required=True),
        Column("started_at", "started_at", cells.utc, required=True),
        Column("ended_at", "ended_at", cells.utc),
        Column("channel", "channel", cells.text(64), required=True),
        Column("queue", "queue", cells.text(120), required=True),
        Column("team", "team", cells.text(120)),
        Column("agent_id", "agent", cells.pseudonym, person=True),
        Column("customer_id", "customer", cells.pseudonym, person=True),
        Column("intent", "intent", cells.text(120)),
        Column("handled_by", "handled_by", cells.one_of("ai", "human", "hybrid")),
        Column("abandoned", "abandoned", cells.boolean),
        Column("wait_s", "wait_s", cells.seconds(cells.MONTH_S)),
        Column("talk_s", "talk_s", cells.seconds()),
        Column("hold_s", "hold_s", cells.seconds()),
        Column("wrap_s", "wrap_s", cells.seconds()),
        Column("concurrency", "concurrency", cells.positive(100)),
        Column("transfers", "transfers", cells.count),
        Column("ai_disclosed_at", "ai_disclosed_at", cells.utc),
        Column("human_requested_at", "human_requested_at", cells.utc),
        Column("human_requests", "human_requests", cells.count),
        Column("human_reached_at", "human_reached_at", cells.utc),
        Column("resolved", "resolved", cells.boolean),
        Column("reopened_at", "reopened_at", cells.utc),
        Column("customer_sentiment", "customer_sentiment", cells.sentiment),
        Column("value_tier", "value_tier", cells.text(32)),
        Column("language", "language", cells.text(16)),
        Column("prompts_shown", "prompts_shown", cells.count),
        Column("prompts_dismissed", "prompts_dismissed", cells.count),
    ),
)
