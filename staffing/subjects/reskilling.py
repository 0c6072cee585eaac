"""What became of people whose role ended and of those who entered a course, judged half a year later (metrics.md E11).

One row on the day a question can be answered: `displaced` on the day six months after the role ended, `entered` six months after
the first step into a course. `redeployed` stands on every day at work in another role after one was taken out. `present` stands on
every day of every site, so that "nobody" is told from "not known here". A person belongs to the site of the spell that ended, or of
the last one before the step. Teams have no rows: so few people lose a role in one team that the figure would point at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import Min

from kpi.frames import read_frame
from kpi.models import Interaction, Site
from kpi.subject import Subject
from staffing.models import Employment, ReskillingStep

HALF_YEAR = timedelta(days=182)
SPELL: dict[str, Any] = {
    "person": pl.Int64, "site": pl.Int32, "role": pl.String, "started_on": pl.Date, "ended_on": pl.Date,
    "end_kind": pl.Enum(Employment.End.values),
}  # fmt: skip
STEP: dict[str, Any] = {"person": pl.Int64, "stage": pl.Enum(ReskillingStep.Stage.values), "on": pl.Date}
ROWS: dict[str, Any] = {
    "day": pl.Date, "site": pl.Int32, "present": pl.Int32, "displaced": pl.Int32, "absorbed": pl.Boolean, "entered": pl.Int32,
    "completed": pl.Boolean, "redeployed": pl.Int32,
}  # fmt: skip
SPELLS = (
    "SELECT e.agent AS person, t.site_id AS site, e.role, e.started_on, e.ended_on, e.end_kind "
    "FROM staffing_employment e JOIN kpi_team t ON t.id = e.team_id"
)


def read(days: Sequence[date]) -> pl.DataFrame:
    if not days:
        return pl.DataFrame(schema=ROWS)
    spells = read_frame(SPELLS, [], SPELL)
    steps = read_frame('SELECT s.person, s.stage, s."on" FROM staffing_reskillingstep s', [], STEP)
    wanted = pl.Series("day", sorted(days), dtype=pl.Date)
    found = [_present(wanted), _displaced(spells, steps), _entered(spells, steps), _redeployed(spells, steps, wanted)]
    return pl.concat(_shaped(rows) for rows in found).filter(pl.col("day").is_in(wanted.implode()))


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select((pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in ROWS.items())


def _present(days: pl.Series) -> pl.DataFrame:
    sites = pl.DataFrame({"site": list(Site.objects.values_list("pk", flat=True))}, schema={"site": pl.Int32})
    return pl.DataFrame({"day": days}).join(sites, how="cross").with_columns(pl.lit(1).alias("present"))


def _displaced(spells: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """A person once, by the last role taken out; absorbed: at work in another role six months later."""
    gone, placed = _taken_out(spells).with_columns((pl.col("ended_on") + HALF_YEAR).alias("day")), _placed(steps)
    again = gone.select("person", "role", "ended_on", "day").join(spells, on="person", suffix="_new")
    again = again.filter((pl.col("started_on") <= pl.col("day")) & (pl.col("role_new") != pl.col("role")))
    again = again.filter(pl.col("ended_on_new").is_null() | (pl.col("ended_on_new") > pl.col("day")))
    rows = gone.join(placed, on="person", how="left").with_columns(pl.col("person").is_in(again["person"].implode()).alias("works"))
    later = spells.select("person", pl.col("ended_on").alias("left_on"), pl.col("role").alias("left"))
    left = rows.join(later, on="person").filter((pl.col("left_on") > pl.col("placed_on")) & (pl.col("left_on") <= pl.col("day")))
    gone_again = left.filter(pl.col("left") != pl.col("role"))["person"].implode()
    stays = (pl.col("placed_on") <= pl.col("day")).fill_null(False) & ~pl.col("person").is_in(gone_again)
    return rows.select("day", "site", pl.lit(1).alias("displaced"), (stays | pl.col("works")).alias("absorbed"))


def _redeployed(spells: pl.DataFrame, steps: pl.DataFrame, days: pl.Series) -> pl.DataFrame:
    """A person once a day, at the site of the last role taken out, while at work in another one and not in the old one again (E8)."""
    gone, placed = _taken_out(spells), _placed(steps)
    later = gone.select("person", "role", "ended_on", "site").join(spells.drop("site"), on="person", suffix="_new")
    later = later.filter(pl.col("ended_on_new").is_null() | (pl.col("ended_on_new") > pl.col("ended_on")))
    other = pl.col("role_new") != pl.col("role")
    started, left = pl.max_horizontal("started_on", "ended_on"), pl.col("ended_on_new")
    worked = later.filter(other).select("person", "site", started.alias("since"), left.alias("left"))
    ends = later.filter(other).select("person", left.alias("left"))
    by_step = gone.join(placed, on="person").with_columns(pl.max_horizontal("placed_on", "ended_on").alias("since"))
    by_step = by_step.select("person", "site", "since").join(ends, on="person", how="left")
    by_step = by_step.group_by("person", "site", "since").agg(pl.col("left").filter(pl.col("left") > pl.col("since")).min())
    stretches = pl.concat([worked, by_step]).join(pl.DataFrame({"day": days}), how="cross")
    rows = stretches.filter((pl.col("since") <= pl.col("day")) & _after("left", "day")).unique(["person", "day"])
    back = later.filter(~other).select("person", "started_on", pl.col("ended_on_new").alias("left"))
    again = rows.select("person", "day").join(back, on="person").filter((pl.col("started_on") <= pl.col("day")) & _after("left", "day"))
    return rows.join(again, on=["person", "day"], how="anti").select("day", "site", pl.lit(1).alias("redeployed"))


def _after(name: str, other: str) -> pl.Expr:
    """Open, or later than the other day."""
    return pl.col(name).is_null() | (pl.col(name) > pl.col(other))


def _taken_out(spells: pl.DataFrame) -> pl.DataFrame:
    """A person once, by the last role taken out."""
    gone = spells.filter(pl.col("end_kind") == "redundancy").sort("person", "ended_on", "site")
    return gone.unique("person", keep="last", maintain_order=True)


def _placed(steps: pl.DataFrame) -> pl.DataFrame:
    placed = steps.filter(pl.col("stage").is_in(["placed", "retained"]))
    return placed.group_by("person").agg(pl.col("on").min().alias("placed_on"))


def _entered(spells: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """A person once, by the first course entered; completed: within six months."""
    first = steps.filter(pl.col("stage") == "enrolled").group_by("person").agg(pl.col("on").min())
    first = first.with_columns((pl.col("on") + HALF_YEAR).alias("day"))
    done = steps.filter(pl.col("stage") == "completed").group_by("person").agg(pl.col("on").min().alias("done_on"))
    where = first.join(spells.select("person", "site", "started_on"), on="person").filter(pl.col("started_on") <= pl.col("on"))
    where = where.sort("person", "started_on", "site").unique("person", keep="last", maintain_order=True).select("person", "site")
    rows = first.join(done, on="person", how="left").join(where, on="person", how="left")
    finished = (pl.col("done_on") <= pl.col("day")).fill_null(False)
    return rows.select("day", "site", pl.lit(1).alias("entered"), finished.alias("completed"))


def days(horizon: date | None) -> Sequence[date]:
    """Every day with contacts, where anything is known about employment."""
    first = Interaction.objects.aggregate(first=Min("day"))["first"]
    if first is None or horizon is None or not Employment.objects.exists():
        return []
    return [first + timedelta(step) for step in range((horizon - first).days)]


def until(horizon: date | None) -> date:
    """Half a year that is not over is not judged."""
    return horizon or date.min


SUBJECT = Subject(
    key="reskilling",
    dimensions=("site",),
    read=read,
    days=days,
    until=until,
    records=dict.fromkeys(("staffing.ReskillingStep", "staffing.Employment", "kpi.Interaction"), frozenset()),
)
