"""Numbers of records that stand in several columns, and moments that are numbers since 1970: read, suggested, refused, and kept as YAML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kpi import ingest
from kpi.mapping import stored
from kpi.mapping.identity import together_with
from kpi.mapping.profile import profile
from kpi.mapping.spec import Fill, Spec, as_dict, from_dict, from_yaml, records, to_yaml
from kpi.mapping.suggest import propose, propose_unit
from kpi.models import ImportRun, Interaction, RejectedRow, Site
from kpi.source import Refused
from tests.kpi.reading_help import Read, read

HEAD = "Case,Leg,Begin,End,Channel"
SPEC = Spec(
    record="interactions_csv", label="Legs", empty=("-",),
    fills=(
        Fill("external_id", "Case", more=("Leg",)), Fill("started_at", "Begin", unit="epoch_s"), Fill("ended_at", "End", unit="epoch_ms"),
        Fill("channel", "Channel"),
    ),
    constants={"queue": "care"},
)  # fmt: skip
BEGIN, END = "1772442900", "1772442960500"  # 2 March 2026, 09:15:00 and 09:16:00.5


@pytest.fixture
def sent(tmp_path: Path) -> Callable[..., Path]:
    def make(*rows: str, head: str = HEAD, name: str = "legs.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
        return path

    return make


def read_with(path: Path, spec: Spec = SPEC) -> Read:
    return read(path, stored.build("legs", spec))


def test_a_number_of_two_columns_and_moments_of_two_units(sent: Callable[..., Path]) -> None:
    found = read_with(sent(f"4711,1,{BEGIN},{END},voice", f"4711,2,{BEGIN},,voice", f"4711,3,{BEGIN}.25,,voice"))
    rows = found.accepted.sort("external_id").rows(named=True)
    assert [row["external_id"] for row in rows] == ["4711|1", "4711|2", "4711|3"]
    assert (str(rows[0]["started_at"]), str(rows[0]["ended_at"])) == ("2026-03-02 09:15:00+00:00", "2026-03-02 09:16:00.500000+00:00")
    assert (rows[1]["ended_at"], str(rows[2]["started_at"])) == (None, "2026-03-02 09:15:00.250000+00:00")


def test_where_a_part_lacks_or_has_blanks_there_is_no_number(sent: Callable[..., Path]) -> None:
    found = read_with(sent(f"4711,,{BEGIN},,voice", f"-,1,{BEGIN},,voice", f"4711 ,1,{BEGIN},,voice", f"4711,1,{BEGIN},,voice"))
    assert found.problems == [(2, "Case + Leg", "missing"), (3, "Case + Leg", "missing"), (4, "Case + Leg", "blanks_around")]
    assert {row.row["Case"] for row in found.rejected} == {"4711", "-", "4711 "}, "a row is told as the file has it"


def test_two_numbers_never_become_the_same_text(sent: Callable[..., Path]) -> None:
    found = read_with(sent(f"a|b,c,{BEGIN},,voice", f"a,b|c,{BEGIN},,voice", f"a\\,b|c,{BEGIN},,voice", f"a\\|b,c,{BEGIN},,voice"))
    assert found.accepted["external_id"].n_unique() == 4


@pytest.mark.parametrize(
    ("begin", "problem"),
    [
        ("2026-03-02T09:15:00Z", "not_an_epoch"),
        ("1e9", "not_an_epoch"),
        ("soon", "not_an_epoch"),
        ("-", "missing"),
        ("1772442900000", "in_future"),  # milliseconds where the mapping says seconds
        ("17724429", "too_old"),
        ("99999999999999", "in_future"),
        ("-5", "too_old"),
    ],
)
def test_a_moment_that_is_none_is_rejected_with_what_would_be_right(sent: Callable[..., Path], begin: str, problem: str) -> None:
    found = read_with(sent(f"1,1,{begin},,voice"))
    assert found.problems == [(2, "Begin", problem)]
    if problem == "not_an_epoch":
        assert "since 1970" in found.rejected[0].expected


def test_yaml_keeps_both_and_what_cannot_be_is_refused() -> None:
    assert from_yaml(to_yaml("legs", 1, SPEC).encode()) == ("legs", SPEC)
    good = as_dict(SPEC)
    case, begin, end, kind = good["columns"]
    for columns, words in (
        ([{**case, "more": "Leg"}, begin, kind], "list of texts"),
        ([{**case, "more": ["Case"]}, begin, kind], "each of them once"),
        ([{**case, "more": list("abcd")}, begin, kind], "at most 4 columns"),
        ([case, begin, {**kind, "more": ["Leg"]}], "is no number of a record"),
        ([{**case, "more": ["Who"]}, begin, kind, {"field": "agent", "column": "Who"}], "holds people"),
        ([case, {**begin, "unit": "epoch"}, kind], "needs its unit: epoch_s, epoch_ms"),
        ([case, {**begin, "clock": "Leg"}, kind], "no time of day"),
        ([case, begin, end, {**kind, "unit": "epoch_s"}], "has no unit"),
    ):
        with pytest.raises(Refused, match=words):
            from_dict({**good, "columns": columns})


def test_what_repeats_is_proposed_together_with_the_part_that_makes_it_one(sent: Callable[..., Path]) -> None:
    rows = [f"{4711 + number // 2},{1 + number % 2},{1772442900 + number},,voice" for number in range(60)]
    path = sent(*rows)
    found = profile(path, "utf-8", ",")
    proposals = propose(records()["interactions_csv"], found)
    assert {name: item.column for name, item in proposals.items()} == {"external_id": "Case", "started_at": "Begin", "channel": "Channel"}
    assert propose_unit("started_at", found.of("Begin"))[0] == "epoch_s"  # type: ignore[arg-type]
    assert together_with(path, "utf-8", ",", found, "Case") == ("Leg", "Case alone stands in several rows, together with Leg in one")
    assert together_with(path, "utf-8", ",", found, "Begin") == ("", "")
    path = sent(*rows, rows[0], name="twice.csv")
    assert together_with(path, "utf-8", ",", profile(path, "utf-8", ","), "Case") == ("", ""), "nothing makes it one"


def test_thirteen_digits_are_milliseconds_and_ten_a_duration_stay_a_number(sent: Callable[..., Path]) -> None:
    found = profile(sent(*[f"1,1,{BEGIN},{END},voice"] * 3), "utf-8", ",")
    assert (found.of("End").shape, found.of("Begin").shape) == ("epoch_ms", "epoch_s")  # type: ignore[union-attr]
    assert propose_unit("talk_s", found.of("Begin")) == ("", "")  # type: ignore[arg-type]


def test_the_rows_are_stored_and_an_answer_finds_its_contact_by_the_same_columns(db: None, site: Site, sent: Callable[..., Path]) -> None:
    stored.save("legs", SPEC, None)
    run, _existed = ingest.open_run(sent(f"4711,1,{BEGIN},{END},voice", f"4711,2,never,{END},voice"), "legs")
    ingest.store(run.pk)
    assert (Interaction.objects.get().external_id, ImportRun.objects.get(pk=run.pk).rejected) == ("4711|1", 1)
    row = RejectedRow.objects.get()
    assert (row.row["Case"], row.row["Leg"], row.problems[0]["column"]) == ("4711", "2", "Begin")
    answers = Spec(
        record="customer_answers_csv",
        fills=(
            Fill("external_id", "Nr"), Fill("interaction_ref", "Case", more=("Leg",)), Fill("answered_at", "At", unit="epoch_s"),
            Fill("score", "Points"),
        ),
        constants={"question": "csat", "scale": "likert5"},
    )  # fmt: skip
    head = "Nr,Case,Leg,At,Points"
    found = read(sent(f"1,4711,1,{BEGIN},5", head=head, name="answers.csv"), stored.build("answers", answers))
    assert found.accepted["interaction_ref"].to_list() == ["4711|1"]
