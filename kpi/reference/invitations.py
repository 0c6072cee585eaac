"""Who was invited to answer, and what became of it: drawn last, around the answers that are there, so that both truths hold.

Of the contacts somebody could be asked about, INVITED are; of those, DELIVERED arrive. A few answers come without any invitation.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from kpi.reference.answers import LATE, could_be_asked, end_of, likely_to_answer
from kpi.reference.timeline import Floats, Timeline, choose, random_for

INVITED, DELIVERED = 0.45, 0.96
UNASKED = 0.015  # of the answers: from a link at the foot of a mail


def make_invitations(timeline: Timeline, contacts: pl.DataFrame, answers: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """One row per invitation that was sent before the end, in the order of sending."""
    rng = random_for(seed, 13)
    asked = could_be_asked(contacts)
    chance = likely_to_answer(asked)
    first = answers.filter(pl.col("question") == "csat").group_by("number").agg(pl.col("sent").min())
    asked = asked.select("number", "site", "closed").join(first, on="number", how="left", maintain_order="left")
    answered = asked["sent"].is_not_null().to_numpy()
    quiet = quiet_chance(chance)
    invited = np.where(answered, rng.random(asked.height) >= UNASKED, choose(rng, quiet))
    lost = choose(rng, (1 - DELIVERED) * INVITED / ((1 - chance) * quiet)) & ~answered
    sent = np.where(answered, asked["sent"].fill_null(0).to_numpy(), asked["closed"].to_numpy() + rng.integers(60, 1800, asked.height))
    rows = asked.select("number", "site").with_columns(pl.Series("sent", sent), pl.Series("delivered", ~lost))
    return rows.filter(pl.Series(invited) & (pl.col("sent") < end_of(timeline))).sort("sent", "number")


def quiet_chance(chance: Floats) -> Floats:
    """Of those who do not answer, the share invited, so that INVITED of all are."""
    return np.asarray((INVITED - chance * (1 - UNASKED)) / (1 - chance))


def planted(contacts: pl.DataFrame) -> dict[str, float]:
    """What a scope's contacts should show: the share invited of all, and the share of delivered invitations that is answered in time."""
    asked = could_be_asked(contacts)
    if asked.is_empty():
        return {"coverage": 0.0, "response_rate": 0.0}
    valid = float(likely_to_answer(asked).mean()) * (1 - UNASKED) * (1 - LATE)
    return {"coverage": INVITED * asked.height / contacts.height, "response_rate": valid / (INVITED * DELIVERED)}
