"""JSON files: every form of them gives the same rows, and what cannot be read is named by its record."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.cells import pseudonym_of
from kpi.reading.cutting import Cutter
from kpi.reading.limits import Limits
from kpi.source import Refused
from tests.kpi.document_help import TICKETS, lines, ticket, told
from tests.kpi.reading_help import KEY

TWO = [ticket("007"), ticket("1e5", metrics={"reply_time": {"calendar": 0}}, people=[])]
FORMS = {
    "lines": lines(*TWO),
    "lines with blank ones between": "\n" + lines(TWO[0]) + "\n\r\n" + lines(TWO[1]),
    "one after the other": "".join(map(json.dumps, TWO)),
    "indented, one after the other": "\n".join(json.dumps(item, indent=2) for item in TWO),
    "array": json.dumps(TWO),
    "indented array": json.dumps(TWO, indent=2) + "\n",
    "list inside one object": json.dumps({"count": 2, "page": {"next": None, "tickets": TWO}, "end": [1, {"tickets": [3]}]}),
    "two pages": json.dumps({"page": {"tickets": TWO[:1]}}) + json.dumps({"page": {"tickets": TWO[1:], "more": {}}}),
    "a page a line": lines({"page": {"tickets": TWO[:1]}}, {"page": {"tickets": TWO[1:]}}),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_json_gives_the_same_rows(form, tmp_path):
    found = told(tmp_path, FORMS[form])
    assert found.rejected == ()
    assert found.accepted["external_id"].to_list() == ["007", "1e5"]
    assert found.accepted["wait_s"].to_list() == [12.0, 0.0]
    assert found.accepted["customer"].to_list() == [pseudonym_of("kim@example.org", KEY), None]
    assert found.accepted["line"].to_list() == [1, 2]


def test_a_document_may_be_gzipped_and_in_utf_16(tmp_path):
    assert told(tmp_path, gzip.compress(FORMS["array"].encode())).lines == 2
    assert told(tmp_path, FORMS["indented array"].encode("utf-16")).lines == 2


def test_a_record_that_is_wrong_is_rejected_by_its_number_and_the_others_are_read(tmp_path):
    wrong = [
        '{"id": NaN}', '{"id": "a", "id": "b"}', '{"id": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"id": "\\ud83d"}', '{"id": 1, 2}',
        '{"id": {"a": 1}}', '{"id": 1', "17", '"text"',
    ]  # fmt: skip
    found = told(tmp_path, "\n".join([json.dumps(TWO[0]), *wrong, json.dumps(TWO[1])]))
    assert found.accepted["external_id"].to_list() == ["007", "1e5"]
    assert [(item.line, item.problem) for item in found.rejected] == [
        (2, "json_nan"), (3, "equal_keys"), (4, "too_deep"), (5, "half_a_sign"), (6, "not_json"), (7, "not_a_cell"), (8, "not_json"),
        (9, "not_json"), (10, "not_json"),
    ]  # fmt: skip
    assert found.lines == 11
    assert [item.found for item in found.rejected][:2] == ["NaN", "“id” twice in one object"]
    assert "not_json" not in {item.expected for item in found.rejected}


def test_in_an_array_too_a_wrong_record_stands_alone(tmp_path):
    found = told(tmp_path, f'[{json.dumps(TWO[0])}, {{"id": Infinity}},\n {json.dumps(TWO[1])}]')
    assert [(item.line, item.problem) for item in found.rejected] == [(2, "json_nan")]
    assert found.accepted.height == 2


BROKEN = {
    "cut": (json.dumps(TWO, indent=2)[:-30], "line 20 (after 1 records): found a record that is not closed"),
    "a number in the list": ('[\n{"id": 1}, 5, {"id": 2}]', "line 2 (after 1 records): found something that belongs to no record"),
    "a list in the list": ("[\n[1]]", "line 2 (after 0 records): found a list"),
    "only a scalar in the list": ("[\n5\n]", "line 3 (after 0 records): found a value that is no object"),
    "words behind": ("[\n" + json.dumps(TWO[0]) + "]\nend", "line 3 (after 1 records): found something that belongs to no record"),
    "too many closing": ("[{}]]", "line 1 (after 1 records): found a bracket that closes nothing"),
    "an open string": ('[\n{"id": "x}]', "line 2 (after 0 records): found a record that is not closed"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_where_no_record_can_be_told_from_the_next_the_file_is_refused(case, tmp_path):
    text, sentence = BROKEN[case]
    with pytest.raises(Refused) as refused:
        told(tmp_path, text)
    assert sentence in str(refused.value)


def test_bytes_that_are_no_utf_8_are_refused_with_their_line(tmp_path):
    text = json.dumps([ticket("a"), ticket("XX")], indent=1).encode().replace(b"XX", b"\xff")
    with pytest.raises(Refused, match="line 21: byte 0xff is not valid UTF-8; JSON is UTF-8"):
        told(tmp_path, text)


def test_what_an_agent_feels_is_refused_wherever_it_stands_in_a_record(tmp_path):
    text = lines(*[ticket(f"t{place}") for place in range(500)], ticket("z", analysis={"agent": [{"parts": {"Sentiment": 0.2}}]}))
    with pytest.raises(Refused, match=r"line 501: the column “analysis.agent.parts.Sentiment” holds an agent's emotion"):
        told(tmp_path, text)


def test_a_name_that_is_needed_and_nowhere_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(Refused, match=r"“queue” is needed and in none of the first records. The nearest is “queues”"):
        told(tmp_path, lines({"id": "1", "opened": "2026-11-20T09:00:00Z", "via": {"channel": "x"}, "queues": "y"}))


def test_a_table_with_the_paths_as_names_is_read_as_well(tmp_path):
    found = told(tmp_path, "id,opened,via_channel,queue,metrics.reply_time.calendar\n9,2026-11-20T09:00:00Z,mail,care,3\n")
    assert found.accepted.select("external_id", "channel", "wait_s").rows() == [("9", "mail", 3.0)]


def test_json_for_a_source_that_reads_tables_is_named(tmp_path):
    with pytest.raises(Refused, match="this is JSON; tickets reads a table of text"):
        told(tmp_path, FORMS["array"], replace(TICKETS, document=None))


def test_ids_and_numbers_are_kept_character_by_character(tmp_path):
    found = told(tmp_path, '[{"id": 360003529474000123, "opened": "2026-11-20T09:00:00Z", "via": {"channel": "c"}, "queue": 1.50}]')
    assert found.accepted.select("external_id", "queue").row(0) == ("360003529474000123", "1.50")


def test_a_row_made_by_the_source_is_taken_as_it_is(tmp_path):
    def row(record):
        return {"id": record["ref"]["no"], "opened": "2026-11-20T09:00:00Z", "via.channel": "x", "queue": "q", "more": "ignored"}

    source = replace(TICKETS, document=replace(TICKETS.document, row=row))
    assert told(tmp_path, '[{"ref": {"no": "5"}}]', source).accepted["external_id"].to_list() == ["5"]


def test_a_record_beyond_the_limit_is_refused_without_reading_on(tmp_path):
    text = '[{"id": "' + "x" * 3_000_000 + '"}]'
    with pytest.raises(Refused, match="one record of more than 1 MiB"):
        told(tmp_path, text, limits=Limits(max_line=2**20))


def test_memory_does_not_grow_with_the_file(tmp_path):
    record = json.dumps(ticket("t", note="x" * 2000))
    path = tmp_path / "tickets.json"
    path.write_text("[" + ",".join([record] * 2000) + "]")
    tracemalloc.start()
    with path.open("rb") as file:
        cutter, count = Cutter("", 2**23), 0
        while piece := file.read(2**16):
            count += sum(1 for _ in cutter.feed(piece))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2000
    assert peak < 2**20 < path.stat().st_size / 4


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), max_size=5), st.integers(1, 40), st.booleans())
def test_cut_in_any_pieces_the_records_are_those_that_json_reads(records, size, indented):
    text = json.dumps(records, indent=1 if indented else None, ensure_ascii=False).encode()
    cutter, found = Cutter("", 2**20), []
    for start in range(0, len(text), size):
        found += [cut.text for cut in cutter.feed(text[start : start + size])]
    found += [cut.text for cut in cutter.feed(b"", last=True)]
    assert [json.loads(item) for item in found] == records


def test_the_rejected_record_can_be_corrected_and_sent_again(tmp_path):
    found = told(tmp_path, lines(ticket("a"), ticket("b", opened="yesterday")))
    [item] = found.rejected
    assert (item.line, item.column, item.found) == (2, "opened", "yesterday")
    again = {**item.row, "opened": "2026-11-19T09:00:00Z", "line": "2", "problem": "x"}
    text = ",".join(again) + "\n" + ",".join(again.values()) + "\n"
    sent = told(tmp_path, text)
    assert sent.rejected == ()
    assert sent.accepted["customer"].to_list() == [pseudonym_of("kim@example.org", KEY)]


@pytest.mark.parametrize("text", [lines(TWO[0]) + "{}", json.dumps([TWO[0]])])
def test_fifty_levels_are_read_and_one_more_is_not(text, tmp_path):
    def nested(levels):
        return text.replace('"007"', '"007", "more": ' + "[" * levels + "]" * levels, 1)

    assert told(tmp_path, nested(50)).accepted.height == 1
    assert told(tmp_path, nested(51)).rejected[0].problem == "too_deep"
