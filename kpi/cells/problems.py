"""Every problem a cell or row can have, and the sentence that says what would be right: kept in English, told in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

PROBLEMS: Mapping[str, str] = {
    "missing": _("a value: this column may not be empty"),
    "blanks_around": _("the value without blanks before or after it"),
    "too_long": _("a shorter text: at most 200 characters for an id, 120 for a code"),
    "control_character": _("text without control characters such as NUL, bell or escape"),
    "not_a_number": _("a plain number such as 12 or 12.5: no blanks, no thousands marks, no other digits than 0-9"),
    "not_finite": _("a finite number: infinity and “not a number” are no measurements; leave the cell empty if it is unknown"),
    "negative": _("zero or more: a duration or count is never negative; leave the cell empty if it is unknown"),
    "too_large": _("a smaller number: this is beyond what the column can mean"),
    "duration_too_long": _("at most 86 400 seconds (a day); waiting in mail-like channels up to 2 592 000 (30 days)"),
    "not_positive": _("more than zero"),
    "not_a_whole_number": _("a whole number such as 3, without decimals, blanks or thousands marks"),
    "not_a_boolean": _("true or false (also yes/no, y/n, 1/0)"),
    "unknown_value": _("one of the values this column knows"),
    "out_of_range": _("a value inside the range of its scale"),
    "not_a_duration": _("a duration such as 0:02:23 (hours:minutes:seconds)"),
    "not_a_duration_short": _("a duration of two parts such as 2:23, as the mapping says; one of three parts is h:mm:ss"),
    "not_a_time": _("a time such as 2026-03-29T09:15:00Z or 2026-03-29T09:15:00+02:00"),
    "not_a_date": _("a date such as 2026-03-29 that exists in the calendar"),
    "impossible_day_first": _(
        "a date that exists, the day first and then the month, as this source writes dates: 31/04/2026 and "
        "04/31/2026 are none; if the month comes first, choose that for the source: --date-order month_first"
        " (if it is mapped: in a further version of its mapping)"
    ),
    "impossible_month_first": _(
        "a date that exists, the month first and then the day, as this source writes dates: 04/31/2026 and "
        "31/04/2026 are none; if the day comes first, choose that for the source: --date-order day_first"
        " (if it is mapped: in a further version of its mapping)"
    ),
    "date_order_unknown": _(
        "a date such as 2026-03-29, or the order chosen for the source: --date-order day_first or month_first"
        " (if it is mapped: in a further version of its mapping)"
    ),
    "not_an_epoch": _("a number of seconds or milliseconds since 1970, as the mapping says, such as 1772442900"),
    "no_offset": _("a time with its offset (…Z or …+02:00), or a time zone chosen for the source"),
    "missing_hour": _("a time that exists: the clocks were put forward over this hour; write it with its offset"),
    "too_old": _("a year from 1990 on"),
    "in_future": _("a moment that has already been: this lies in the future"),
    "bad_pseudonym": _("pseudonym: and 16 hexadecimal digits, as given in the list of rejected rows, or the original identifier"),
    "broken_quote": _("a quoted cell that is closed before the next delimiter; a quote inside it is written twice"),
    "ragged_row": _("as many fields as the header has"),
    "line_too_long": _("a row of at most 131 072 bytes"),
    "not_json": _("one whole JSON object: quotes and brackets closed, names in quotes, nothing after the last bracket"),
    "not_an_object": _("a JSON object {…} for each record"),
    "equal_keys": _("each name once in an object: nobody can tell which of the two is meant"),
    "json_nan": _("null for an unknown number: NaN and Infinity are no JSON and no measurement"),
    "half_a_sign": _("whole signs: the escape \\ud800 to \\udfff stands only in pairs"),
    "too_deep": _("a record of at most 50 levels of brackets"),
    "too_many_keys": _("a record with at most 10 000 names"),
    "not_a_cell": _("one text, number, true, false or null where this column is read, not a list or an object"),
    "goes_with_another": _("nothing here: another row of the same record is rejected; correct that one and send all of them together"),
    "not_a_contact": _("nothing: the format marks this row as no contact of a customer with the centre, and it is not counted"),
    "legs_missing": _("all legs of the contact in one file: put the files with the others one after the other into one, and send that"),
    "not_an_answer": _("nothing: the format marks this row as a preview, a test or an answer that was not given, and it is not counted"),
    "phantom_call": _("nothing: the source marks this as a call that never was, and it is not counted"),
    "ends_before_start": _("an end that is not before the start (in the doubled hour of autumn, write the offset)"),
    "before_start": _("a moment that is not before the start of the contact"),
    "answered_before_sent": _("an answer that is not before its question was sent"),
    "more_dismissed_than_shown": _("no more prompts dismissed than shown"),
    "unknown_scale": _("a scale that goes with the question; see the list of scales in the definitions"),
    "wrong_items": _("as many answers as the instrument has, separated by semicolons, each in its range, empty where skipped"),
    "items_or_group": _("either item answers or an imported group score with its group_n, not both"),
    "forgotten": _("a day whose rows are still kept: after retention the persons' rows of this day were deleted, its totals are final"),
    "clash": _("one row per id: another line of the file has the same id with other content"),
}


KNOWN = frozenset(PROBLEMS.values())
LISTED = "one of the values this column knows: "
CLASH = "one row per id: line %(lines)s has the same id with other content"
# Behind the sentence of a cell whose text is not kept.
SHIFTED = _(
    "several cells of this row cannot be read, so it seems shifted and their text was not kept: take the row from your file, line %(line)s"
)
ADDRESS = _("the cell looks like an address of a person and was not kept")
_shifted = re.compile("(.+); " + re.escape(SHIFTED).replace(re.escape("%(line)s"), "([0-9]+)"), re.DOTALL)
_clash = re.compile(re.escape(CLASH).replace(re.escape("%(lines)s"), "(.+)"))


def told(sentence: str) -> str:
    """A sentence that is kept with a rejected row, which is in English, in the language of whoever reads it."""
    if sentence.startswith(LISTED):
        return gettext("one of the values this column knows: %(values)s") % {"values": sentence.removeprefix(LISTED)}
    if found := _clash.fullmatch(sentence):
        return gettext("one row per id: line %(lines)s has the same id with other content") % {"lines": found[1]}
    if found := _shifted.fullmatch(sentence):
        return f"{told(found[1])}; {gettext(SHIFTED) % {'line': found[2]}}"
    if sentence.endswith(f"; {ADDRESS}"):
        return f"{told(sentence.removesuffix(f'; {ADDRESS}'))}; {gettext(ADDRESS)}"
    return gettext(sentence) if sentence in KNOWN else sentence


def expected(code: str, values: Sequence[str] = ()) -> str:
    """The sentence for a code, with the values of a closed list; a code without a sentence is a mistake in our own definitions."""
    if code == "unknown_value" and values:
        return f"{LISTED}{', '.join(values)}"
    return PROBLEMS[code]
