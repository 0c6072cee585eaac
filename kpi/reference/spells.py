"""Employment and reskilling as the staff system writes them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from kpi.reference.centre import Centre
from kpi.reference.people import Spell
from kpi.reference.plan import TEAMS
from kpi.reference.timeline import random_for

NEW_ROLES = ("AI conversation designer", "knowledge editor", "field technician")
# stage: of those who reached the one before, and days until it
STAGES = (("offered", 1.0, 7), ("enrolled", 0.65, 21), ("completed", 0.75, 84), ("placed", 0.7, 28), ("retained", 0.8, 182))


def employment(centre: Centre) -> pl.DataFrame:
    first = centre.timeline.first
    return pl.DataFrame(
        {
            "agent_id": [_agent(spell) for spell in centre.people.spells],
            "team": [TEAMS[spell.team].code for spell in centre.people.spells],
            "role": ["agent"] * len(centre.people.spells),
            "started_on": [first + timedelta(days=spell.start) for spell in centre.people.spells],
            "ended_on": [None if spell.end is None else first + timedelta(days=spell.end) for spell in centre.people.spells],
            "end_kind": [spell.end_kind or None for spell in centre.people.spells],
        },
        schema_overrides={"ended_on": pl.Date, "end_kind": pl.String},
    )


def reskilling(centre: Centre) -> pl.DataFrame:
    """What became of those whose post was taken out, as far as it has come by the end."""
    rng = random_for(centre.seed, 10)
    rows = []
    for spell in centre.people.spells:
        if spell.end_kind != "redundancy" or spell.end is None:
            continue
        role, day = NEW_ROLES[int(rng.integers(0, len(NEW_ROLES)))], centre.timeline.first + timedelta(days=spell.end - 60)
        for stage, share, days in STAGES:
            day += timedelta(days=days)
            if rng.random() >= share or day > centre.timeline.end:
                break
            rows.append((_agent(spell), "agent", role, stage, day))
    return pl.DataFrame(rows, schema=["person", "from_role", "to_role", "stage", "on"], orient="row")


def _agent(spell: Spell) -> str:
    return f"agent-{spell.agent:04d}"
