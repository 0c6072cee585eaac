"""The container, the encoding, the header and the format of a file (fault cases 21, 23, 25, 27, 33, 56)."""

from __future__ import annotations

import gzip
import hashlib
import random
import resource
from pathlib import Path

import pytest

from kpi.reading import Limits, look, read_blocks
from kpi.source import DateOrder, Reading, Refused
from kpi.sources.interactions_csv import SOURCE as INTERACTIONS
from kpi.sources.quality_reviews_csv import SOURCE as REVIEWS
from tests.kpi.reading_help import DATA, ROW, file_of, read, table

MIB = 2**20


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def plain(rows: int = 3) -> str:
    return table([{**ROW, "external_id": f"c{place}", "team": "Zürich", "wait_s": "1.5"} for place in range(rows)])


def refusal(path: Path, **chosen) -> str:
    with pytest.raises(Refused) as caught:
        read(path, **chosen)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_utf16_give_the_same_rows_as_plain_utf8(tmp_path, encoding):
    same = read(written(tmp_path / "a.csv", plain().encode()))
    other = read(written(tmp_path / "b.csv", plain().encode(encoding)))
    assert other.accepted.equals(same.accepted)
    assert other.lines == 3
    assert other.accepted["team"].to_list() == ["Zürich"] * 3


def test_utf16_with_its_mark_the_other_way_round(tmp_path):
    other = read(written(tmp_path / "b.csv", ("\ufeff" + plain()).encode("utf-16-be")))
    assert other.facts.encoding == "utf-16-be"
    assert other.facts.header[0] == "external_id"


def test_bytes_that_are_not_utf8_are_refused_with_line_and_remedy(tmp_path):
    path = written(tmp_path / "a.csv", plain().encode("cp1252"))
    message = refusal(path)
    assert "a.csv, line 2" in message
    assert "choose the encoding" in message
    assert read(path, encoding="cp1252").accepted["team"][0] == "Zürich"


def test_an_encoding_nobody_knows_is_refused(tmp_path):
    path = written(tmp_path / "a.csv", plain().encode())
    assert "is not an encoding" in refusal(path, encoding="klingon")
    assert "is not an encoding" in refusal(path, encoding="base64")


def test_two_spellings_of_an_accent_are_one_text(tmp_path):
    text = table(
        [
            {**ROW, "team": "Zu\u0308rich", "agent_id": "Zo\u0065\u0301"},
            {**ROW, "external_id": "c2", "team": "Z\u00fcrich", "agent_id": "Zo\u00e9"},
        ]
    )
    found = read(written(tmp_path / "a.csv", text.encode())).accepted
    assert found["team"].n_unique() == 1
    assert found["agent"].n_unique() == 1


def test_a_gzip_file_is_known_by_its_first_bytes_not_by_its_name(tmp_path):
    found = read(written(tmp_path / "a.csv", gzip.compress(plain().encode())))
    assert found.facts.compressed
    assert found.lines == 3


@pytest.mark.parametrize("cut", [9, "half"])
def test_a_gzip_file_that_ends_early_is_refused_whole(tmp_path, cut):
    data = gzip.compress(plain(5000).encode())
    keep = len(data) // 2 if cut == "half" else len(data) - cut
    message = refusal(written(tmp_path / "a.csv.gz", data[:keep]))
    assert "ends early after line" in message


def test_garbage_after_a_gzip_file_is_refused_and_padding_is_not(tmp_path):
    data = gzip.compress(plain().encode())
    assert "not gzip" in refusal(written(tmp_path / "a.gz", data + b"garbage"))
    assert read(written(tmp_path / "b.gz", data + b"\0" * 100)).lines == 3


def test_a_damaged_gzip_file_is_refused(tmp_path):
    data = bytearray(gzip.compress(random.Random(1).randbytes(1000).hex().encode()))
    data[200] ^= 0xFF
    assert "gzip file" in refusal(written(tmp_path / "a.gz", bytes(data)))


def test_two_gzip_members_are_one_file(tmp_path):
    whole = plain(4).encode()
    assert read(written(tmp_path / "a.gz", gzip.compress(whole[:100]) + gzip.compress(whole[100:]))).lines == 4


def test_a_small_gzip_that_holds_very_much_is_stopped_at_the_named_limit(tmp_path):
    with gzip.open(tmp_path / "bomb.csv.gz", "wb", compresslevel=1) as file:
        file.write(plain(1).encode())
        line = b"c9,2026-11-20T09:00:00Z,voice,care,T,1\n" * 26_000
        for _ in range(100):
            file.write(line)
    message = refusal(tmp_path / "bomb.csv.gz", rows=10_000)
    assert "limit 64 MiB" in message
    assert "after line" in message


def test_the_byte_limit_counts_what_comes_out(tmp_path):
    path = written(tmp_path / "a.csv", plain(1000).encode())
    assert "limit of 10 KiB" in refusal(path, limits=Limits(max_bytes=10 * 1024))


def test_a_million_columns_are_refused(tmp_path):
    path = written(tmp_path / "a.csv", b",".join(b"c%d" % place for place in range(1_000_000)) + b"\n")
    assert "1000000 columns; the limit is 1000" in refusal(path)


@pytest.mark.parametrize("start", [b"", plain().encode()])
def test_a_line_of_200_mb_is_refused_without_filling_the_memory(tmp_path, start):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(start)
        for _ in range(200):
            file.write(b"x" * MIB)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = refusal(path)
    assert f"line {5 if start else 1}: longer than 8 MiB" in message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_an_empty_file_and_a_header_alone_are_told_apart(tmp_path):
    assert "is empty" in refusal(written(tmp_path / "a.csv", b""))
    assert "is empty" in refusal(written(tmp_path / "b.csv", b"\n\n"))
    found = read(written(tmp_path / "c.csv", b"external_id,started_at,channel,queue\n"))
    assert found.lines == 0
    assert "no rows" in str(found.facts.evidence["rows"])


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_the_delimiter_is_seen_in_the_header(tmp_path, delimiter):
    found = read(file_of(tmp_path, {"team": "a"}, delimiter=delimiter))
    assert found.facts.delimiter == delimiter
    assert found.lines == found.accepted.height == 1
    assert "5 of 28 known columns found" in str(found.facts.evidence["delimiter"])


def test_a_decimal_comma_is_shown_with_its_evidence(tmp_path):
    found = read(file_of(tmp_path, {"wait_s": "12,5"}, {"wait_s": "1,234"}, {"wait_s": "7"}, {"wait_s": "1.234,5"}, delimiter=";"))
    assert found.facts.decimal_comma
    assert "line 2, wait_s: “12,5”" in str(found.facts.evidence["decimal_mark"])
    assert found.accepted["wait_s"].to_list() == [12.5, 1.234, 7.0]
    assert found.problems == [(5, "wait_s", "not_a_number")]


def test_a_comma_before_three_digits_proves_nothing_and_is_not_guessed(tmp_path):
    found = read(file_of(tmp_path, {"wait_s": "1,234"}, {"wait_s": "7"}, delimiter=";"))
    assert not found.facts.decimal_comma
    assert "unclear" in str(found.facts.evidence["decimal_mark"])
    assert found.problems == [(2, "wait_s", "not_a_number")]


def test_commas_and_points_in_one_file_are_unclear(tmp_path):
    found = read(file_of(tmp_path, {"wait_s": "12,5"}, {"wait_s": "12.5"}, delimiter=";"))
    assert "unclear" in str(found.facts.evidence["decimal_mark"])
    assert found.problems == [(2, "wait_s", "not_a_number")]


def test_a_misspelt_required_column_is_refused_with_the_nearest_name():
    message = refusal(DATA / "header_misspelt.csv")
    assert "“started_at” is missing" in message
    assert "nearest is “startet_at”" in message


def test_a_missing_required_column_is_refused_naming_what_was_found():
    message = refusal(DATA / "header_without_queue.csv")
    assert "“queue” is missing" in message
    assert "“external_id”, “started_at”, “channel”" in message


def test_a_column_that_appears_twice_is_refused():
    assert "“channel” appears twice (columns 3 and 5)" in refusal(DATA / "header_with_channel_twice.csv")


def test_columns_nobody_asked_for_are_ignored_and_listed(tmp_path):
    found = read(file_of(tmp_path, {"shoe_size": "44", "talk_sec": "3", "customer_name": "Ada Lovelace"}))
    assert str(found.facts.evidence["ignored_columns"]) == "shoe_size, talk_sec (did you mean talk_s?), customer_name"
    assert "shoe_size" not in found.accepted.columns


def test_an_unnamed_column_is_ignored(tmp_path):
    found = read(file_of(tmp_path, {"": "x"}))
    assert found.lines == found.accepted.height == 1


def test_ambiguous_dates_are_refused_until_somebody_chooses():
    message = refusal(DATA / "dates_ambiguous.csv", zone="UTC")
    assert "ambiguous (line 2, started_at: “03/04/2026 10:00”)" in message
    chosen = read(DATA / "dates_ambiguous.csv", zone="UTC", date_order=DateOrder.DAY_FIRST)
    assert chosen.accepted["started_at"][0].month == 4


def test_a_later_date_shows_the_order_of_the_whole_file():
    assert read(DATA / "dates_day_first_shown_late.csv", zone="UTC").accepted["started_at"].dt.month().to_list() == [4, 4]
    found = read(DATA / "dates_month_first_shown_late.csv", zone="UTC")
    assert found.accepted["started_at"].dt.day().to_list() == [4, 13]
    assert "line 3" in str(found.facts.evidence["date_order"])


def test_contradictory_dates_are_refused_with_the_two_lines():
    message = refusal(DATA / "dates_contradictory.csv", zone="UTC")
    assert "line 3, started_at: “13/04/2026 10:00”" in message
    assert "line 4, started_at: “04/13/2026 10:00”" in message


def test_a_zone_nobody_knows_is_refused(tmp_path):
    with pytest.raises(Refused, match="not a time zone"):
        look(file_of(tmp_path, {}), INTERACTIONS, zone="Mars/Olympus")


def test_lines_that_end_with_a_carriage_return_alone_are_refused(tmp_path):
    assert "carriage return" in refusal(written(tmp_path / "a.csv", plain().replace("\n", "\r").encode()))


def test_the_checksum_is_of_the_bytes_as_sent(tmp_path):
    data = gzip.compress(plain().encode())
    facts = look(written(tmp_path / "a.gz", data), INTERACTIONS)
    assert facts.checksum == hashlib.sha256(data).hexdigest()
    assert facts.size == len(data)


def test_a_file_for_another_source_is_refused(tmp_path):
    with pytest.raises(Refused, match="“interaction_id” is missing"):
        look(file_of(tmp_path, {}), REVIEWS)


def test_a_file_that_changes_between_looking_and_reading_is_refused(tmp_path):
    path = file_of(tmp_path, {})
    facts = look(path, INTERACTIONS)
    path.write_text("external_id,started_at,channel,queue,team\n")
    with pytest.raises(Refused, match="changed since it was looked at"):
        list(read_blocks(path, INTERACTIONS, facts, Reading(None, 0.0, b"k")))


def test_an_unclear_delimiter_is_refused_and_a_chosen_one_is_used(tmp_path):
    path = written(tmp_path / "a.csv", b"external_id,started_at,x;channel;queue;y\n")
    assert "delimiter is unclear (semicolon or comma)" in refusal(path)
    assert "“channel” is missing" in refusal(path, delimiter=",")


def test_a_header_whose_quote_is_not_closed_is_refused(tmp_path):
    path = written(tmp_path / "a.csv", b'external_id,started_at,channel,queue,"team\nc1,2026-11-20T09:00:00Z,voice,care,x\n')
    assert "line 1" in refusal(path, delimiter=",")


def test_a_header_cell_may_hold_a_newline(tmp_path):
    text = 'external_id,started_at,channel,queue,"what\nelse"\nc1,2026-11-20T09:00:00Z,voice,care,x\n'
    assert read(written(tmp_path / "a.csv", text.encode())).accepted["line"].to_list() == [3]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_chosen_for_the_source_follows_the_mark(tmp_path, encoding):
    path = written(tmp_path / "a.csv", ("\ufeff" + plain()).encode(encoding))
    assert read(path, encoding="utf-16").lines == 3


def test_utf16_that_ends_inside_a_letter_is_refused(tmp_path):
    assert "not valid utf-16-le near line 4" in refusal(written(tmp_path / "a.csv", plain().encode("utf-16")[:-1]))


def test_a_decimal_mark_chosen_for_the_source_wins(tmp_path):
    facts = look(file_of(tmp_path, {"wait_s": "12.5"}), INTERACTIONS, decimal_comma=True)
    assert facts.decimal_comma
    assert str(facts.evidence["decimal_mark"]) == "comma: chosen for the source"
