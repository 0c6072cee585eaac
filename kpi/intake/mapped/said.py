"""What was said about the cells of a file: checked, and kept where nothing is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from kpi import zones
from kpi.intake.mapped.draft import Draft
from kpi.intake.mapped.reading_of import REJECT, UNKNOWN, Asked, Cells, Word, Words, cells
from kpi.mapping.profile import Profile
from kpi.mapping.spec import fits
from kpi.source import DateOrder

LONGEST, LONGEST_EMPTY = 120, 20


def taken(draft: Draft, found: Profile, posted: Mapping[str, str], nothing: Sequence[str]) -> Cells:
    """The page as it was sent, with what is wrong in it; where nothing is, the draft knows it."""
    draft.empty = [word for word in nothing if 0 < len(word) <= LONGEST_EMPTY]
    page = cells(draft, found)
    _take_order(page.order, posted)
    _take_zone(page.zone, posted)
    if page.decimal.needed:
        page.decimal.chosen = posted.get("decimal", "") if posted.get("decimal") in ("comma", "point") else ""
        page.decimal.error = "" if page.decimal.chosen else _("Say what the comma means.")
    for unit in page.units:
        unit.chosen, unit.why = posted.get(f"unit-{unit.name}", ""), ""
        unit.error = "" if unit.chosen in dict(unit.units) else _("Say in which unit this column is.")
    for group in page.words:
        for word in group.words:
            word.meaning = posted.get(word.name, "").strip()
            word.error = _wrong_word(group, word)
    page.site = posted.get("site", "")
    if not page.wrong:
        _keep(draft, page)
    return page


def _take_order(asked: Asked, posted: Mapping[str, str]) -> None:
    if asked.needed:
        asked.chosen = posted.get("order", "")
        if asked.chosen not in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
            asked.error = _("Say whether day or month comes first.")


def _take_zone(asked: Asked, posted: Mapping[str, str]) -> None:
    asked.chosen = posted.get("zone", "").strip() if asked.needed else ""
    if asked.needed and not asked.chosen:
        asked.error = _("Say in which time zone these times are written.")
    elif asked.chosen and not zones.is_zone(asked.chosen):
        said = {"zone": asked.chosen[:60], "like": zones.like(asked.chosen[:60])}
        asked.error = _("“%(zone)s” is not a time zone; write one like %(like)s.") % said


def _wrong_word(group: Words, word: Word) -> str:
    if word.meaning in (REJECT, UNKNOWN):
        return "" if group.closed else _("Write another word.")
    if not word.meaning:
        return _("Say what this word means.") if group.closed else ""
    fine = len(word.meaning) <= LONGEST and fits(group.column, word.meaning)
    return "" if fine else _("This cannot be stored here.")


def _keep(draft: Draft, page: Cells) -> None:
    draft.order, draft.zone, draft.decimal, draft.site = page.order.chosen, page.zone.chosen, page.decimal.chosen, page.site
    draft.units = {unit.name: unit.chosen for unit in page.units}
    draft.values = {
        group.column.field: {
            word.text: "" if word.meaning == UNKNOWN else word.meaning
            for word in group.words
            if word.meaning not in ("", REJECT) and (group.closed or word.meaning != word.text)
        }
        for group in page.words
    }  # fmt: skip
    draft.values = {name: words for name, words in draft.values.items() if words}
    draft.read = True
