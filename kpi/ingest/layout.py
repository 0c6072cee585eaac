"""The columns of a record, read from its model, so that one piece of SQL serves them all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl
from django.apps import apps
from django.db import models

BOOKKEEPING = {"source", "run", "first_run", "external_id"}
COMPUTED = {"kpi.Interaction": ("role", "returned", "repeat_day")}  # null means: the chain of this customer is due
TYPES: dict[str, pl.DataType] = {
    "BooleanField": pl.Boolean(),
    "DateField": pl.Date(),
    "DateTimeField": pl.Datetime("us", "UTC"),
    "FloatField": pl.Float64(),
    "CharField": pl.String(),
    "SlugField": pl.String(),
    "TextField": pl.String(),
}


@dataclass(frozen=True)
class Layout:
    """Content is what a file says about a record: a row is changed when any of it differs."""

    label: str
    model: type[models.Model]
    content: tuple[models.Field[Any, Any], ...]
    coded: tuple[models.ForeignKey[Any, Any], ...]  # written in files as the code of another row
    computed: tuple[str, ...]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the content."""
        return tuple(str(item.column) for item in self.content)

    @property
    def columns(self) -> tuple[str, ...]:
        return ("external_id", *self.names)

    @property
    def types(self) -> dict[str, pl.DataType]:
        """The polars type of each staged column."""
        return {"external_id": pl.String(), **{str(item.column): TYPES.get(item.get_internal_type(), pl.Int64()) for item in self.content}}


@cache
def layout(label: str) -> Layout:
    model = apps.get_model(label)
    computed = COMPUTED.get(label, ())
    outside = {*BOOKKEEPING, *computed}
    content = tuple(item for item in model._meta.concrete_fields if not item.primary_key and item.name not in outside)
    coded = tuple(item for item in content if isinstance(item, models.ForeignKey))
    return Layout(label, model, content, coded, computed)
