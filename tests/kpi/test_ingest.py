"""Storing a file: every line has a fate, the same file changes nothing, a file is stored whole or not at all."""

import io
from datetime import date
from pathlib import Path

import pytest

from kpi import ingest
from kpi.ingest import staging
from kpi.models import CustomerAnswer, DataSource, DueDay, DueKey, ImportRun, Interaction, RejectedRow, Site, Team
from kpi.source import Fates
from staffing.models import AgentDay, Employment
from tests.kpi.ingest_help import START, contact, due_days, put, write
from wellbeing.models import Wave, WellbeingAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "night.csv"


def test_every_line_has_a_fate(file: Path) -> None:
    rows = [contact("a"), contact("b", talk_s="-1"), contact("c"), contact("c"), contact("d"), contact("d", talk_s="61")]
    outcome = put(file, rows)
    assert outcome.fates == Fates(lines=6, new=2, changed=0, unchanged=0, repeated=1, rejected=3)
    assert set(Interaction.objects.values_list("external_id", flat=True)) == {"a", "c"}
    assert list(RejectedRow.objects.values_list("line", flat=True)) == [3, 6, 7]
    run = ImportRun.objects.get()
    assert (run.state, run.lines, run.new, run.repeated, run.rejected, run.lease_until) == ("done", 6, 2, 1, 3, None)


def test_two_lines_of_one_id_that_differ_name_each_other(file: Path) -> None:
    first, second = put(file, [contact("d"), contact("d", talk_s="61")]).rejected
    assert (first.line, first.problems[0]["problem"], first.row["talk_s"]) == (2, "clash", "60")
    assert "line 3" in first.problems[0]["expected"]
    assert "line 2" in second.problems[0]["expected"]


def test_the_same_file_again_changes_nothing(file: Path) -> None:
    run = put(file, [contact("a"), contact("b")]).run
    outcome = put(file, [contact("a"), contact("b")])
    assert outcome.message == f"same file as run {run}: 0 new, 0 changed, 2 unchanged"
    assert ImportRun.objects.count() == 1


def test_the_same_bytes_merged_again_are_all_unchanged(file: Path) -> None:
    put(file, [contact("a"), contact("b")])
    versions = dict(DueDay.objects.values_list("day", "due"))
    outcome = put(file, [contact("a"), contact("b")], again=True)
    assert outcome.fates == Fates(lines=2, unchanged=2)
    assert dict(DueDay.objects.values_list("day", "due")) == versions
    assert ImportRun.objects.get().facts["earlier"][0]["new"] == 2


def test_a_corrected_row_is_changed_and_both_its_days_and_its_old_customer_are_due(file: Path) -> None:
    put(file, [contact("a"), contact("b")])
    Interaction.objects.update(role=1, returned=False)
    old = Interaction.objects.get(external_id="a").customer
    DueDay.objects.all().delete()
    outcome = put(file, [contact("a", started_at="2026-03-05T09:00:00Z", customer_id="lee"), contact("b")])
    assert outcome.fates == Fates(lines=2, changed=1, unchanged=1)
    assert due_days("interaction") == {date(2026, 3, 2), date(2026, 3, 5)}
    assert list(DueKey.objects.values_list("customer", flat=True)) == [old]
    changed, same = Interaction.objects.order_by("external_id")
    assert (changed.role, changed.returned, changed.run_id, changed.first_run_id == changed.run_id) == (None, None, outcome.run, False)
    assert (same.role, same.returned) == (1, False)


def test_a_preview_counts_the_same_and_leaves_nothing(file: Path) -> None:
    rows = [contact("a"), contact("b", talk_s="-1"), contact("c", team="Wren")]
    outcome = ingest.preview(write(file, rows), "interactions_csv")
    assert outcome.fates == Fates(lines=3, new=2, rejected=1)
    assert outcome.rejected[0].line == 3
    assert not any(model.objects.exists() for model in (ImportRun, DataSource, Site, Team, Interaction, RejectedRow, DueDay))
    assert put(file, rows).fates == outcome.fates


def test_unknown_is_not_zero_and_text_is_kept_to_the_letter(file: Path) -> None:
    put(file, [contact("a", talk_s=""), contact("b", talk_s="0"), contact("007", queue='ti\\.\tN "x"', team="")])
    assert dict(Interaction.objects.values_list("external_id", "talk_s")) == {"a": None, "b": 0.0, "007": 60.0}
    stored = Interaction.objects.select_related("queue").get(external_id="007")
    assert (stored.queue.code, stored.team, stored.intent) == ('ti\\.\tN "x"', None, None)


def test_comments_with_line_ends_and_marks_of_the_copy_format_survive(file: Path) -> None:
    comment = 'one\n\\.\ntwo\t"three" \\N'
    row = {
        "external_id": "x",
        "interaction_id": "a",
        "answered_at": START,
        "question": "csat",
        "scale": "stars5",
        "score": "4",
        "comment": comment,
    }
    outcome = put(file, [row], "customer_answers_csv")
    assert (outcome.fates.new, CustomerAnswer.objects.get().comment) == (1, comment)


def test_the_day_is_the_local_day_of_the_site_on_which_the_contact_closed(file: Path) -> None:
    tokyo = Site.objects.create(code="tokyo", name="Tokyo", zone="Asia/Tokyo")
    Site.objects.create(code="lisbon", name="Lisbon", zone="Europe/Lisbon")
    Team.objects.create(code="Heron", name="Heron", site=tokyo)
    source = DataSource.objects.create(key="night", format="interactions_csv", site=Site.objects.get(code="lisbon"))
    late = {"started_at": "2026-03-28T23:30:00Z", "ended_at": "2026-03-29T00:10:00Z"}
    put(file, [contact("a", team="Heron", **late), contact("b", **late), contact("c", started_at=late["started_at"])], source.key)
    found = {row.external_id: (row.site.code, row.day) for row in Interaction.objects.select_related("site")}
    assert found == {"a": ("tokyo", date(2026, 3, 29)), "b": ("lisbon", date(2026, 3, 29)), "c": ("lisbon", date(2026, 3, 28))}


def test_the_days_of_a_clock_change_have_23_and_25_hours(file: Path) -> None:
    Site.objects.create(code="london", name="London", zone="Europe/London")
    hours = [f"2026-{day}T{hour:02d}:30:00Z" for day in ("03-28", "03-29", "10-24", "10-25") for hour in range(24)]
    put(file, [contact(moment, started_at=moment) for moment in hours])
    assert Interaction.objects.filter(day=date(2026, 3, 29)).count() == 23
    assert Interaction.objects.filter(day=date(2026, 10, 25)).count() == 25


def test_new_teams_are_reported_and_belong_to_the_source_site(file: Path) -> None:
    outcome = put(file, [contact("a", team="Lark"), contact("b", team="Wren")])
    assert sorted(Team.objects.values_list("code", "site__code")) == [("Lark", "main"), ("Wren", "main")]
    assert any("2 new teams" in text and "site main until" in text for text in outcome.facts["new_codes"])


def test_an_answer_makes_the_day_of_its_contact_due_and_nothing_else(file: Path) -> None:
    put(file, [contact("a"), contact("b", started_at="2026-03-09T09:00:00Z")])
    DueDay.objects.all().delete()
    answer = {
        "external_id": "x",
        "interaction_id": "b",
        "answered_at": "2026-03-12T09:00:00Z",
        "question": "csat",
        "scale": "stars5",
        "score": "4",
    }
    put(file, [answer, {**answer, "external_id": "y", "interaction_id": "not here yet"}], "customer_answers_csv")
    assert due_days("interaction") == {date(2026, 3, 9)}


def test_agent_days_spells_and_waves_are_stored_by_their_natural_key(file: Path) -> None:
    put(file, [contact("a", started_at="2026-03-04T09:00:00Z")])
    put(file, [{"day": "2026-03-02", "agent_id": "anna", "team": "Lark", "paid_s": "28800"}], "agent_days_csv")
    put(file, [{"agent_id": "anna", "team": "Lark", "role": "agent", "started_on": "2026-03-01", "ended_on": ""}], "employment_csv")
    row = {"wave": "w1", "wave_closed_on": "2026-03-08", "team": "Lark", "respondent": "r1", "instrument": "who5", "items": "3;3;3;3;3"}
    put(file, [row], "wellbeing_answers_csv")
    assert (AgentDay.objects.count(), Employment.objects.count(), WellbeingAnswer.objects.count()) == (1, 1, 1)
    assert Wave.objects.get().closed_on == date(2026, 3, 8)
    assert (due_days("agent_day"), due_days("pulse")) == ({date(2026, 3, 2)}, {date(2026, 3, 8)})
    assert min(due_days("employment")) == date(2026, 3, 1)
    again = put(file, [{**row, "items": "4;3;3;3;3"}], "wellbeing_answers_csv")
    assert again.fates == Fates(lines=1, changed=1)


def test_a_new_wave_without_its_closing_day_is_refused(file: Path) -> None:
    outcome = put(
        file, [{"wave": "w1", "team": "Lark", "respondent": "r1", "instrument": "who5", "items": "3;3;3;3;3"}], "wellbeing_answers_csv"
    )
    assert (outcome.state, WellbeingAnswer.objects.count(), Team.objects.count()) == ("failed", 0, 0)
    assert "wave_closed_on" in outcome.message


def test_what_people_answered_about_themselves_is_not_kept_when_rejected(file: Path) -> None:
    row = {"wave": "w1", "wave_closed_on": "2026-03-08", "team": "Lark", "respondent": "r1", "instrument": "who5", "items": "99;1"}
    outcome = put(file, [row], "wellbeing_answers_csv")
    assert outcome.fates.rejected == 1
    kept = RejectedRow.objects.get()
    assert (kept.row, kept.problems[0]["found"]) == ({}, "")


def test_rejected_rows_can_be_corrected_and_sent_again(file: Path, tmp_path: Path) -> None:
    put(file, [contact("a"), contact("b", talk_s="-1")])
    text = io.StringIO()
    assert ingest.write_csv(ImportRun.objects.get().pk, text) == 1
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(text.getvalue().replace("-1", "1", 1), encoding="utf-8")
    run, _ = ingest.open_run(corrected, "interactions_csv")
    assert ingest.store(run.pk).fates == Fates(lines=1, new=1)
    assert len(set(Interaction.objects.values_list("customer", flat=True))) == 1


@pytest.mark.skipif("not staging.postgres()", reason="SQLite plans without sizes")
def test_a_table_that_grew_much_is_planned_for_by_its_new_size(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MANY", 3)

    def known() -> float:
        return float(staging.values("SELECT reltuples FROM pg_class WHERE relname = %s", [Interaction._meta.db_table])[0][0])

    put(file, [contact("a"), contact("b")])
    few = known()
    put(file, [contact(f"r{number}") for number in range(40)])
    assert (few in {-1, 0}, known()) == (True, 42)
    put(file, [contact(f"more {number}") for number in range(4)])  # less than a tenth
    assert known() == 42
