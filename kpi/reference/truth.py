"""truth.json: what was planted, and what is there when the generated rows are counted by a route of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from kpi.reference.capacity import need
from kpi.reference.centre import Centre
from kpi.reference.counts import Span, counted, people_felt, scopes, with_chains, with_word, worked
from kpi.reference.latent import expected, with_chances
from kpi.reference.people import NOBODY
from kpi.reference.plan import MACHINE, SITES, TEAMS, Practice
from kpi.reference.write import Sent

SMALLEST_GROUP = 10
WEIGHTS = {"wellbeing": 0.30, "exhaustion": 0.25, "resources": 0.15, "workload": 0.15, "ai_autonomy": 0.075, "stability": 0.075}
GOALPOSTS = {  # worst, best (metrics.md B2)
    "occupancy": (0.95, 0.75),
    "recovery_min_per_hour": (0.0, 5.0),
    "after_hours_min_per_week": (120.0, 0.0),
    "high_emotion_run_share": (0.20, 0.0),
    "short_notice_change_share": (0.30, 0.0),
    "prompts_per_hour": (30.0, 6.0),
    "right_to_disable_share": (0.0, 1.0),
    "absence_rate": (0.10, 0.02),
    "attrition_rate": (0.60, 0.10),
}
CONDITIONS = {
    "workload": ("occupancy", "recovery_min_per_hour", "after_hours_min_per_week", "high_emotion_run_share", "short_notice_change_share"),
    "ai_autonomy": ("prompts_per_hour", "right_to_disable_share"),
    "stability": ("absence_rate", "attrition_rate"),
}
Json = dict[str, object]


def truth(centre: Centre, sent: Sequence[Sent]) -> Json:
    timeline, story = centre.timeline, centre.timeline.story
    base = Span(story.go_live - story.baseline, story.go_live - 1)
    now = Span(story.weeks - story.current, story.weeks - 1)
    contacts = with_chances(timeline, with_word(centre, with_chains(centre.contacts)), size=centre.size)
    spans = {"year_ago": base, "now": now}
    return {
        "size": centre.size,
        "seed": centre.seed,
        "first_day": timeline.first.isoformat(),
        "last_day": timeline.end.isoformat(),
        "contacts": centre.contacts.height,
        "spans": {name: {"first_day": timeline.monday(span.first).isoformat(), "weeks": span.weeks} for name, span in spans.items()},
        "planted": _planted(centre, now.last),
        "counted": {
            name: {scope: counted(centre, contacts, teams, span) for scope, teams in scopes().items()} for name, span in spans.items()
        },
        "expected": {
            name: {scope: expected(timeline, contacts.filter(span.days & pl.col("team").is_in(teams))) for scope, teams in scopes().items()}
            for name, span in spans.items()
        },
        "capacity": {
            site.code: {
                "counted": need(centre, contacts, index, (base, now), planted=False).as_dict(),
                "planted": need(centre, contacts, index, (base, now), planted=True).as_dict(),
            }
            for index, site in enumerate(SITES)
        },
        "wellbeing": {name: {scope: _wellbeing(centre, teams, span) for scope, teams in scopes().items()} for name, span in spans.items()},
        "withheld_teams": {"too_small": _too_small(centre), "no_surveys": [team.code for team in TEAMS if not team.surveys]},
        "late_answers": int(centre.answers.filter("late").height),
        "second_answers": int((centre.answers["nth"] == 2).sum()),
        "files": [item.__dict__ for item in sent],
    }


def _planted(centre: Centre, last_week: int) -> Json:
    timeline, story = centre.timeline, centre.timeline.story
    return {
        "go_live": timeline.monday(story.go_live).isoformat(),
        "baseline_first_day": timeline.monday(story.go_live - story.baseline).isoformat(),
        "gap_week": timeline.monday(story.gap).isoformat(),
        "turning_week": timeline.monday(story.plateau).isoformat(),
        "decline_from": timeline.monday(story.decline).isoformat(),
        "growth_a_quarter": story.growth,
        "false_containment": MACHINE.false_containment(),
        "false_containment_before": MACHINE.false_containment(before=True),
        "sites": {
            site.code: {"story": site.story, "before": _practice(site.before), "after": _practice(timeline.practice_in(site, last_week))}
            for site in SITES
        },
    }


def _practice(practice: Practice) -> Json:
    return {**practice.__dict__, "agent_wellbeing_index": index(_of_practice(practice))}


def _of_practice(practice: Practice) -> dict[str, float]:
    """The measures of the index as they were planted."""
    return {
        "who5": practice.who5,
        "cbi_work": practice.cbi,
        "hse": practice.hse,
        "occupancy": practice.occupancy,
        "recovery_min_per_hour": practice.pause_min + practice.recovery_min,
        "after_hours_min_per_week": practice.after_hours_min,
        "high_emotion_run_share": practice.high_emotion,
        "short_notice_change_share": practice.short_notice,
        "prompts_per_hour": practice.prompts_per_hour,
        "right_to_disable_share": practice.can_disable,
        "absence_rate": practice.absence,
        "attrition_rate": practice.attrition,
    }


def index(measured: dict[str, float]) -> float:
    """metrics.md B5 with all six dimensions, the override penalty not measured."""
    scores = {"wellbeing": measured["who5"], "exhaustion": 100 - measured["cbi_work"], "resources": (measured["hse"] - 1) / 4 * 100}
    for dimension, names in CONDITIONS.items():
        scores[dimension] = sum(_score(name, measured[name]) for name in names) / len(names)
    return math.exp(sum(weight * math.log(max(scores[name], 1.0)) for name, weight in WEIGHTS.items()) / sum(WEIGHTS.values()))


def _score(name: str, value: float) -> float:
    worst, best = GOALPOSTS[name]
    return min(100.0, max(0.0, 100 * (value - worst) / (best - worst)))


def _wellbeing(centre: Centre, teams: tuple[int, ...], span: Span) -> Json:
    measured = {**people_felt(centre, teams, span), **worked(centre, teams, span)}
    return {**measured, "agent_wellbeing_index": index(measured)}


def _too_small(centre: Centre) -> list[str]:
    """Teams with too few respondents in the last wave, or too few people, to be shown."""
    last = centre.pulse.filter(centre.pulse["week"] == centre.pulse["week"].max())
    day = int(last["closed"][0])
    answered = [last.filter(last["team"] == team)["respondent"].n_unique() for team in range(len(TEAMS))]
    employed = [int(np.sum(centre.people.holder[centre.people.team == team, day] != NOBODY)) for team in range(len(TEAMS))]
    return [TEAMS[team].code for team in range(len(TEAMS)) if min(answered[team], employed[team]) < SMALLEST_GROUP]
