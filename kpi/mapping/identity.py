"""Whether the number of a record is one column or only several together: looked for where a proposed column repeats its cells."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from django.utils.translation import gettext as _

from kpi.mapping.profile import Profile, Seen, frames
from kpi.mapping.suggest import plain

PARTS = (  # what systems call the parts of one contact or case
    " leg legid legno legnumber segment segmentid segmentno segmentnumber part partno sequence sequenceno seq seqno seqnum step stepno "
    "position pos item itemno line lineno lineitem index idx attempt attemptno session sessionid participant participantid transfer "
    "abschnitt abschnittnr segmentnr teil teilnr folge folgenr laufnr laufendenummer lfdnr lfd positionsnr posnr versuch zeile "
)
NUMBERED = ("whole", "words", "epoch_s", "epoch_ms")


def together_with(path: Path, encoding: str, delimiter: str, found: Profile, column: str) -> tuple[str, str]:
    """(further column, why); empty where the column is enough, or no column named like a part makes it so."""
    parts = [seen.name for seen in found.columns if seen.name != column and _is_part(seen)]
    if not parts:
        return "", ""
    numbers = pl.concat(
        [frame.select(column, *parts) for frame, _bad in frames(path, encoding, delimiter, [column, *parts])] or [pl.DataFrame()]
    )
    cells = numbers.drop_nulls(column) if column in numbers.columns else numbers
    if not cells.height or cells[column].n_unique() == cells.height:
        return "", ""
    for part in parts:
        if not cells[part].null_count() and cells.select(column, part).n_unique() == cells.height:
            text = _("%(column)s alone stands in several rows, together with %(part)s in one")
            return part, text % {"column": column[:60], "part": part[:60]}
    return "", ""


def _is_part(seen: Seen) -> bool:
    return seen.shape in NUMBERED and f" {plain(seen.name)} " in PARTS
