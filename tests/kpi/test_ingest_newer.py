"""The file that came later has the last word, whenever each is stored: run again, sent again, or overtaken by another worker."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi import ingest
from kpi.ingest.order import order_of
from kpi.intake.correcting import send_corrected
from kpi.models import DueDay, ImportRun, Interaction
from tests import factories
from tests.kpi.ingest_help import contact, put, write

pytestmark = pytest.mark.django_db
FAILED, QUEUED = ImportRun.State.FAILED, ImportRun.State.QUEUED


def arrives(path: Path, **talk_s: str) -> ImportRun:
    """A file that waits: {contact: seconds}."""
    return ingest.open_run(write(path, [contact(ref, talk_s=text) for ref, text in talk_s.items()]), "interactions_csv")[0]


def fails(path: Path, **talk_s: str) -> ImportRun:
    run = arrives(path, **talk_s)
    ImportRun.objects.filter(pk=run.pk).update(state=FAILED)
    return run


def again(run: ImportRun) -> ingest.Outcome:
    assert ingest.requeue(run)
    return ingest.store(run.pk)


def stored() -> dict[str, float | None]:
    return dict(Interaction.objects.values_list("external_id", "talk_s"))


def test_a_failed_file_that_is_run_again_changes_nothing_a_later_one_wrote(tmp_path: Path) -> None:
    first = fails(tmp_path / "1.csv", a="10", b="10", c="10")
    put(tmp_path / "2.csv", [contact("a", talk_s="20"), contact("b", talk_s="10")])
    outcome = again(first)
    assert stored() == {"a": 20, "b": 10, "c": 10}
    assert (outcome.fates.new, outcome.fates.changed, outcome.fates.unchanged) == (1, 0, 2)
    assert outcome.facts["overtaken"] == 1
    assert outcome.message.endswith("1 of the unchanged rows stay as a later file has them, which this one is older than.")


def test_what_a_later_file_says_once_more_is_its_word_too(tmp_path: Path) -> None:
    """The middle one comes last, and differs from what both others say."""
    put(tmp_path / "1.csv", [contact("a", talk_s="10")])
    middle = fails(tmp_path / "2.csv", a="20", b="20")
    assert put(tmp_path / "3.csv", [contact("a", talk_s="10"), contact("c")]).fates.unchanged == 1
    again(middle)
    assert stored() == {"a": 10, "b": 20, "c": 60}


def test_of_two_that_are_read_at_once_the_one_that_came_first_may_end_last(tmp_path: Path) -> None:
    older, newer = arrives(tmp_path / "1.csv", a="10"), arrives(tmp_path / "2.csv", a="20", b="20")
    ingest.store(newer.pk)
    assert ingest.store(older.pk).facts["overtaken"] == 1
    assert stored() == {"a": 20, "b": 20}


def test_the_same_bytes_sent_again_are_as_old_as_when_they_failed(tmp_path: Path) -> None:
    failed = fails(tmp_path / "1.csv", a="10")
    put(tmp_path / "2.csv", [contact("a", talk_s="20"), contact("b")])
    sent = arrives(tmp_path / "1.csv", a="10")
    assert (sent.stands_for_id, sent.pk == failed.pk) == (failed.pk, False)
    ingest.store(sent.pk)
    put(tmp_path / "3.csv", [contact("b", talk_s="30")])
    assert stored() == {"a": 20, "b": 30}


def test_corrected_rows_are_as_old_as_the_file_that_had_them(tmp_path: Path) -> None:
    put(tmp_path / "1.csv", [contact("a", talk_s="bad"), contact("b", talk_s="bad")])
    first = ImportRun.objects.get()
    put(tmp_path / "2.csv", [contact("a", talk_s="20")])
    new, _existed = send_corrected(first, {2: {"talk_s": "10"}, 3: {"talk_s": "10"}}, factories.UserFactory())
    assert new.stands_for_id == first.pk
    ingest.store(new.pk)
    assert stored() == {"a": 20, "b": 10}


def downloaded(run: ImportRun, path: Path, **changes: str) -> Path:
    """The rejected rows of a run as a file, with these texts changed, as a steward does it in a spreadsheet."""
    text = io.StringIO()
    ingest.write_csv(run.pk, text)
    content = text.getvalue()
    for before, after in changes.items():
        content = content.replace(before, after)
    path.write_text(content)
    return path


def test_rejected_rows_that_are_corrected_in_their_file_are_as_old_as_the_file_that_had_them(tmp_path: Path) -> None:
    put(tmp_path / "1.csv", [contact("a", talk_s="bad"), contact("b", talk_s="bad")])
    first = ImportRun.objects.get()
    put(tmp_path / "2.csv", [contact("a", talk_s="20")])
    run, existed = ingest.open_run(downloaded(first, tmp_path / "bad.csv", bad="10"), "interactions_csv")
    assert (existed, run.stands_for_id) == (False, first.pk)
    outcome = ingest.store(run.pk)
    assert (stored(), outcome.facts["overtaken"]) == ({"a": 20, "b": 10}, 1)
    put(tmp_path / "3.csv", [contact("b", talk_s="30")])
    assert stored() == {"a": 20, "b": 30}


def test_what_is_wrong_again_says_of_which_run_it_is_and_is_as_old_as_the_first(tmp_path: Path) -> None:
    put(tmp_path / "1.csv", [contact("a", talk_s="bad")])
    first = ImportRun.objects.get()
    put(tmp_path / "2.csv", [contact("a", talk_s="20")])
    still = ingest.open_run(downloaded(first, tmp_path / "bad.csv", bad="worse"), "interactions_csv")[0]
    ingest.store(still.pk)
    last = ingest.open_run(downloaded(still, tmp_path / "worse.csv", worse="10"), "interactions_csv")[0]
    assert last.stands_for_id == first.pk
    ingest.store(last.pk)
    assert stored() == {"a": 20}


def test_of_rows_of_several_runs_none_beats_a_file_that_came_after_the_first(tmp_path: Path) -> None:
    put(tmp_path / "1.csv", [contact("a", talk_s="bad")])
    put(tmp_path / "2.csv", [contact("a", talk_s="20")])
    put(tmp_path / "3.csv", [contact("c", talk_s="bad")])
    first, _second, third = ImportRun.objects.order_by("pk")
    both = (
        downloaded(first, tmp_path / "bad.csv", bad="10").read_text()
        + downloaded(third, tmp_path / "b.csv", bad="10").read_text().partition("\n")[2]
    )
    (tmp_path / "both.csv").write_text(both.replace(",", ";"))  # as a spreadsheet saves it
    run = ingest.open_run(tmp_path / "both.csv", "interactions_csv")[0]
    assert run.stands_for_id == first.pk
    ingest.store(run.pk)
    assert stored() == {"a": 20, "c": 10}


def test_a_run_of_another_source_or_of_nobody_makes_no_file_older(tmp_path: Path) -> None:
    put(tmp_path / "1.csv", [contact("a", talk_s="bad")])
    first = ImportRun.objects.get()
    other = factories.ImportRunFactory(source=factories.DataSourceFactory(key="elsewhere"))
    for number, named in enumerate((str(other.pk), "999999", "9" * 30, "", "-1", "one")):
        path = downloaded(first, tmp_path / f"{number}.csv", bad=f"1{number}")
        path.write_text(path.read_text().replace(f",{first.pk}\n", f",{named}\n"))
        assert ingest.open_run(path, "interactions_csv")[0].stands_for_id is None


def test_a_row_that_somebody_writes_by_hand_is_a_file_like_any_other(tmp_path: Path) -> None:
    """Nothing in it says that it corrects anything: whoever sends it wants it to hold."""
    put(tmp_path / "1.csv", [contact("a", talk_s="bad")])
    put(tmp_path / "2.csv", [contact("a", talk_s="20")])
    put(tmp_path / "by hand.csv", [contact("a", talk_s="10")])
    assert stored() == {"a": 10}


def test_a_file_that_was_taken_back_and_is_sent_again_is_a_new_one(tmp_path: Path) -> None:
    put(tmp_path / "0.csv", [contact("a", talk_s="5")])
    put(tmp_path / "1.csv", [contact("a", talk_s="10")])
    first = ImportRun.objects.latest("pk")
    put(tmp_path / "2.csv", [contact("a", talk_s="20")])
    ingest.take_back(first)
    put(tmp_path / "1.csv", [contact("a", talk_s="10")])
    assert stored() == {"a": 10}


def test_a_done_file_that_is_read_again_leaves_what_later_ones_wrote(tmp_path: Path) -> None:
    put(tmp_path / "1.csv", [contact("a", talk_s="10"), contact("b")])
    put(tmp_path / "2.csv", [contact("a", talk_s="20")])
    run, existed = ingest.open_run(tmp_path / "1.csv", "interactions_csv", again=True)
    assert (existed, ingest.store(run.pk).state, stored()) == (False, "done", {"a": 20, "b": 60})


def test_where_no_older_file_is_open_nothing_is_written_to_rows_that_stay(tmp_path: Path) -> None:
    put(tmp_path / "1.csv", [contact("a")])
    put(tmp_path / "2.csv", [contact("a"), contact("b")])
    assert Interaction.objects.get(external_id="a").run_id == ImportRun.objects.earliest("pk").pk
    assert (order_of(ImportRun.objects.latest("pk")).later, order_of(ImportRun.objects.latest("pk")).before_open) == ("", "")


def test_a_row_whose_flags_are_being_computed_while_it_is_said_again_is_due(tmp_path: Path) -> None:
    """Whoever computes them skips a row that carries another run by then."""
    put(tmp_path / "1.csv", [contact("a")])
    fails(tmp_path / "2.csv", a="20")
    DueDay.objects.update(done=1, due=1)
    put(tmp_path / "3.csv", [contact("a"), contact("b", started_at="2026-03-05T09:00:00Z")])
    assert {str(row.day): row.due > row.done for row in DueDay.objects.all()} == {"2026-03-02": True, "2026-03-05": True}


FILES = st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), min_size=1), min_size=2, max_size=5)
FATE = st.tuples(st.sampled_from(("in time", "waits", "fails", "sent again")), st.integers(0, 5))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=FILES, fates=st.lists(FATE, min_size=5, max_size=5))
def test_however_late_each_file_is_stored_every_row_is_as_the_last_that_came_has_it(
    files: list[dict[str, int]], fates: list[tuple[str, int]], tmp_path: Path
) -> None:
    """Each waits, or fails and is run or sent again, until some later ones have come."""
    for model in (Interaction, ImportRun, DueDay):
        model.objects.all().delete()
    late: list[tuple[int, int, str, ImportRun]] = []
    for number, (file, (fate, wait)) in enumerate(zip(files, fates, strict=False)):
        rows = {**{ref: str(talk_s) for ref, talk_s in file.items()}, f"only {number}": "1"}  # no two files have the same bytes
        run = (arrives if fate in ("in time", "waits") else fails)(tmp_path / f"{number}.csv", **rows)
        late.append((number + (0 if fate == "in time" else wait), number, fate, run))
        for item in sorted(late):
            if item[0] == number:
                _store_late(item[2], item[3])
    for item in sorted(late):
        if item[0] >= len(files):
            _store_late(item[2], item[3])
    last = {ref: float(talk_s) for file in files for ref, talk_s in file.items()}
    assert {ref: talk_s for ref, talk_s in stored().items() if "only" not in ref} == last
    for run in ImportRun.objects.filter(state="done"):
        assert run.lines == run.new + run.changed + run.unchanged + run.repeated + run.rejected


def _store_late(fate: str, run: ImportRun) -> None:
    if fate == "fails":
        assert ingest.requeue(run)
    elif fate == "sent again":
        run, existed = ingest.open_run(Path(run.path), "interactions_csv")
        assert not existed
    assert ingest.store(run.pk).state == "done"
