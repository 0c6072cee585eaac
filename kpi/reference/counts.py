"""The truths by counting the generated rows: plain sums, by a route of their own that shares nothing with the product.

A contact counts on the local day on which it closed; a person's answer on the closing day of its wave.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from kpi.reference.centre import Centre
from kpi.reference.invitations import planted
from kpi.reference.outcome import NONE, Bools
from kpi.reference.people import NOBODY, SITE_OF_TEAM
from kpi.reference.plan import CHANNELS, INTENTS, SITES, TEAMS
from kpi.reference.pulse import CBI_REVERSED, HSE_REVERSED
from kpi.reference.timeline import DAY

WEEK = 7 * DAY
SATISFIED = {"likert5": 4, "scale0_10": 8, "smiley3": 3}  # from this score on (metrics.md A1)
HSE_SCALES = (
    (3, 6, 9, 12, 16, 18, 20, 22),
    (2, 10, 15, 19, 25, 30),
    (8, 23, 29, 33, 35),
    (7, 24, 27, 31),
    (5, 14, 21, 34),
    (1, 4, 11, 13, 17),
    (26, 28, 32),
)


@dataclass(frozen=True)
class Span:
    """Weeks `first` to `last` of the centre, both included."""

    first: int
    last: int

    @property
    def days(self) -> pl.Expr:
        return pl.col("day").is_between(7 * self.first, 7 * self.last + 6)

    @property
    def weeks(self) -> int:
        return self.last - self.first + 1


def scopes() -> dict[str, tuple[int, ...]]:
    """Teams by scope: all, each site, and the team that answers everything."""
    teams = range(len(TEAMS))
    sites = {site.code: tuple(team for team in teams if SITE_OF_TEAM[team] == index) for index, site in enumerate(SITES)}
    return {"all": tuple(teams), **sites, "lark": (next(team for team in teams if TEAMS[team].code == "lark"),)}


def with_chains(contacts: pl.DataFrame) -> pl.DataFrame:
    """`opener` and `came_back` by walking through the contacts of each customer and intent group (metrics.md D1)."""
    groups = sorted({intent.group for intent in INTENTS})
    group = np.array([groups.index(intent.group) for intent in INTENTS])[contacts["intent"].to_numpy()]
    customer, opened, closed = (contacts[name].to_numpy() for name in ("customer", "opened", "closed"))
    key = customer * len(groups) + group
    order = np.lexsort((contacts["number"].to_numpy(), opened, key))
    order = order[customer[order] != NONE]
    opener, back = np.zeros(len(key), dtype=bool), np.zeros(len(key), dtype=bool)
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    single = np.diff(np.concatenate([[0], cuts, [len(order)]])) == 1
    starts = np.concatenate([[0], cuts])
    opener[order[starts[single]]] = True
    for start, stop in zip(starts[~single], np.concatenate([cuts, [len(order)]])[~single], strict=True):
        _walk(order[start:stop].tolist(), opened, closed, opener, back)
    return contacts.with_columns(pl.Series("opener", opener), pl.Series("came_back", back))


def _walk(chain: list[int], opened: np.ndarray, closed: np.ndarray, opener: Bools, back: Bools) -> None:
    for place, row in enumerate(chain):
        latest = max((int(closed[other]) for other in chain[:place]), default=None)
        opener[row] = latest is None or latest < opened[row] - WEEK
        back[row] = any(closed[row] < opened[other] <= closed[row] + WEEK for other in chain)


def counted(centre: Centre, contacts: pl.DataFrame, teams: tuple[int, ...], span: Span) -> dict[str, object]:
    """Everything that is a count or a sum, for one scope and span. Outcomes need a week to ripen."""
    rows = contacts.filter(span.days & pl.col("team").is_in(teams))
    ripe = rows.filter(pl.col("day") < centre.timeline.days - 7)
    openers = ripe.filter("opener")
    sessions, only = ripe.filter(pl.col("kind").is_in(["ai", "hybrid"])), ripe.filter(pl.col("kind") == "ai")
    offered = rows.filter(~pl.col("abandoned") & pl.col("team").is_in([i for i, team in enumerate(TEAMS) if team.surveys]))
    return {
        "contacts": rows.height,
        "abandoned": int(rows["abandoned"].sum()),
        "csat": csat(centre, rows),
        "survey": survey(centre, rows),
        "csat_latent": _mean(offered["pleased"]),
        "fcr": {"numerator": openers.height - int(openers["came_back"].sum()), "denominator": openers.height},
        "containment": {"sessions": sessions.height, "ai_only": only.height, "false": int(false(only).sum())},
        "reviews": reviews(centre, rows),
        "time": seconds(centre, teams, span),
        "aht": aht(rows),
        "ai_only": rows.filter(pl.col("kind") == "ai").height,
    }


def false(only: pl.DataFrame) -> pl.Series:
    """AI-only sessions contained in name only (metrics.md D4)."""
    return only["came_back"] | only["in_vain"] | only["said_no"]


def with_word(centre: Centre, contacts: pl.DataFrame) -> pl.DataFrame:
    """`said_no`: the customer called it not resolved."""
    no = centre.answers.filter((pl.col("question") == "resolved") & (pl.col("score") == 0))["number"].unique()
    return contacts.with_columns(pl.col("number").is_in(no.to_list()).alias("said_no"))


def csat(centre: Centre, rows: pl.DataFrame) -> dict[str, int]:
    """Of each contact the last answer within seven days of closing."""
    found = centre.answers.filter(pl.col("question") == "csat").join(rows.select("number", "closed"), on="number")
    last = found.filter(pl.col("answered") <= pl.col("closed") + WEEK).sort("answered").group_by("number").last()
    satisfied = last.filter(pl.col("score") >= pl.col("scale").replace_strict(SATISFIED, return_dtype=pl.Int64))
    return {"k": satisfied.height, "n": last.height}


def survey(centre: Centre, rows: pl.DataFrame) -> dict[str, float]:
    """Contacts invited, those the invitation reached, those who answered it in time, and what was planted."""
    asked = centre.invitations.join(rows.select("number", "closed"), on="number")
    found = centre.answers.filter(pl.col("question") == "csat").join(asked.select("number", "closed"), on="number")
    valid = found.filter(pl.col("answered") <= pl.col("closed") + WEEK)["number"].unique()
    reached = asked.filter(pl.col("delivered") | pl.col("number").is_in(valid.to_list()))
    counts = {"invited": asked.height, "delivered": reached.height, "answered": valid.len()}
    return {**counts, **{f"planted_{name}": value for name, value in planted(rows).items()}}


def reviews(centre: Centre, rows: pl.DataFrame) -> dict[str, float]:
    found = centre.reviews.join(rows.select("number"), on="number")
    return {"n": found.height, "mean": _mean(found["score"])}


def seconds(centre: Centre, teams: tuple[int, ...], span: Span) -> dict[str, int]:
    names = ("handling", "waiting", "on_queue", "paid", "pause", "after_hours", "sick", "training")
    rows = centre.days.filter(span.days & pl.col("team").is_in(teams))
    return {name: int(rows[name].sum()) for name in names}


def aht(rows: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Handling and contacts by channel and intent group."""
    handled = rows.filter(pl.col("kind").is_in(["human", "hybrid"]))
    found: dict[str, dict[str, float]] = {}
    for channel, plan in enumerate(CHANNELS):
        for group in sorted({intent.group for intent in INTENTS}):
            members = [place for place, intent in enumerate(INTENTS) if intent.group == group]
            segment = handled.filter((pl.col("channel") == channel) & pl.col("intent").is_in(members))
            if segment.height:
                found[f"{plan.code}/{group}"] = {"n": segment.height, "seconds": int(segment["handling"].sum())}
    return found


def _mean(values: pl.Series) -> float:
    mean = values.mean()
    return float(mean) if isinstance(mean, float) else math.nan


def people_felt(centre: Centre, teams: tuple[int, ...], span: Span) -> dict[str, float]:
    """Mean scores over the respondents of the last wave that closed in the span, and how many there were."""
    rows = centre.pulse.filter(pl.col("week").is_between(span.first, span.last) & pl.col("team").is_in(teams))
    rows = rows.filter(pl.col("week") == pl.col("week").max())
    scores: Mapping[str, list[float]] = {"who5": [], "cbi_work": [], "hse": []}
    for instrument, text in rows.select("instrument", "items").iter_rows():
        score = SCORE[instrument]([int(part) if part else None for part in text.split(";")])
        if score is not None:
            scores[instrument].append(score)
    found = {name: sum(values) / len(values) if values else math.nan for name, values in scores.items()}
    return {**found, "respondents": rows["respondent"].n_unique()}


def _who5(items: list[int | None]) -> float | None:
    known = [item for item in items if item is not None]
    return 4.0 * sum(known) if len(known) == 5 else None


def _cbi(items: list[int | None]) -> float | None:
    points = [(25 * (6 - item) if place + 1 in CBI_REVERSED else 25 * item) - 25 for place, item in enumerate(items) if item is not None]
    return sum(points) / len(points) if len(points) >= 4 else None


def _hse(items: list[int | None]) -> float | None:
    turned = {place + 1: (6 - item if place + 1 in HSE_REVERSED else item) for place, item in enumerate(items) if item is not None}
    means = []
    for scale in HSE_SCALES:
        known = [turned[item] for item in scale if item in turned]
        if 2 * len(known) < len(scale):
            return None
        means.append(sum(known) / len(known))
    return sum(means) / len(means)


SCORE = {"who5": _who5, "cbi_work": _cbi, "hse": _hse}


def worked(centre: Centre, teams: tuple[int, ...], span: Span) -> dict[str, float]:
    """The conditions of B2 from the working days of the span; people leave within the year before its end."""
    rows = centre.days.filter(span.days & pl.col("team").is_in(teams))
    total = {name: float(rows[name].sum()) for name in rows.columns if name not in ("day", "team", "agent")}
    held = centre.people.holder[np.isin(centre.people.team, teams), 7 * span.first : 7 * span.last + 7] != NOBODY
    weeks = float(held.sum()) / 7
    disabled = float(rows.filter("can_disable")["paid"].sum())
    return {
        "occupancy": total["handling"] / (total["handling"] + total["waiting"]),
        "shrinkage": 1 - total["on_queue"] / total["paid"],
        "recovery_min_per_hour": total["pause"] / 60 / (total["paid"] / 3600),
        "after_hours_min_per_week": total["after_hours"] / 60 / weeks,
        "high_emotion_run_share": total["high_emotion"] / rows.height,
        "short_notice_change_share": total["short_notice"] / rows.height,
        "prompts_per_hour": total["prompts_shown"] / (total["handling"] / 3600),
        "right_to_disable_share": disabled / total["paid"],
        "absence_rate": total["sick"] / total["paid"],
        "attrition_rate": _attrition(centre, teams, span),
        "headcount": float(held[:, -1].sum()),
    }


def _attrition(centre: Centre, teams: tuple[int, ...], span: Span) -> float:
    """Voluntary leavers a year over the mean headcount of the 52 weeks to the end of the span."""
    last = 7 * span.last + 7
    first, gone, held = last - 364, 0, 0
    for spell in centre.people.spells:
        if spell.team in teams:
            end = last if spell.end is None else spell.end
            held += max(0, min(end, last) - max(spell.start, first))
            gone += spell.end_kind == "voluntary" and first <= end < last
    return gone / held * 365
