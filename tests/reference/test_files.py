"""The files of the centre: the same every time, in the shape of real ones, and with the truths that were written beside them."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from tests.reference import independent
from tests.reference.fixture import *  # noqa: F403
from tests.reference.fixture import make

SCOPES = {"cork": "site", "lisbon": "site", "gdansk": "site", "lark": "team"}


@pytest.fixture(scope="module")
def contacts(reference_files: Path) -> pd.DataFrame:
    return independent.chained(independent.contacts(reference_files))


def scoped(frame: pd.DataFrame, scope: str) -> pd.DataFrame:
    return frame if scope == "all" else frame[frame[SCOPES[scope]] == scope]


def within(frame: pd.DataFrame, truth: dict[str, Any], span: str) -> pd.DataFrame:
    first, last = independent.span_of(truth, span)
    return frame[frame["day"].between(first, last)]


def ripe(frame: pd.DataFrame, truth: dict[str, Any]) -> pd.DataFrame:
    """Closed a week or more before the end."""
    return frame[frame["day"] <= (date.fromisoformat(truth["last_day"]) - timedelta(days=7)).isoformat()]


def test_the_same_seed_writes_the_same_bytes(reference_files: Path, tmp_path: Path) -> None:
    again = make(tmp_path / "again")
    names = sorted(path.name for path in reference_files.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert [name for name in names if (again / name).read_bytes() != (reference_files / name).read_bytes()] == []


def test_another_seed_writes_other_contacts(reference_files: Path, tmp_path: Path) -> None:
    other = make(tmp_path / "other", seed=8)
    name = next(path.name for path in sorted(reference_files.glob("interactions_*.csv")))
    assert (other / name).read_bytes() != (reference_files / name).read_bytes()


def test_truth_counts_the_lines_of_every_file(reference_files: Path, reference_truth: dict[str, Any]) -> None:
    lines = {item["file"]: len(pd.read_csv(reference_files / item["file"], dtype=str)) for item in reference_truth["files"]}
    assert lines == {item["file"]: item["rows"] for item in reference_truth["files"]}
    assert set(lines) == {path.name for path in reference_files.glob("*.csv")}


def test_one_file_is_sent_twice_and_one_again_with_corrections(reference_files: Path, reference_truth: dict[str, Any]) -> None:
    [twice] = reference_files.glob("*_again.csv")
    assert twice.read_bytes() == (reference_files / twice.name.replace("_again", "")).read_bytes()
    [corrected] = reference_files.glob("*_corrected.csv")
    before, after = (pd.read_csv(path, dtype=str) for path in (reference_files / corrected.name.replace("_corrected", ""), corrected))
    [promised] = [item["corrected"] for item in reference_truth["files"] if item["file"] == corrected.name]
    assert promised == (before["wrap_s"].fillna("") != after["wrap_s"].fillna("")).sum() > 0
    assert before.drop(columns="wrap_s").equals(after.drop(columns="wrap_s"))


@pytest.mark.parametrize("span", ["year_ago", "now"])
@pytest.mark.parametrize("scope", ["all", "cork", "lisbon", "gdansk", "lark"])
def test_truth_equals_an_independent_count(
    contacts: pd.DataFrame, reference_files: Path, reference_truth: dict[str, Any], scope: str, span: str
) -> None:
    rows = scoped(within(contacts, reference_truth, span), scope)
    told = reference_truth["counted"][span][scope]
    openers = ripe(rows, reference_truth)
    openers = openers[openers["opener"]]
    satisfied, answered = independent.csat(rows, independent.table(reference_files, "surveys"))
    handled = rows[rows["handled_by"].isin(["human", "hybrid"])]
    assert told["contacts"] == len(rows)
    assert told["fcr"] == {"numerator": int((~openers["returned"]).sum()), "denominator": len(openers)}
    assert told["csat"] == {"k": satisfied, "n": answered}
    asked = independent.survey(rows, independent.table(reference_files, "surveys"), independent.table(reference_files, "invitations"))
    assert {name: told["survey"][name] for name in asked} == asked
    assert sum(item["seconds"] for item in told["aht"].values()) == round(handled["handling"].sum())
    assert sum(item["n"] for item in told["aht"].values()) == len(handled)


def test_false_containment_equals_an_independent_count(
    contacts: pd.DataFrame, reference_files: Path, reference_truth: dict[str, Any]
) -> None:
    answers = independent.table(reference_files, "surveys")
    said_no = set(answers[(answers["question"] == "resolved") & (answers["score"] == "0")]["interaction_id"])
    only = ripe(within(contacts, reference_truth, "now"), reference_truth)
    only = only[only["handled_by"] == "ai"]
    in_vain = only["human_requested_at"].notna() & only["human_reached_at"].isna()
    false = only["returned"] | in_vain | only["external_id"].isin(said_no)
    told = reference_truth["counted"]["now"]["all"]["containment"]
    assert (told["ai_only"], told["false"]) == (len(only), int(false.sum()))
    assert told["false"] / told["ai_only"] == pytest.approx(1 - reference_truth["expected"]["now"]["all"]["ai_integrity"], abs=0.03)


def test_the_handling_of_a_team_and_day_is_that_of_its_contacts(contacts: pd.DataFrame, reference_files: Path) -> None:
    days = independent.table(reference_files, "working_days").astype({"handling_s": int})
    worked = days.groupby(["team", "day"])["handling_s"].sum()
    served = contacts.groupby(["team", "day"])["handling"].sum()
    both = pd.concat([worked.rename("worked"), served.rename("served")], axis=1).fillna(0)
    assert (both["worked"] - both["served"]).abs().max() < 0.01


def test_paid_time_holds_what_it_is_spent_on(reference_files: Path) -> None:
    days = independent.table(reference_files, "working_days")
    names = ["paid_s", "on_queue_s", "handling_s", "waiting_s", "pause_s", "training_s", "sick_s"]
    seconds = days[names].astype(int)
    assert (seconds["on_queue_s"] == seconds["handling_s"] + seconds["waiting_s"]).all()
    assert (seconds["paid_s"] >= seconds[["on_queue_s", "pause_s", "training_s", "sick_s"]].sum(axis=1)).all()
    assert not days.duplicated(["agent_id", "day"]).any()


def test_the_lost_week_has_neither_contacts_nor_working_days(
    contacts: pd.DataFrame, reference_files: Path, reference_truth: dict[str, Any]
) -> None:
    monday = date.fromisoformat(reference_truth["planted"]["gap_week"])
    lost = {(monday + timedelta(days=step)).isoformat() for step in range(7)}
    assert not lost & set(contacts["day"])
    assert not lost & set(independent.table(reference_files, "working_days")["day"])


def test_the_cast_is_there(reference_files: Path, reference_truth: dict[str, Any]) -> None:
    pulse = independent.table(reference_files, "pulse")
    last = pulse[pulse["wave_closed_on"] == pulse["wave_closed_on"].max()]
    respondents = last.groupby("team")["respondent"].nunique()
    assert respondents["wren"] <= 4
    assert respondents["lark"] == 12
    assert respondents.drop("wren").min() >= 10
    assert reference_truth["withheld_teams"] == {"too_small": ["wren"], "no_surveys": ["heron"]}
    assert len(respondents) == 18


def test_nobody_answered_about_heron(contacts: pd.DataFrame, reference_files: Path) -> None:
    asked = set(independent.table(reference_files, "surveys")["interaction_id"])
    heron = contacts[contacts["team"] == "heron"]
    assert len(heron) > 1000
    assert not asked & set(heron["external_id"])


def test_late_answers_are_in_the_files_and_not_in_the_truth(
    contacts: pd.DataFrame, reference_files: Path, reference_truth: dict[str, Any]
) -> None:
    answers = independent.table(reference_files, "surveys")
    closed = answers["interaction_id"].map(contacts.set_index("external_id")["ended_at"])
    late = pd.to_datetime(answers["answered_at"], utc=True) > closed + independent.WEEK
    assert int(late.sum()) == reference_truth["late_answers"] > 0


def test_times_cross_both_changes_of_the_clock(contacts: pd.DataFrame, reference_files: Path) -> None:
    written = independent.table(reference_files, "telephony")["started_at"]
    lisbon = written[independent.table(reference_files, "telephony")["team"] == "stork"]
    assert set(lisbon.str[-6:]) == {"+00:00", "+01:00"}
    days = set(written.str[:10])
    assert {"2025-03-30", "2025-10-26", "2026-03-29"} <= days


def test_sites_do_what_they_were_planned_to_do(reference_truth: dict[str, Any]) -> None:
    change = {
        site: reference_truth["counted"]["now"][site]["time"]["paid"] / reference_truth["counted"]["year_ago"][site]["time"]["paid"]
        for site in ("cork", "lisbon", "gdansk")
    }
    assert change["cork"] == pytest.approx(1.0, abs=0.12)
    assert change["lisbon"] < 0.85
    wellbeing = reference_truth["wellbeing"]
    assert wellbeing["now"]["gdansk"]["occupancy"] > 0.90 > wellbeing["year_ago"]["gdansk"]["occupancy"]
    moved = {
        site: wellbeing["now"][site]["agent_wellbeing_index"] - wellbeing["year_ago"][site]["agent_wellbeing_index"] for site in change
    }
    assert moved["cork"] > 4 > 0 > moved["lisbon"] > moved["gdansk"]
    assert wellbeing["now"]["lisbon"]["headcount"] <= wellbeing["year_ago"]["lisbon"]["headcount"] - 15


def test_counted_capacity_is_near_the_planted_one(reference_truth: dict[str, Any]) -> None:
    """Within three standard errors of a site of this size."""
    for site, told in reference_truth["capacity"].items():
        for name, value in told["planted"].items():
            assert told["counted"][name] == pytest.approx(value, abs=0.10 * told["planted"]["required_base"]), (site, name)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(CommandError, match="not an empty folder"):
        make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--size", "huge", "--size huge is not understood: write small, demo, full, or a number from 5000"),
        ("--size", "12", "or a number from 5000"),
        ("--end", "2026-04-13", "--end 2026-04-13 is a Monday: the centre's weeks end on a Sunday; 2026-04-12 is one."),
        ("--end", "12.04.2026", "write YYYY-MM-DD"),
        ("--seed", "-1", "write a whole number from 0"),
    ],
)
def test_an_option_that_is_not_understood_says_what_would_be_right(tmp_path: Path, option: str, value: str, sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("make_reference_centre", f"{option}={value}", "--out", str(tmp_path / "new"), skip_checks=True)
    assert sentence in str(refused.value)


def test_twice_the_contacts_are_the_same_centre(tmp_path: Path) -> None:
    """Every ratio stays, whatever the size."""
    small, large = (json.loads((make(tmp_path / size, size=size) / "truth.json").read_text()) for size in ("12000", "48000"))
    assert large["contacts"] == pytest.approx(4 * small["contacts"], rel=0.01)
    told = [found["counted"]["now"]["all"]["fcr"] for found in (small, large)]
    shares = [item["numerator"] / item["denominator"] for item in told]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)
