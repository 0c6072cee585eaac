"""Sentences that explain a result, by the code of its reason: texts alone; kpi/words.py chooses and fills them."""

from __future__ import annotations

from collections.abc import Mapping

# The band and the red flags of the wellbeing index (B5), which stand beside its value.
SAID: Mapping[str, Mapping[str, str]] = {
    "band": {
        "good": "in the band “good”: 70 and more, and no red flag",
        "watch": "in the band “watch”: from 55, or held there by a red flag",
        "poor": "in the band “poor”: below 55, or WHO-5 or exhaustion at its mark",
    },
    "red_flag": {
        "who5_at_or_below_50": "red flag: WHO-5 is at or below 50, which is read as poor wellbeing",
        "cbi_at_or_above_50": "red flag: work-related exhaustion (CBI) is at or above 50, which is read as high",
        "occupancy_at_or_above_90": "red flag: occupancy is at or above 90 %",
        "right_to_disable_below_half": "red flag: in less than half of the hours prompts may be switched off",
        "dimension_below_25": "red flag: below 25 of 100 for",
    },
}

PARTS: Mapping[str, str] = {
    "fcr": "first contact resolution",
    "ccr": "confirmed resolution",
    "qa": "quality reviews",
    "ai_integrity": "AI integrity",
    "wellbeing": "the WHO-5 answers",
    "exhaustion": "the exhaustion answers",
    "resources": "the HSE answers",
    "workload": "workload signals",
    "ai_autonomy": "signals of autonomy from AI prompts",
    "stability": "absence and attrition",
    "loaded_fte": "what a full-time post costs a year",
    "salary": "what the yearly salary is",
    "ai_run": "what running the AI costs a year",
    "one_off": "what introducing it cost once",
    "reskilling": "what reskilling costs a year",
}

ALERTS: Mapping[str, str] = {
    "substitution": "contacts do not grow any more, more than half of the gain was taken out and less than a quarter came back to people",
    "intensification": "people work denser than in the baseline: relief is below zero",
}

RATERS: Mapping[str, str] = {
    "none": "no contact was reviewed by two people",
    "few": "fewer than five reviewers: it would tell how two or three people judge",
    "equal": "all scores are the same: agreement cannot be told from chance",
    "disagree": "below 0.60: the reviewers do not agree enough for their mean to be trusted",
}

UNLOCK: Mapping[str, str] = {
    "csat:no_data": "Import the customer answers about these contacts.",
    "csat:insufficient": "Choose a longer period or a wider scope, or ask more customers.",
    "awi:no_data": "Import a wellbeing survey of these teams, or widen to a site that has one.",
    "awi:suppressed": "Widen the scope to a group that may be shown.",
    "awi:insufficient": "Ask the missing questions in the next wellbeing survey.",
    "awi:stale": "Close a new wellbeing survey.",
    "rq:no_data": "Import contacts with customers and intents, and their reviews.",
    "rq:insufficient": "Choose a longer period or a wider scope.",
}
