"""Words of a file (team, queue, channel, intent, wave) become ids. A word nobody knows yet is staged as a negative id
and its row is created in the very transaction that stores the file, so that a preview or a failed file leaves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import models
from django.utils.translation import gettext_noop as _

from kpi.models import Site
from kpi.source import Refused


@dataclass
class Codes:
    """The codes of one foreign key: those in the database, and those first met in this file with what it says of them."""

    key: models.ForeignKey[Any, Any]
    known: dict[str, int]
    found: dict[str, int] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, key: models.ForeignKey[Any, Any]) -> Codes:
        model = key.related_model
        return cls(key, dict(model._default_manager.values_list("code", "pk")))

    def read(self, words: pl.Series, frame: pl.DataFrame) -> pl.Series:
        """Words to ids, null to null."""
        for word in words.unique().drop_nulls().to_list():
            if word not in self.known and word not in self.found:
                self.found[word] = -1 - len(self.found)
                self.details[word] = self._details(frame.filter(words == word))
        ids = {**self.known, **self.found}
        return words.replace_strict(ids, default=None, return_dtype=pl.Int64)

    def _details(self, rows: pl.DataFrame) -> dict[str, Any]:
        """What else the file says of a new row: wave_closed_on is the field closed_on of a new wave."""
        names = [item.name for item in self.key.related_model._meta.concrete_fields]
        said = {name: rows[f"{self.key.name}_{name}"].drop_nulls().max() for name in names if f"{self.key.name}_{name}" in rows.columns}
        return {name: value for name, value in said.items() if value is not None}

    def create(self, site: Site) -> dict[int, int]:
        """Make the missing rows (another import may have been first) and give {staged id: real id}."""
        model = self.key.related_model
        model._default_manager.bulk_create([model(**self._values(word, site)) for word in self.found], ignore_conflicts=True)
        ids = dict(model._default_manager.filter(code__in=self.found).values_list("code", "pk"))
        return {staged: ids[word] for word, staged in self.found.items()}

    def _values(self, word: str, site: Site) -> dict[str, Any]:
        values: dict[str, Any] = {"code": word}
        for item in self.key.related_model._meta.concrete_fields:
            if item.name == "site":
                values["site"] = site
            elif item.name in {"name", "group"}:
                values[item.name] = word[: item.max_length or None]
            elif item.name in self.details[word]:
                values[item.name] = self.details[word][item.name]
            elif item.name != "code" and not item.primary_key and not item.null and not item.has_default():
                text = _("The %(kind)s “%(word)s” is not known: the file needs a column %(kind)s_%(field)s.")
                raise Refused(text, kind=self.key.name, word=word, field=item.name)
        return values

    def sentence(self, site: Site) -> str:
        """What an administrator should know about the new rows."""
        words = list(self.found)
        shown = ", ".join(words[:10]) + (f" and {len(words) - 10} more" if len(words) > 10 else "")
        text = f"{len(words)} new {self.key.related_model._meta.verbose_name}{'s' if len(words) > 1 else ''}: {shown}"
        return f"{text}; they belong to site {site.code} until an administrator moves them" if self.key.name == "team" else text


def sites_of_teams() -> Mapping[int, tuple[int, str]]:
    """{team: (site, time zone)}"""
    from_database = Site.objects.filter(teams__isnull=False).values_list("teams", "pk", "zone")
    return {team: (site, zone) for team, site, zone in from_database}
