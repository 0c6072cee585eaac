"""What a run says of its file: kept in English for systems and logs, told on pages in the language of whoever reads it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from kpi.models import ImportRun
from kpi.sentences import Sentence, of_kept
from kpi.source import Fates

COUNTED = _(
    "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(repeated)s repeated, %(rejected)s rejected%(joined)s.%(overtaken)s"
)
JOINED = _(", %(count)s joined")
OVERTAKEN = _(" %(count)s of the unchanged rows stay as a later file has them, which this one is older than.")


def of_fates(fates: Fates, overtaken: int = 0) -> Sentence:
    """How many lines met which fate; every one of them is counted."""
    counts = {name: f"{getattr(fates, name):,}" for name in ("new", "changed", "unchanged", "repeated", "rejected")}
    joined = Sentence(JOINED, {"count": f"{fates.joined:,}"}) if fates.joined else ""
    older = Sentence(OVERTAKEN, {"count": f"{overtaken:,}"}) if overtaken else ""
    return Sentence(COUNTED, {**counts, "joined": joined, "overtaken": older})


def told(run: ImportRun) -> str:
    """The message of a run for a page. One whose sentence was not kept stands as it was written."""
    said = of_kept(run.said)
    return str(said) if said is not None and said.english == run.message else run.message
