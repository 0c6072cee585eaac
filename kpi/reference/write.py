"""Writes the files the centre's systems would send, in the order they arrive, and the list of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from kpi.reference import texts
from kpi.reference.centre import Centre
from kpi.reference.organisation import organisation
from kpi.reference.outcome import Bools
from kpi.reference.spells import employment, reskilling
from kpi.reference.timeline import random_for

SMALL = 60_000  # contacts up to which a file holds a quarter instead of a month
CORRECTED = 0.005  # of the rows of the month that is sent again
TYPING_ERROR = 10  # what was wrong in them: wrap-up time with a digit too many
AFTER_THE_EXPORT = 0.3  # of the answers of the last two days of a file, those that come with the next


@dataclass(frozen=True)
class Sent:
    """One file, who sends it, and how many lines of data it has."""

    file: str
    source: str
    rows: int
    corrected: int = 0
    note: str = ""


def write_centre(centre: Centre, folder: Path, truth: Callable[[Centre, list[Sent]], dict[str, object]]) -> list[Sent]:
    """CSV files, manifest.json, organisation.json and truth.json; the folder must be empty or new."""
    folder.mkdir(parents=True, exist_ok=True)
    sent = [*_people(centre, folder), *_contacts(centre, folder), *_answers(centre, folder)]
    sent += _by_half(folder, "agent_days", "working_days", texts.agent_days(centre))
    sent += _by_half(folder, "invitations", "invitations", texts.invitations(centre))
    sent.append(_put(folder, "quality_reviews.csv", "quality", texts.reviews(centre)))
    sent.append(_put(folder, "wellbeing_answers.csv", "pulse", texts.pulse(centre)))
    _json(folder / "manifest.json", [{"file": item.file, "source": item.source} for item in sent])
    _json(folder / "organisation.json", organisation(centre))
    _json(folder / "truth.json", truth(centre, sent))
    return sent


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _put(folder: Path, name: str, source: str, frame: pl.DataFrame, *, corrected: int = 0, note: str = "") -> Sent:
    frame.select(pl.exclude("^_.*$")).write_csv(folder / name, datetime_format="%Y-%m-%dT%H:%M:%S")
    return Sent(name, source, frame.height, corrected, note)


def _people(centre: Centre, folder: Path) -> Iterator[Sent]:
    yield _put(folder, "employment.csv", "staff", employment(centre))
    yield _put(folder, "reskilling.csv", "reskilling", reskilling(centre))


def _months(centre: Centre, frame: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """Cut by month, or by quarter in a small centre."""
    every = "1q" if centre.size <= SMALL else "1mo"
    parts = frame.with_columns(pl.col("_day").dt.truncate(every).alias("_part")).partition_by("_part", as_dict=True, maintain_order=True)
    return [(f"{key[0]:%Y_%m}", parts[key]) for key in sorted(parts)]


def _contacts(centre: Centre, folder: Path) -> Iterator[Sent]:
    """One month comes with typing errors and is sent again corrected; another is sent twice as it is."""
    months = _months(centre, texts.interactions(centre))
    wrong, twice = len(months) // 2, len(months) // 2 + 1
    for place, (name, frame) in enumerate(months):
        if place == wrong:
            errors = _wrong(centre, frame)
            yield _put(folder, f"interactions_{name}.csv", "telephony", _with_errors(frame, errors))
        else:
            yield _put(folder, f"interactions_{name}.csv", "telephony", frame)
        if place == wrong + 1:
            first, again = months[wrong]
            rows = int(errors.sum())
            yield _put(folder, f"interactions_{first}_corrected.csv", "telephony", again, corrected=rows, note="sent again, corrected")
        if place == twice + 1:
            first, again = months[twice]
            yield _put(folder, f"interactions_{first}_again.csv", "telephony", again, note="sent twice")


def _wrong(centre: Centre, frame: pl.DataFrame) -> Bools:
    rng = random_for(centre.seed, 11)
    wrapped = (frame["wrap_s"].fill_null(0) > 0).to_numpy()
    return np.asarray((rng.random(frame.height) < CORRECTED) & wrapped)


def _with_errors(frame: pl.DataFrame, errors: Bools) -> pl.DataFrame:
    wrap = pl.when(pl.Series(errors)).then(pl.col("wrap_s") * TYPING_ERROR).otherwise(pl.col("wrap_s"))
    return frame.with_columns(wrap.alias("wrap_s"))


def _answers(centre: Centre, folder: Path) -> Iterator[Sent]:
    """Some answers miss the export of their month and come with the next."""
    rng, frame = random_for(centre.seed, 12), texts.answers(centre)
    last = frame["_day"].max()
    missed = pl.Series(rng.random(frame.height) < AFTER_THE_EXPORT)
    moved = pl.when(missed).then(pl.col("_day").dt.offset_by("2d")).otherwise(pl.col("_day"))
    frame = frame.with_columns(pl.min_horizontal(moved, pl.lit(last)).alias("_day"))
    for name, part in _months(centre, frame):
        yield _put(folder, f"customer_answers_{name}.csv", "surveys", part)


def _by_half(folder: Path, name: str, source: str, frame: pl.DataFrame) -> Iterator[Sent]:
    """Short rows: half a year in each file."""
    frame = frame.with_columns(pl.col("_day").dt.truncate("6mo").alias("_half"))
    for key, part in sorted(frame.partition_by("_half", as_dict=True, maintain_order=True).items()):
        yield _put(folder, f"{name}_{key[0]:%Y_%m}.csv", source, part)
