"""How a duration, a share or a moment is written as a number: seconds, a number as our own layout has it, a moment come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.cells import Reader
from kpi.cells.numbers import decimal
from kpi.source import Reading

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text
else:
    Text = str


@dataclass(frozen=True)
class Unit:
    """A way of writing: a factor for plain numbers, or a pattern whose groups are multiplied by `parts` and added up."""

    label: Text | str
    factor: float = 1.0
    pattern: str = ""
    parts: tuple[float, ...] = ()

    def value(self, text: pl.Expr, reading: Reading) -> pl.Expr:
        """The number meant; null where the text is not written so."""
        if not self.pattern:
            return decimal(text, reading) * self.factor
        groups = text.str.extract_groups(self.pattern).struct
        found = [groups[place].cast(pl.Float64, strict=False) * part for place, part in enumerate(self.parts)]
        return pl.sum_horizontal(found, ignore_nulls=False)


SECONDS, CLOCK = "seconds", "h:mm:ss"
DURATIONS = {
    SECONDS: Unit(_("seconds, as a number")),
    "milliseconds": Unit(_("milliseconds, as a number"), 0.001),
    "minutes": Unit(_("minutes, as a number"), 60.0),
    "hours": Unit(_("hours, as a number"), 3600.0),
    CLOCK: Unit(_("h:mm:ss"), pattern=r"^([0-9]{1,4}):([0-5][0-9]):([0-5][0-9](?:[.,][0-9]{1,6})?)$", parts=(3600.0, 60.0, 1.0)),
    "m:ss": Unit(_("m:ss (minutes and seconds)"), pattern=r"^([0-9]{1,5}):([0-5][0-9])$", parts=(60.0, 1.0)),
    "h:mm": Unit(_("h:mm (hours and minutes)"), pattern=r"^([0-9]{1,4}):([0-5][0-9])$", parts=(3600.0, 60.0)),
}
SHARES = {
    "of_one": Unit(_("as 1 or 0.5")),
    "percent": Unit(_("in percent, as 100 or 50"), 0.01),
}
EPOCHS = {  # a moment is text unless it is one of these
    "epoch_s": (_("seconds since 1970, as a number"), cells.epoch_seconds),
    "epoch_ms": (_("milliseconds since 1970, as a number"), cells.epoch_milliseconds),
}


def epoch_of(unit: str) -> Reader:
    return EPOCHS[unit][1]


def label_of(field: str, unit: str) -> str:
    """How the cells of a column are written, in words."""
    return str(EPOCHS[unit][0] if unit in EPOCHS else units_of(field)[unit].label)


def labels_of(field: str, *, epoch: bool) -> dict[str, str]:
    """What may be chosen for this field, in words."""
    if epoch:
        return {unit: str(label) for unit, (label, _reader) in EPOCHS.items()}
    return {unit: str(known.label) for unit, known in units_of(field).items()}


def units_of(field: str) -> dict[str, Unit]:
    """The ways in which this field may be written; none where a number is a number."""
    if field.endswith("_s"):
        return DURATIONS
    return SHARES if field == "contract_fte" else {}
