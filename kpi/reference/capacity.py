"""Required people and the reduction of them (metrics.md E2, E6), from counts and from what was planted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from kpi.reference.centre import Centre
from kpi.reference.counts import Span, counted, false
from kpi.reference.outcome import ABANDON_CHANNEL, contained_chance, mean_seconds, session_chance
from kpi.reference.plan import CHANNELS, INTENTS, MACHINE, SITES, SitePlan

Key = tuple[int, str]  # channel and intent group
GROUPS = sorted({intent.group for intent in INTENTS})


@dataclass(frozen=True)
class Working:
    """How a site works in a span: containment and handling time by segment, occupancy and shrinkage as a whole."""

    containment: dict[Key, float]
    aht: dict[Key, float]
    occupancy: float
    shrinkage: float

    def effort(self, key: Key) -> float:
        """Seconds of people's time for one contact offered; of a segment that did not occur, the average of those that did."""
        if key in self.aht and key in self.containment:
            return (1 - self.containment[key]) * self.aht[key]
        found = [(1 - self.containment[other]) * self.aht[other] for other in self.aht if other in self.containment]
        return sum(found) / len(found)


@dataclass(frozen=True)
class Need:
    base: float
    counterfactual: float
    now: float

    def as_dict(self) -> dict[str, float]:
        return {
            "required_base": self.base,
            "counterfactual": self.counterfactual,
            "required_now": self.now,
            "fte_reduction": self.counterfactual - self.now,
            "volume_effect": self.counterfactual - self.base,
        }


def required(volume: dict[Key, int], working: Working, hours: float) -> float:
    """R = sum of V (1 - c) h / 3600 / (o (1 - s) H)."""
    paid = working.occupancy * (1 - working.shrinkage) * hours
    return math.fsum(count * working.effort(key) / 3600 / paid for key, count in volume.items())


def need(centre: Centre, contacts: pl.DataFrame, site: int, spans: tuple[Span, Span], *, planted: bool) -> Need:
    """(base, now) of one site; with `planted` the volumes are counted and the way of working is what was planted, containment as far as
    records can tell (`contacts` have their chances)."""
    working = [_planted(centre, contacts, site, span) if planted else _counted(centre, contacts, site, span) for span in spans]
    volume = [_volume(contacts, site, span) for span in spans]
    hours = [centre.timeline.story.paid_hours_per_week * span.weeks for span in spans]
    return Need(
        base=required(volume[0], working[0], hours[0]),
        counterfactual=required(volume[1], working[0], hours[1]),
        now=required(volume[1], working[1], hours[1]),
    )


def segments(rows: pl.DataFrame) -> dict[Key, pl.DataFrame]:
    names = {place: intent.group for place, intent in enumerate(INTENTS)}
    with_group = rows.with_columns(pl.col("intent").replace_strict(names, return_dtype=pl.String).alias("group"))
    parts = with_group.partition_by("channel", "group", as_dict=True)
    return {(key[0], key[1]): part for key, part in parts.items()}


def _volume(contacts: pl.DataFrame, site: int, span: Span) -> dict[Key, int]:
    return {key: part.height for key, part in segments(_rows(contacts, site, span)).items()}


def _rows(contacts: pl.DataFrame, site: int, span: Span) -> pl.DataFrame:
    return contacts.filter(span.days & (pl.col("site") == site))


def _counted(centre: Centre, contacts: pl.DataFrame, site: int, span: Span) -> Working:
    """Containment over the days whose sessions are ripe."""
    rows = _rows(contacts, site, span)
    contained, aht = {}, {}
    for key, part in segments(rows).items():
        ripe = part.filter(pl.col("day") < centre.timeline.days - 7)
        only = ripe.filter(pl.col("kind") == "ai")
        handled = part.filter(pl.col("kind").is_in(["human", "hybrid"]))
        if ripe.height and handled.height:
            contained[key] = (only.height - int(false(only).sum())) / ripe.height
            aht[key] = int(handled["handling"].sum()) / handled.height
    teams = tuple(rows["team"].unique().to_list())
    time = counted(centre, contacts, teams, span)["time"]
    assert isinstance(time, dict)
    return Working(contained, aht, time["handling"] / (time["handling"] + time["waiting"]), 1 - time["on_queue"] / time["paid"])


def _planted(centre: Centre, contacts: pl.DataFrame, site: int, span: Span) -> Working:
    plan, weeks = SITES[site], np.arange(span.first, span.last + 1)
    share = float(centre.timeline.ai_share[weeks].mean())
    contained, aht = {}, {}
    for key, part in segments(_rows(contacts, site, span)).items():
        again = float(part["again"].sum()) / part.height
        members = part["intent"].value_counts().sort("intent")
        only, aht[key] = _segment(centre, plan, key, members, share=share * (1 - again + again * MACHINE.follow_up), weeks=weeks)
        contained[key] = only * (1 - float(part["false_chance"].sum()) / part.height)
    return Working(contained, aht, *(float(centre.timeline.practice(plan, name)[weeks].mean()) for name in ("occupancy", "shrinkage")))


def _segment(centre: Centre, plan: SitePlan, key: Key, intents: pl.DataFrame, *, share: float, weeks: np.ndarray) -> tuple[float, float]:
    """The share that ends with the AI and the mean handling time of a segment of these intents, given what the AI takes. Intents are
    counted like the volume: who comes back is not spread over them as first contacts are."""
    channel = key[0]
    members, weight = intents["intent"].to_numpy(), intents["count"].to_numpy()
    session = session_chance()[channel, members] * share
    only = session * contained_chance()[members]
    abandons = float(centre.timeline.practice(plan, "voice_abandon")[weeks].mean()) * ABANDON_CHANNEL[channel]
    human, hybrid = (1 - session) * (1 - abandons), session - only
    seconds = mean_seconds()[channel, members] * float(centre.timeline.practice(plan, "aht_factor")[weeks].mean())
    handled = float((weight * (human + hybrid)).sum())
    mean = float((weight * seconds * (human + MACHINE.hybrid_effort * hybrid)).sum()) / handled
    return float((weight * only).sum() / weight.sum()), mean


def channel_name(key: Key) -> str:
    return f"{CHANNELS[key[0]].code}/{key[1]}"
