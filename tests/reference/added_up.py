"""A generated centre added up: what a definition is handed of it, without import and roll-up (test_truth.py compares those)."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from kpi.metric import Evidence, Frame, Measure, Period, Stratum, Total, Totals
from kpi.metrics import _days as halves
from kpi.metrics._csat import SATISFIED
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED, example_totals
from kpi.metrics.resolution_quality import AI_ALONE, AI_SESSIONS, CONFIRMED, QA, RESOLVED_FIRST, UNIDENTIFIED
from kpi.reference.centre import Centre
from kpi.reference.counts import SATISFIED as FROM
from kpi.reference.counts import SCORE, WEEK, Span, false, worked
from kpi.reference.outcome import NONE
from kpi.reference.people import SITE_OF_TEAM
from kpi.reference.plan import CHANNELS, INTENTS, TEAMS
from kpi.reference.timeline import Timeline
from staffing.practice import SitePractice
from staffing.weeks import HANDLING, ON_QUEUE, PAID
from wellbeing.metrics._survey import CBI, HSE, RESPONDENTS, SPREAD, WHO5
from wellbeing.subjects.pulse import with_spread

SCORED: dict[str, Measure] = {"who5": WHO5, "cbi_work": CBI, "hse": HSE}
GROUP = pl.col("intent").replace_strict(dict(enumerate(intent.group for intent in INTENTS)), return_dtype=pl.String)
ALL = tuple(range(len(TEAMS)))
Parts = dict[str, dict[Stratum | None, Total]]


def period_of(timeline: Timeline, span: Span) -> Period:
    return Period(timeline.monday(span.first), timeline.monday(span.last + 1))


def satisfied(centre: Centre, contacts: pl.DataFrame) -> Parts:
    """Contacts, and of each the last answer within seven days of closing, by channel, intent group and machine alone."""
    found = centre.answers.filter(pl.col("question") == "csat").join(contacts.select("number", "closed"), on="number")
    last = found.filter(pl.col("answered") <= pl.col("closed") + WEEK).sort("answered").group_by("number").last()
    happy = last.select("number", satisfied=pl.col("score") >= pl.col("scale").replace_strict(FROM, return_dtype=pl.Int64))
    rows = contacts.join(happy, on="number", how="left").with_columns(group=GROUP, alone=pl.col("kind") == "ai")
    table = rows.group_by("channel", "group", "alone").agg(
        pl.len().alias("all"), pl.col("satisfied").count().alias("n"), pl.col("satisfied").sum().alias("k")
    )
    made: Parts = {CONTACTS.key: {}, SATISFIED.key: {}}
    for channel, group, alone, every, n, k in table.iter_rows():
        stratum = Stratum(CHANNELS[channel].code, group, alone)
        made[CONTACTS.key][stratum], made[SATISFIED.key][stratum] = Total(every, every), Total(n, k)
    return made


def resolution(centre: Centre, rows: pl.DataFrame, span: Span) -> Evidence:
    """Of a span's contacts with their chains and words: outcomes where the week has passed, answers and reviews of all."""
    period, timeline = period_of(centre.timeline, span), centre.timeline
    ripe = rows.filter(pl.col("day") < timeline.days - 7)
    openers, only = ripe.filter("opener"), ripe.filter(pl.col("kind") == "ai")
    sessions = ripe.filter(pl.col("kind").is_in(["ai", "hybrid"]))
    said = centre.answers.filter(pl.col("question") == "resolved").join(rows.select("number"), on="number")
    scores = centre.reviews.join(rows.select("number"), on="number")["score"]
    whole = {
        CONFIRMED: (said.height, float(said["score"].sum())),
        QA: (scores.len(), float(scores.sum()), float((scores**2).sum())),
        UNIDENTIFIED: (rows.height, float((rows["customer"] == NONE).sum())),
    }
    mature = {
        RESOLVED_FIRST: (openers.height, float((~openers["came_back"]).sum())),
        FALSELY_CONTAINED: (only.height, float(false(only).sum())),
        AI_SESSIONS: (ripe.height, float(sessions.height)),
        AI_ALONE: (ripe.height, float(only.height)),
    }
    frame = Frame(period, timeline.monday(timeline.story.weeks))
    return Evidence(frame, {"period": example_totals(whole), "mature": example_totals(mature)})


def staffing(centre: Centre, contacts: pl.DataFrame, site: int, spans: tuple[Span, Span]) -> Evidence:
    """Weeks of the baseline and of now of one site, by channel, intent group and machine alone."""
    timeline, (base, now) = centre.timeline, spans
    rows = contacts.filter(pl.col("site") == site)
    days = centre.days.filter(pl.col("team").is_in([team for team in ALL if SITE_OF_TEAM[team] == site]))
    blocks = {}
    for name, span in (("baseline", base), ("current", now)):
        weeks = range(span.first, span.last + 1)
        blocks[name] = [(timeline.monday(week), work) for week, work in zip(weeks, _work(rows, span), strict=True)]
        blocks[f"{name}_days"] = [(timeline.monday(week), time) for week, time in zip(weeks, _time(days, span), strict=True)]
    first, last = timeline.monday(base.first), timeline.monday(base.last + 1)
    go_live, hours = timeline.monday(timeline.story.go_live), timeline.story.paid_hours_per_week
    signed = SitePractice(site, first, last, go_live, paid_hours_per_week=hours)
    return Evidence(Frame(period_of(timeline, now), timeline.monday(timeline.story.weeks), signed), {}, blocks)


def _work(rows: pl.DataFrame, span: Span) -> list[Totals]:
    handled = pl.col("kind").is_in(["human", "hybrid"])
    marked = rows.filter(span.days).with_columns(
        pl.col("day") // 7 - span.first, false(rows.filter(span.days)).alias("false"), group=GROUP, alone=pl.col("kind") == "ai"
    )
    table = marked.group_by("day", "channel", "group", "alone").agg(
        pl.len(), pl.col("false").sum(), handled.sum().alias("handled"), pl.col("handling").filter(handled).sum()
    )
    found: list[Parts] = [{CONTACTS.key: {}, FALSELY_CONTAINED.key: {}, HANDLING.key: {}} for _ in range(span.weeks)]
    for week, channel, group, alone, n, wrong, served, seconds in table.iter_rows():
        stratum, parts = Stratum(CHANNELS[channel].code, group, alone), found[week]
        parts[CONTACTS.key][stratum] = Total(n, n)
        parts[FALSELY_CONTAINED.key][stratum] = Total(n, wrong) if alone else Total()
        parts[HANDLING.key][stratum] = Total(served, seconds)
    return [Totals(parts) for parts in found]


def _time(days: pl.DataFrame, span: Span) -> list[Totals]:
    names = {"handling": DAY_HANDLING, "waiting": DAY_WAITING, "on_queue": ON_QUEUE, "paid": PAID}
    table = days.filter(span.days).group_by(pl.col("day") // 7).agg(pl.len(), pl.col(*names).sum()).sort("day")
    return [example_totals({measure: (row["len"], row[name]) for name, measure in names.items()}) for row in table.iter_rows(named=True)]


def scored(centre: Centre) -> pl.DataFrame:
    """The last wave, one row per respondent: team, site, and the score of each questionnaire (null where too few items were answered)."""
    last = centre.pulse.filter(pl.col("week") == pl.col("week").max())
    people: dict[tuple[int, int], dict[str, float | None]] = {}
    for team, respondent, instrument, items in last.select("team", "respondent", "instrument", "items").iter_rows():
        score = SCORE[instrument]([int(part) if part else None for part in items.split(";")])
        people.setdefault((team, respondent), {})[instrument] = score
    rows = [(0, int(SITE_OF_TEAM[team]), team, *(found.get(name) for name in SCORED)) for (team, _), found in people.items()]
    return pl.DataFrame(rows, schema=["day", "site", "team", *SCORED], orient="row", infer_schema_length=None)


def wellbeing(centre: Centre, answers: pl.DataFrame, span: Span) -> Evidence:
    """The answers of `scored` rows, and the conditions people worked under, as they were counted."""
    timeline, week = centre.timeline, centre.timeline.story.last_wave
    rows = with_spread(answers)
    totals: dict[Measure, tuple[int, float] | tuple[int, float, float]] = {RESPONDENTS: (rows.height, rows.height)}
    for name, measure in SCORED.items():
        known = rows[name].drop_nulls()
        totals[measure] = (known.len(), float(known.sum()), float((known**2).sum()))
    for (one, other), measure in SPREAD.items():
        product = (rows[f"{one}_off"] * rows[f"{other}_off"]).drop_nulls()
        totals[measure] = (product.len(), float(product.sum()))
    heads = int((centre.people.holder[:, 7 * week : 7 * week + 7] >= 0).sum())
    people = example_totals({halves.HEADCOUNT: (heads, heads)})
    blocks = {
        "waves": [(timeline.monday(week) + timedelta(4), example_totals(totals))],
        "people_by_week": [(timeline.monday(week), people)],
    }
    frame = Frame(period_of(timeline, span), timeline.monday(timeline.story.weeks))
    return Evidence(frame, _conditions(worked(centre, ALL, span)), blocks)


def _conditions(signals: dict[str, float]) -> dict[str, Totals]:
    """Totals of a thousand days that show just these signals."""
    n, heads = 1000, signals["headcount"]

    def of(pair: tuple[Measure, Measure], value: float) -> dict[Measure, tuple[int, float]]:
        return {pair[0]: (n, value * n), pair[1]: (n, n)}

    days = {
        DAY_HANDLING: (n, n * signals["occupancy"]),
        DAY_WAITING: (n, n * (1 - signals["occupancy"])),
        halves.AFTER_HOURS: (n, 60 * heads * signals["after_hours_min_per_week"]),
        halves.HIGH_EMOTION: (n, n * signals["high_emotion_run_share"]),
        **of(halves.PAUSES, signals["recovery_min_per_hour"] / 60),
        **of(halves.SHORT_NOTICE, signals["short_notice_change_share"]),
        **of(halves.PROMPTS, signals["prompts_per_hour"] / 3600),
        **of(halves.MAY_DISABLE, signals["right_to_disable_share"]),
    }
    return {
        "days": example_totals(days),
        "people": example_totals({halves.HEADCOUNT: (n, 7 * heads)}),
        "quarter": example_totals(of(halves.ABSENCE, signals["absence_rate"])),
        "year": example_totals({halves.HEADCOUNT: (n, 365 * n), halves.LEAVERS: (n, n * signals["attrition_rate"])}),
    }
