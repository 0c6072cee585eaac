"""A file sent on a page: kept, looked at as storing would look at it, and stored only when somebody has seen what that would do.

Between the two steps the file waits in the inbox under a name nobody can guess; what is not stored within the hour the sweep removes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import ingest, registry, tasks
from kpi.ingest.inbox import inbox
from kpi.ingest.receiving import MB, receive
from kpi.intake.hours import HourLine, hour_lines
from kpi.mapping.stored import known as source_known
from kpi.mapping.stored import mapped_sources, source_of
from kpi.models import ImportRun, Site
from kpi.models.organisation import zones_here
from kpi.source import DateOrder, Refused
from kpi.widgets import Suggested

SHOWN = 20
LOOKS_UP_TO = 64 * MB  # a larger file is looked at by a worker while it is stored
SALT = "kpi.intake.sending"
VALID_S = 55 * 60
LIKE = gettext_lazy("Like Europe/Lisbon: type a part of it and choose.")
ORDERS = (
    ("", gettext_lazy("as before, or as the file shows")),
    (DateOrder.ISO, gettext_lazy("year first")),
    (DateOrder.DAY_FIRST, gettext_lazy("day first")),
    (DateOrder.MONTH_FIRST, gettext_lazy("month first")),
)


class SendForm(forms.Form):
    """Which file, of which kind, and what the file itself may not say."""

    source = forms.ChoiceField(label=gettext_lazy("What is in it"))
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("As the system wrote it, also gzipped."))
    zone = forms.CharField(
        label=gettext_lazy("Time zone of times without an offset"), required=False, help_text=LIKE, widget=Suggested(zones_here)
    )
    date_order = forms.ChoiceField(label=gettext_lazy("Dates of three numbers"), choices=ORDERS, required=False)
    site = forms.ChoiceField(label=gettext_lazy("Site of rows whose team is not known"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        along = ingest.companions()
        kinds = [(source.key, source.label) for source in registry.sources().values() if source.key not in along]
        kinds += [(origin.key, found.label) for origin in mapped_sources() if (found := source_known(origin))]
        self.fields["source"].choices = sorted(kinds, key=lambda kind: str(kind[1]))  # type: ignore[attr-defined]
        sites = [("", _("as before")), *Site.objects.values_list("code", "name")]
        self.fields["site"].choices = sites  # type: ignore[attr-defined]

    def chosen(self) -> ingest.Chosen:
        return ingest.Chosen(zone=self.cleaned_data["zone"], site=self.cleaned_data["site"], date_order=self.cleaned_data["date_order"])


class Sent(Protocol):
    """An uploaded file, as far as it is used."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True)
class Looked:
    """What storing the file would do; `ticket` stands for the waiting file."""

    name: str
    source: str
    ticket: str
    outcome: ingest.Outcome | None  # None: too large to be looked at on a page
    private: bool

    @property
    def evidence(self) -> Sequence[tuple[str, str, str]]:
        return ingest.seen_in(self.outcome.facts) if self.outcome else []

    @property
    def new(self) -> Sequence[str]:
        return ingest.new_of(self.outcome.facts) if self.outcome else []

    @property
    def hours(self) -> Sequence[HourLine]:
        return hour_lines(self.outcome.facts) if self.outcome else ()

    @property
    def rejected(self) -> Sequence[ingest.BadRow]:
        return () if self.outcome is None or self.private else self.outcome.rejected[:SHOWN]


def look(file: Sent, source: str, chosen: ingest.Chosen, sender: str = "") -> Looked:
    """Keep the file and say what storing it would do. Refused with a sentence, and then nothing is kept."""
    arrived = receive(file.chunks(), file.name or "file", sender)
    try:
        small = arrived.size <= LOOKS_UP_TO
        outcome = ingest.preview(arrived.path, source, chosen=chosen) if small else None
    except BaseException:
        ingest.discard(arrived.path)
        raise
    private = source_of(ingest.data_source(source, save=False)).private
    place = str(arrived.path.relative_to(inbox()))
    ticket = signing.dumps({"place": place, "source": source, "chosen": vars(chosen)}, salt=SALT)
    return Looked(arrived.path.name, source, ticket, outcome, private)


def store(ticket: str, user: Any) -> tuple[ImportRun, bool]:
    """Queue the file of a ticket; whether the same bytes were sent before. Refused when it waited too long or was stored already."""
    try:
        kept = signing.loads(ticket, salt=SALT, max_age=VALID_S)
    except signing.BadSignature:
        raise Refused(_("This file waited too long. Send it again.")) from None
    path: Path = inbox() / kept["place"]
    if not path.is_file():
        raise Refused(_("This file was stored or removed meanwhile. Send it again if it is missing.")) from None
    run, existed = ingest.open_run(path, kept["source"], user, chosen=ingest.Chosen(**kept["chosen"]))
    if existed:
        ingest.discard(path)
    else:
        tasks.ring(tasks.run_import, run.pk)
    return run, existed
