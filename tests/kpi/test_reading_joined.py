"""Many rows, one record: legs are joined wherever they stand in the file, and every row has a fate."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import cells
from kpi.cells import pseudonym_of
from kpi.reading import joining
from kpi.reading.merging import earliest, first, last, latest, merge, newest, total
from kpi.source import Column, Join, Refused, Source, Titles
from tests.kpi.reading_help import KEY, read


def of_legs(raw: pl.DataFrame) -> pl.DataFrame:
    legs = newest(raw, pl.col("leg"), "leg")
    return merge(legs, first("contact"), earliest("begin"), latest("end"), first("queue"), total("talk"), last("agent"))


LEGS = Source(
    key="legs",
    label="Legs",
    stores="kpi.Interaction",
    constants={"channel": "voice"},
    header=("leg",),
    join=Join(pl.col("contact"), of_legs),
    columns=(
        Column("contact", "external_id", cells.identifier, required=True),
        Column("begin", "started_at", cells.utc, required=True),
        Column("end", "ended_at", cells.utc),
        Column("queue", "queue", cells.text(120), required=True),
        Column("talk", "talk_s", cells.seconds()),
        Column("agent", "agent", cells.pseudonym, person=True),
    ),
)
HEADER = "contact,leg,begin,end,queue,talk,agent\n"
ROWS = [
    "a,1,2026-11-20T09:00:00.900Z,2026-11-20T09:05:00Z,care,60,kim\n",
    "b,1,2026-11-20T10:00:00Z,2026-11-20T10:05:00Z,care,5,\n",
    "a,2,2026-11-20T09:00:00Z,2026-11-20T09:09:00Z,more,30.5,lee\n",
    "c,1,2026-11-20T11:00:00Z,,care,,\n",
    "a,2,2026-11-20T09:00:00Z,2026-11-20T09:09:00Z,more,30.5,lee\n",
]


def told(folder, lines, **options):
    path = folder / "legs.csv"
    path.write_text(HEADER + "".join(lines))
    return read(path, LEGS, **options)


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_legs_are_joined_whatever_the_size_of_a_block(rows, tmp_path):
    found = told(tmp_path, ROWS, rows=rows)
    contacts = {row["external_id"]: row for row in found.accepted.iter_rows(named=True)}
    assert (found.lines, found.accepted.height, found.joined, found.rejected) == (5, 3, 2, ())
    assert contacts["a"]["talk_s"] == 90.5
    assert contacts["a"]["queue"] == "care"
    assert contacts["a"]["line"] == 2
    assert contacts["a"]["agent"] == pseudonym_of("lee", KEY)
    assert (contacts["a"]["started_at"].microsecond, contacts["a"]["ended_at"].minute) == (0, 9)
    assert contacts["c"]["talk_s"] is None


def test_one_bad_leg_rejects_its_contact_with_all_its_legs_so_that_they_can_be_sent_together(tmp_path):
    found = told(tmp_path, [*ROWS[:2], ROWS[2].replace("30.5", "soon"), ROWS[3]], rows=2)
    assert [(item.line, item.column, item.problem, item.found) for item in found.rejected] == [
        (2, "", "goes_with_another", ""),
        (4, "talk", "not_a_number", "soon"),
    ]
    assert found.lines == 4 == found.accepted.height + found.joined + 2
    rows = [item.row | {"talk": "30.5"} if item.found else item.row for item in found.rejected]
    sent = tmp_path / "again.csv"
    sent.write_text("\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]))
    [contact] = read(sent, LEGS).accepted.iter_rows(named=True)
    assert (contact["talk_s"], contact["agent"]) == (90.5, pseudonym_of("lee", KEY))


def test_no_name_stands_in_the_rows_that_go_with_a_bad_one(tmp_path):
    found = told(tmp_path, [ROWS[0], ROWS[2].replace("30.5", "-1")])
    assert [item.row["agent"][:10] for item in found.rejected] == ["pseudonym:"] * 2


def test_rows_without_a_key_stand_alone(tmp_path):
    found = told(tmp_path, [row.replace("a,", ",", 1) for row in ROWS[:3]])
    assert [(item.line, item.problem) for item in found.rejected] == [(2, "missing"), (4, "missing")]


def test_a_moment_or_number_nobody_can_read_is_not_passed_over_for_another(tmp_path):
    found = told(tmp_path, [ROWS[0], ROWS[2].replace("2026-11-20T09:00:00Z", "tomorrow")])
    assert [(item.line, item.problem) for item in found.rejected if item.found] == [(3, "not_a_time")]


def test_too_many_rows_that_wait_are_refused_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(joining.joined, "__defaults__", (1,))
    far = [row.replace("a,", f"k{place},", 1) for row in (ROWS[0], ROWS[2]) for place in range(3)]
    with pytest.raises(Refused, match="more than 1 rows wait for further rows of the same record; sort the file"):
        told(tmp_path, far, rows=1)


@settings(max_examples=25)
@given(st.permutations(ROWS), st.integers(1, 5))
def test_any_order_gives_the_same_sums(tmp_path_factory, rows, size):
    found = told(tmp_path_factory.mktemp("legs"), rows, rows=size)
    assert sorted(found.accepted.select("external_id", "talk_s").rows()) == [("a", 90.5), ("b", 5.0), ("c", None)]
    assert found.joined == 2


TITLED = Source(
    key="titled",
    label="Titled",
    stores="kpi.CustomerAnswer",
    constants={"question": "csat", "scale": "likert5"},
    titles=Titles(lambda row: not row["id"], lambda rows: [" ".join(filter(None, names)) for names in zip(*rows, strict=False)]),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("when", "answered_at", cells.utc, required=True),
        Column("how well? phone", "score", cells.score(1, 5), required=True),
    ),
)


def test_names_may_stand_in_two_rows_with_line_breaks_in_them(tmp_path):
    path = tmp_path / "titled.csv"
    path.write_text('id,when,how well?\n,,"phone"\n1,2026-11-20T09:00:00Z,4\n2,2026-11-20T09:00:00Z,6\n')
    found = read(path, TITLED)
    assert found.accepted["line"].to_list() == [3]
    assert found.problems == [(4, "how well? phone", "out_of_range")]
    assert str(found.facts.evidence["header"]) == "2 rows"


def test_rejected_rows_come_back_under_the_joined_names(tmp_path):
    path = tmp_path / "titled.csv"
    path.write_text("id,when,how well? phone,line,problem\n,2026-11-20T09:00:00Z,4,3,x\n7,2026-11-20T09:00:00Z,4,3,x\n")
    found = read(path, TITLED)
    assert (found.accepted["external_id"].to_list(), found.problems) == (["7"], [(2, "id", "missing")])
