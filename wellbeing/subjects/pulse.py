"""Survey waves that are closed: one row per respondent on the closing day, scored; scores never leave the totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from math import sqrt

import polars as pl
from django.utils import timezone

from kpi import ledger
from kpi.subject import Subject
from wellbeing.instruments import OF_THE_INDEX, SCORES, read_items
from wellbeing.models import Wave, WellbeingAnswer

SCORED = tuple(SCORES)
HIGH_IS_BAD = "cbi_work"
RANGES = {"hse": (1.0, 5.0), "enps": (0.0, 10.0)}  # of the scores; 0-100 where not named
SCHEMA = {"day": pl.Date, "site": pl.Int32, "team": pl.Int32, "respondents": pl.Int32, **dict.fromkeys(SCORED, pl.Float64)}
Person = tuple[date, int, int, int, int]  # day, site, team, respondent, place within an imported group


def read(days: Sequence[date]) -> pl.DataFrame:
    """One row per respondent who could be scored on any instrument; `respondents` is 1 where it is one of the index, else null."""
    people: dict[Person, dict[str, float]] = defaultdict(dict)
    end = until(ledger.horizon())
    closed = [day for day in days if day < end]
    answers = WellbeingAnswer.objects.filter(wave__closed_on__in=closed, instrument__in=SCORED)
    # of two answers of one person to one instrument the later identity counts, whatever the order of files
    for answer in answers.select_related("wave", "team").order_by("source_id", "external_id"):
        for place, score in enumerate(scores(answer)):
            people[answer.wave.closed_on, answer.team.site_id, answer.team_id, answer.respondent, place][answer.instrument] = score
    rows = [
        (day, site, team, 1 if found.keys() & OF_THE_INDEX else None, *(found.get(key) for key in SCORED))
        for (day, site, team, _, _), found in people.items()
    ]
    return with_spread(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def with_spread(rows: pl.DataFrame) -> pl.DataFrame:
    """`<instrument>_off`: by how much an answer is off its team's mean, widened so that squares over a small team are not too small
    (n/(n - 1)); who is the only one of a team to answer is compared with the site. B6 draws respondents within their teams."""
    off = []
    for key in OF_THE_INDEX:
        score, count = pl.col(key), pl.col(key).count().over("day", "team")
        own = (score - score.mean().over("day", "team")) * (count / (count - 1)).sqrt()
        off.append(pl.when(count > 1).then(own).otherwise(score - score.mean().over("day", "site")).alias(f"{key}_off"))
    return rows.with_columns(off)


def scores(answer: WellbeingAnswer) -> Iterator[float]:
    """The score of one respondent, or those of an imported group, of which only mean, size and spread are known."""
    if answer.group_score is not None:
        found = spread(answer.group_score, answer.group_n or 0, answer.group_sd, RANGES.get(answer.instrument, (0.0, 100.0)))
        # nobody knows who answered what: those with the lowest WHO-5 get the highest CBI, or the index would look surer than it may be
        yield from reversed(found) if answer.instrument == HIGH_IS_BAD else found
        return
    try:
        score = SCORES[answer.instrument](read_items(answer.items or ""))
    except ValueError:  # not an answer to this questionnaire: no score, never a zero
        return
    if score is not None:
        yield score


def spread(mean: float, n: int, sd: float | None, limits: tuple[float, float]) -> list[float]:
    """n scores with exactly this mean and sample deviation. Where the deviation is not known, the widest the scale allows:
    an interval must not be narrow because somebody left a cell empty."""
    if sd is None and n > 1:
        sd = sqrt(max(0.0, (mean - limits[0]) * (limits[1] - mean)) * n / (n - 1))
    pairs, middle = divmod(n, 2)
    step = (sd or 0.0) * sqrt((n - 1) / (2 * pairs)) if pairs else 0.0
    return [mean] * middle + [mean + step] * pairs + [mean - step] * pairs


def days(horizon: date | None) -> Sequence[date]:
    closed = Wave.objects.filter(closed_on__lt=until(horizon), answers__isnull=False)
    return sorted(set(closed.values_list("closed_on", flat=True)))


def until(horizon: date | None) -> date:
    """A wave is closed when its last day is over: by the calendar, or because contacts of later days are here."""
    today = timezone.localdate()
    return max(today, horizon) if horizon else today


def spans() -> Sequence[tuple[date | None, date]]:
    """When each wave opens, where it is known, and closes."""
    return list(Wave.objects.values_list("opened_on", "closed_on"))


SUBJECT = Subject(
    key="pulse",
    dimensions=("site", "team"),
    read=read,
    days=days,
    until=until,
    spans=spans,
    records={"wellbeing.WellbeingAnswer": frozenset()},
)
