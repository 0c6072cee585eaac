"""What customers answered and reviewers scored: few answers, several scales, some late, some twice."""

from __future__ import annotations

import numpy as np
import polars as pl

from kpi.reference.outcome import Bools, practice_of
from kpi.reference.plan import CHANNELS, INTENTS, OTHER_SCALES, TEAMS
from kpi.reference.timeline import DAY, Floats, Ints, Timeline, choose, random_for

LATE, TWICE, REVIEWED = 0.03, 0.02, 0.02
RESOLVED, NPS, CES, COMMENT = 0.10, 0.02, 0.02, 0.05
BAD_SAYS_YES, HUMAN_SAYS_YES = 0.42, 0.92  # resolved? of those who came back or asked in vain, and of others a person served
REVIEW_SPREAD = 8.0
COMMENTS = (
    "Thank you, all good.",
    'The "assistant" sent me round in circles, then a person solved it in two minutes.',
    "Waited too long, but the agent was kind, patient and clear.",
    "Grüße aus Köln: schnell geholfen, danke schön!",
    "Não consegui falar com uma pessoa; três tentativas, nenhuma resposta.",
    "Dziękuję, wszystko jasne.",
    "I asked for a human, twice,\nand got the same answer.",
    "Better than last time; still, why must I repeat my number?",
)
# scale: scores that count as satisfied, scores that do not
SCORES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "likert5": ((4, 5), (1, 2, 3)),
    "scale0_10": ((8, 9, 10), (0, 1, 2, 3, 4, 5, 6, 7)),
    "smiley3": ((3,), (1, 2)),
    "likert7": ((5, 6, 7), (1, 2, 3, 4)),
    "thumbs": ((1,), (0,)),
}


def make_answers(timeline: Timeline, contacts: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """One row per answer that had come by the end, in the order of answering."""
    rng = random_for(seed, 4)
    asked = could_be_asked(contacts)
    parts = [_csat(rng, asked), _resolved(rng, asked), _few(rng, asked, "nps", "scale0_10", NPS), _few(rng, asked, "ces", "likert7", CES)]
    found = pl.concat(parts).filter(pl.col("answered") < end_of(timeline))
    return found.sort("answered", "number", "question", "nth")


def could_be_asked(contacts: pl.DataFrame) -> pl.DataFrame:
    """Those who stayed, of teams that ask."""
    return contacts.filter(~pl.col("abandoned") & pl.col("team").is_in([i for i, team in enumerate(TEAMS) if team.surveys]))


def likely_to_answer(asked: pl.DataFrame) -> Floats:
    """By channel, and whether the AI alone handled the contact."""
    machine = (asked["kind"] == "ai").to_numpy().astype(int)
    found: Floats = np.array([[item.response, item.response_ai] for item in CHANNELS])[asked["channel"].to_numpy(), machine]
    return found


def end_of(timeline: Timeline) -> int:
    """Midnight UTC after the last day: what comes later is not in the files."""
    return (timeline.first_epoch_day + timeline.days) * DAY


def scale_of(queue: Ints, channel: Ints) -> list[str]:
    codes = sorted({intent.queue for intent in INTENTS})
    table = [[OTHER_SCALES.get((code, item.code), item.scale) for item in CHANNELS] for code in codes]
    return [table[q][c] for q, c in zip(queue, channel, strict=True)]


def _csat(rng: np.random.Generator, asked: pl.DataFrame) -> pl.DataFrame:
    rows = asked.filter(pl.Series(choose(rng, likely_to_answer(asked))))
    codes = sorted({intent.queue for intent in INTENTS})
    queue = np.array([codes.index(intent.queue) for intent in INTENTS])[rows["intent"].to_numpy()]
    scales = scale_of(queue, rows["channel"].to_numpy())
    late = choose(rng, np.full(rows.height, LATE))
    first = _answers(rng, rows, "csat", scales, choose(rng, rows["pleased"].to_numpy()), late=late, nth=1)
    again = choose(rng, np.where(late, 0.0, TWICE))
    second = first.filter(pl.Series(again))
    changed = _score(rng, second["scale"].to_list(), rng.random(second.height) < 0.5)
    second = second.with_columns(pl.Series("score", changed), pl.col("answered") + 900, nth=pl.lit(2, pl.Int64))
    return pl.concat([first, second])


def _resolved(rng: np.random.Generator, asked: pl.DataFrame) -> pl.DataFrame:
    """Whoever called an AI session not resolved said so here; the truly contained never did."""
    said_no = asked["unresolved"].to_numpy()
    machine = (asked["kind"] == "ai").to_numpy()
    bad = asked["returns"].to_numpy() | asked["in_vain"].to_numpy()
    yes = np.select([said_no, bad, machine], [0.0, BAD_SAYS_YES, 1.0], default=HUMAN_SAYS_YES)
    keep = said_no | choose(rng, np.full(asked.height, RESOLVED))
    rows = asked.filter(pl.Series(keep))
    return _answers(rng, rows, "resolved", ["thumbs"] * rows.height, choose(rng, yes[keep]), late=np.zeros(rows.height, dtype=bool), nth=1)


def _few(rng: np.random.Generator, asked: pl.DataFrame, question: str, scale: str, share: float) -> pl.DataFrame:
    rows = asked.filter(pl.Series(choose(rng, np.full(asked.height, share))))
    pleased = choose(rng, rows["pleased"].to_numpy() * (0.75 if question == "nps" else 0.95))
    return _answers(rng, rows, question, [scale] * rows.height, pleased, late=np.zeros(rows.height, dtype=bool), nth=1)


def _answers(
    rng: np.random.Generator, rows: pl.DataFrame, question: str, scales: list[str], pleased: Bools, *, late: Bools, nth: int
) -> pl.DataFrame:
    n = rows.height
    sent = rows["closed"].to_numpy() + rng.integers(60, 1800, n)
    soon = np.minimum(rng.exponential(9 * 3600, n), 5.5 * DAY).astype(np.int64) + 30
    answered = np.where(late, sent + 7 * DAY + rng.integers(DAY // 2, 13 * DAY, n), sent + soon)
    comment = rng.integers(0, len(COMMENTS), n)
    chatty = (rng.random(n) < COMMENT) & (question == "csat")
    return pl.DataFrame(
        {
            "number": rows["number"],
            "site": rows["site"],
            "question": [question] * n,
            "scale": scales,
            "score": _score(rng, scales, pleased),
            "sent": sent,
            "answered": answered,
            "late": late,
            "nth": np.full(n, nth, dtype=np.int64),
            "comment": [COMMENTS[i] if there else "" for i, there in zip(comment, chatty, strict=True)],
        },
        schema_overrides={"question": pl.String, "scale": pl.String, "comment": pl.String},
    )


def _score(rng: np.random.Generator, scales: list[str], pleased: Bools) -> Ints:
    kinds = np.array(scales, dtype=object)
    found = np.zeros(len(scales), dtype=np.int64)
    for scale, (high, low) in SCORES.items():
        for choices, happy in ((high, True), (low, False)):
            rows = (kinds == scale) & (pleased == happy)
            found[rows] = rng.choice(choices, int(rows.sum()))
    return found


def make_reviews(timeline: Timeline, contacts: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """About one in fifty of the contacts a person handled."""
    rng = random_for(seed, 5)
    handled = contacts.filter(pl.col("kind").is_in(["human", "hybrid"]))
    rows = handled.filter(pl.Series(choose(rng, np.full(handled.height, REVIEWED))))
    week = np.clip(rows["day"].to_numpy() // 7, 0, timeline.story.weeks - 1)
    mean: Floats = practice_of(timeline, "qa")[rows["site"].to_numpy(), week]
    n = rows.height
    found = pl.DataFrame(
        {
            "number": rows["number"],
            "site": rows["site"],
            "reviewed": rows["closed"].to_numpy() + rng.integers(DAY // 2, 9 * DAY, n),
            "score": np.round(np.clip(rng.normal(mean, REVIEW_SPREAD, n), 0, 100), 1),
            "critical": rng.random(n) < 0.02,
            "rater": rng.integers(1, 9, n) + 10 * rows["site"].to_numpy(),
        }
    )
    return found.filter(pl.col("reviewed") < end_of(timeline)).sort("reviewed", "number")
