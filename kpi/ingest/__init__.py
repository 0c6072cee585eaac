"""Store a file: staged, then one merge. The run row is the truth; every line of a file has a fate that is counted."""

from kpi.ingest.inbox import discard, tidy
from kpi.ingest.outcome import BadRow, Outcome, Progress, Report, silent
from kpi.ingest.reject import as_json, write_csv
from kpi.ingest.runs import (
    Chosen,
    any_waits_in_vain,
    claim,
    companions,
    data_source,
    may_be_claimed,
    open_run,
    requeue,
    sweep,
    take_over,
    unheard,
    waits_in_vain,
)
from kpi.ingest.saying import new as new_of
from kpi.ingest.saying import seen as seen_in
from kpi.ingest.saying import told
from kpi.ingest.storing import STEPS, preview, preview_of
from kpi.ingest.takeback import TakenBack, take_back, would_take_back
from kpi.ingest.watched import look as look_at_folder
from kpi.ingest.work import same, store, store_patiently

__all__ = [
    "STEPS", "BadRow", "Chosen", "Outcome", "Progress", "Report", "TakenBack", "any_waits_in_vain", "as_json", "claim", "companions",
    "data_source", "discard", "look_at_folder", "may_be_claimed", "new_of", "open_run", "preview", "preview_of", "requeue", "same",
    "seen_in", "silent", "store", "store_patiently", "sweep", "take_back", "take_over", "tidy", "told",
    "unheard", "waits_in_vain", "would_take_back", "write_csv",
]  # fmt: skip
