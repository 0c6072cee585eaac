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
from kpi.sentences import Sentence
from kpi.source import Refused

NAMED = 10
NEW = {  # by the name of the key: one, several
    "team": (_("1 new team: %(names)s"), _("%(count)s new teams: %(names)s")),
    "queue": (_("1 new queue: %(names)s"), _("%(count)s new queues: %(names)s")),
    "channel": (_("1 new channel: %(names)s"), _("%(count)s new channels: %(names)s")),
    "intent": (_("1 new intent: %(names)s"), _("%(count)s new intents: %(names)s")),
    "wave": (_("1 new wave: %(names)s"), _("%(count)s new waves: %(names)s")),
}
OTHER = (_("1 new word for %(kind)s: %(names)s"), _("%(count)s new words for %(kind)s: %(names)s"))


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

    def sentence(self, site: Site) -> Sentence:
        """What an administrator should know about the new rows."""
        words = sorted(self.found)
        shown: object = ", ".join(words[:NAMED])
        if len(words) > NAMED:
            shown = Sentence(_("%(names)s and %(count)s more"), {"names": shown, "count": len(words) - NAMED})
        one, many = NEW.get(self.key.name, OTHER)
        facts = {"count": len(words), "names": shown, "kind": self.key.name}
        said = Sentence(one if len(words) == 1 else many, facts)
        text = _("%(new)s; they belong to site %(site)s until an administrator moves them")
        return Sentence(text, {"new": said, "site": site.code}) if self.key.name == "team" else said


def sites_of_teams() -> Mapping[int, tuple[int, str]]:
    """{team: (site, time zone)}"""
    from_database = Site.objects.filter(teams__isnull=False).values_list("teams", "pk", "zone")
    return {team: (site, zone) for team, site, zone in from_database}
