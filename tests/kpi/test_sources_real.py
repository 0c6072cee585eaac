"""The bank's calls and the PwC calls, compared with the plain csv module and with rows read by eye."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from kpi import registry
from kpi.cells import pseudonym_of
from tests.kpi.reading_help import KEY, REAL, Read, read

BANK = REAL / "anonymous_bank_1999-02-01_to_14.tsv.gz"
PWC = REAL / "pwc_call_center_2021-01_to_02.csv"
pytestmark = pytest.mark.skipif(not BANK.exists(), reason="the real files are not beside the project")


@cache
def bank() -> Read:
    return read(BANK, registry.source("anonymous_bank"), rows=5000)


@cache
def bank_rows() -> list[dict[str, str]]:
    with gzip.open(BANK, "rt", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def pwc_rows() -> list[dict[str, str]]:
    with PWC.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def call(line: int) -> dict[str, object]:
    return bank().accepted.filter(pl.col("line") == line).row(0, named=True)


def israel(day: int, hour: int, minute: int, second: int) -> datetime:
    """February 1999 is two hours east of UTC."""
    return datetime(1999, 2, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=2)


def test_every_call_of_the_bank_has_a_fate():
    assert bank().lines == len(bank_rows()) == 17_456
    assert bank().accepted.height == 17_313
    assert Counter(item.problem for item in bank().rejected) == {"phantom_call": 143}
    assert sum(row["outcome"] == "PHANTOM" for row in bank_rows()) == 143


def test_the_first_call_of_the_bank_to_the_last_value():
    assert call(2) == {
        "line": 2, "external_id": "AA0101-34536", "started_at": israel(1, 7, 2, 47), "ended_at": israel(1, 7, 5, 41), "queue": "PS",
        "intent": "PS", "agent": pseudonym_of("DORIT", KEY), "customer": None, "handled_by": "human", "abandoned": False, "wait_s": 0.0,
        "talk_s": 166.0, "human_reached_at": israel(1, 7, 2, 55), "value_tier": "0", "channel": "voice",
    }  # fmt: skip


def test_calls_are_handled_by_whom_the_outcome_says():
    rows = Counter(
        "ai" if row["outcome"] == "HANG" and row["q_start"] == "0:00:00"
        else "nobody known" if row["outcome"] == "AGENT" and row["server"] == "NO_SERVER" else "human"
        for row in bank_rows() if row["outcome"] != "PHANTOM"
    )  # fmt: skip
    found = Counter(name or "nobody known" for name in bank().accepted["handled_by"])
    assert found == rows == {"human": 16_015, "ai": 1_023, "nobody known": 275}


def test_abandoned_are_those_who_hung_up_in_the_queue():
    expected = sum(row["outcome"] == "HANG" and row["q_start"] != "0:00:00" for row in bank_rows())
    assert bank().accepted["abandoned"].sum() == expected == 1_885


def test_customer_0_and_no_server_are_nobody():
    kept = [row for row in bank_rows() if row["outcome"] != "PHANTOM"]
    assert bank().accepted["customer"].drop_nulls().len() == sum(row["customer_id"] != "0" for row in kept) == 6_286
    assert bank().accepted["customer"].drop_nulls().n_unique() == len({row["customer_id"] for row in kept} - {"0"})
    assert bank().accepted["agent"].drop_nulls().n_unique() == len({row["server"] for row in kept} - {"NO_SERVER"})


def test_a_person_was_reached_where_a_named_server_began():
    kept = [row for row in bank_rows() if row["outcome"] == "AGENT" and row["server"] != "NO_SERVER" and row["ser_start"] != "0:00:00"]
    assert bank().accepted["human_reached_at"].drop_nulls().len() == len(kept) == 14_105


def test_service_that_crosses_midnight_ends_the_next_day():
    """Line 3206: entered 23:51:29, served 23:52:20 to 0:00:55. Line 8992: queue and service wholly after midnight."""
    assert call(3206)["ended_at"] == israel(9, 0, 0, 55)
    assert call(3206)["human_reached_at"] == israel(8, 23, 52, 20)
    assert call(8992)["started_at"] == israel(10, 23, 59, 56)
    assert call(8992)["human_reached_at"] == israel(11, 0, 0, 29)
    assert bank().accepted.select((pl.col("ended_at") - pl.col("started_at")).max()).item() < timedelta(hours=2)


def test_a_menu_clock_that_was_off_stays_on_the_same_day():
    """Line 1274: entered 9:48:14, left the menu 9:47:17 (vru_time -57), served until 9:51:28."""
    assert call(1274)["started_at"] == israel(7, 9, 48, 14)
    assert call(1274)["ended_at"] == israel(7, 9, 51, 28)


def test_the_oddities_of_the_bank_are_counted():
    evidence = bank().facts.evidence
    counted = {
        name: str(evidence[name]).split(" rows")[0]
        for name in ("negative_menu_times", "phantom_calls", "answered_by_no_server", "unknown_customers")
    }
    assert counted == {"negative_menu_times": "17", "phantom_calls": "143", "answered_by_no_server": "275", "unknown_customers": "11061"}


def test_no_name_of_the_bank_is_left_in_a_rejected_row():
    servers = {row["server"] for row in bank_rows()} - {"NO_SERVER"}
    customers = {row["customer_id"] for row in bank_rows()} - {"0"}
    for item in bank().rejected:
        assert not servers & set(item.row.values())
        assert not customers & set(item.row.values())


def test_sums_of_the_bank_are_those_of_the_file():
    kept = [row for row in bank_rows() if row["outcome"] != "PHANTOM"]
    assert bank().accepted["wait_s"].sum() == sum(int(row["q_time"]) for row in kept)
    assert bank().accepted["talk_s"].sum() == sum(int(row["ser_time"]) for row in kept)


def test_the_pwc_calls_are_read_with_unknown_kept_unknown():
    found = read(PWC, registry.source("pwc_call_centre"), rows=1000)
    assert (found.lines, found.accepted.height, found.rejected) == (3388, 3388, ())
    answered = [row for row in pwc_rows() if row["Answered (Y/N)"] == "Y"]
    assert found.accepted["abandoned"].sum() == 3388 - len(answered) == 635
    assert found.accepted["wait_s"].null_count() == found.accepted["talk_s"].null_count() == 635
    assert found.accepted["wait_s"].sum() == sum(int(row["Speed of answer in seconds"]) for row in answered)
    assert found.accepted["resolved"].sum() == 2472


def test_the_first_pwc_call_to_the_last_value():
    assert read(PWC, registry.source("pwc_call_centre")).accepted.row(0, named=True) == {
        "line": 2, "external_id": "ID0001", "started_at": datetime(2021, 1, 1, 9, 12, 58, tzinfo=UTC), "queue": "Contract related",
        "intent": "Contract related", "agent": pseudonym_of("Diane", KEY), "abandoned": False, "wait_s": 109.0, "talk_s": 143.0,
        "resolved": True, "channel": "voice", "handled_by": "human",
    }  # fmt: skip


def test_pwc_ratings_are_answers_and_calls_without_one_are_none():
    found = read(PWC, registry.source("pwc_call_centre_ratings"))
    rated = [row for row in pwc_rows() if row["Satisfaction rating"]]
    assert found.lines == found.accepted.height == len(rated) == 2753
    assert found.accepted["score"].sum() == sum(int(row["Satisfaction rating"]) for row in rated)
    assert set(found.accepted["interaction_ref"]) == {row["Call Id"] for row in rated}
    assert registry.source("pwc_call_centre").also == ("pwc_call_centre_ratings",)
