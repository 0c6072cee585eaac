"""The whole centre in memory: everything the files and the truths are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kpi.reference.answers import make_answers, make_reviews
from kpi.reference.contacts import make_contacts
from kpi.reference.days import assign_agents, make_days
from kpi.reference.invitations import make_invitations
from kpi.reference.people import People, hire
from kpi.reference.pulse import make_pulse
from kpi.reference.timeline import Timeline


@dataclass(frozen=True)
class Centre:
    timeline: Timeline
    size: int
    seed: int
    people: People
    contacts: pl.DataFrame
    answers: pl.DataFrame
    invitations: pl.DataFrame
    reviews: pl.DataFrame
    days: pl.DataFrame
    pulse: pl.DataFrame


def make_centre(*, end: date, size: int, seed: int) -> Centre:
    """The same end, size and seed give the same centre, to the last second."""
    timeline = Timeline(end)
    people = hire(timeline, contacts=size, seed=seed)
    contacts = assign_agents(timeline, people, make_contacts(timeline, contacts=size, seed=seed), seed=seed)
    answers = make_answers(timeline, contacts, seed=seed)
    return Centre(
        timeline=timeline,
        size=size,
        seed=seed,
        people=people,
        contacts=contacts,
        answers=answers,
        invitations=make_invitations(timeline, contacts, answers, seed=seed),
        reviews=make_reviews(timeline, contacts, seed=seed),
        days=make_days(timeline, people, contacts, seed=seed),
        pulse=make_pulse(timeline, people, seed=seed),
    )
