"""An accepted block becomes what the table wants: ids for words, the site, the local day, every column in its type."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from kpi.ingest.codes import Codes, sites_of_teams
from kpi.ingest.layout import Layout
from kpi.models import Site
from kpi.source import Source


@dataclass
class Shaper:
    """Shapes the blocks of one file one after the other; remembers the new codes it met."""

    layout: Layout
    source: Source
    site: Site
    codes: dict[str, Codes] = field(default_factory=dict)
    rows: int = 0
    hashes: list[pl.Series] = field(default_factory=list)  # of the identities, to know whether any may repeat

    def __post_init__(self) -> None:
        self.codes = {key.name: Codes.of(key) for key in self.layout.coded}
        self.places = sites_of_teams()

    def shape(self, accepted: pl.DataFrame) -> pl.DataFrame:
        """One row per accepted row: rid, line, then the columns of the layout."""
        frame = self._constants(accepted)
        frame = frame.with_columns(self._identity(frame).alias("external_id"))
        frame = frame.with_columns(
            codes.read(frame[name], frame).alias(f"{name}_id") for name, codes in self.codes.items() if name in frame.columns
        )
        if self.layout.label == "kpi.Interaction":
            frame = self._place(frame)
        rid = pl.int_range(self.rows, self.rows + frame.height, dtype=pl.Int64).alias("rid")
        self.rows += frame.height
        self.hashes.append(frame["external_id"].hash())
        return frame.select(rid, pl.col("line").cast(pl.Int64), *self._typed(frame))

    def may_repeat(self) -> bool:
        """False when no identity occurs twice; two that share a hash are looked at by the database."""
        return bool(self.hashes) and pl.concat(self.hashes).n_unique() < self.rows

    def _constants(self, frame: pl.DataFrame) -> pl.DataFrame:
        missing = {name: text for name, text in self.source.constants.items() if name not in frame.columns}
        return frame.with_columns(pl.lit(text).alias(name) for name, text in missing.items())

    def _identity(self, frame: pl.DataFrame) -> pl.Expr:
        """The id its system gave the record, or its natural key joined up."""
        if "external_id" in frame.columns:
            return pl.col("external_id")
        return pl.concat_str([pl.col(name).cast(pl.String) for name in self.source.identity], separator="|")

    def _place(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The site of the team, and the calendar day there on which the contact closed (opened, if the end is unknown)."""
        team = pl.col("team_id") if "team_id" in frame.columns else pl.lit(None, dtype=pl.Int64)
        site = team.replace_strict({key: site for key, (site, _) in self.places.items()}, default=self.site.pk, return_dtype=pl.Int64)
        zones = dict(self.places.values()) | {self.site.pk: self.site.zone}
        frame = frame.with_columns(site.alias("site_id"))
        moment = pl.col("started_at")
        if "ended_at" in frame.columns:
            moment = pl.coalesce("ended_at", "started_at")
        day = pl.lit(None, dtype=pl.Date)
        for zone in set(zones.values()):
            here = [key for key, name in zones.items() if name == zone]
            day = pl.when(pl.col("site_id").is_in(here)).then(moment.dt.convert_time_zone(zone).dt.date()).otherwise(day)
        if len(set(zones.values())) == 1:
            day = moment.dt.convert_time_zone(next(iter(zones.values()))).dt.date()
        return frame.with_columns(day.alias("day"))

    def _typed(self, frame: pl.DataFrame) -> list[pl.Expr]:
        return [
            (pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, dtype=kind)).alias(name)
            for name, kind in self.layout.types.items()
        ]
