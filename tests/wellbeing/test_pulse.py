"""A wave is read when it is closed; imported groups keep mean and spread, and one person counts once."""

from datetime import date
from statistics import mean, stdev

import pytest

from tests import factories
from wellbeing.subjects import pulse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CLOSED = date(2026, 3, 20)


def test_one_person_with_three_questionnaires_is_one_respondent() -> None:
    first = factories.WellbeingAnswerFactory(items="4;4;4;4;4")
    same = {"wave": first.wave, "team": first.team, "respondent": first.respondent}
    factories.WellbeingAnswerFactory(**same, instrument="cbi_work", items="1;1;1;1;1;1;5")
    factories.WellbeingAnswerFactory(**same, instrument="hse", items=";".join(["3"] * 35))
    [row] = pulse.read([CLOSED]).rows(named=True)
    assert (row["respondents"], row["who5"], row["cbi_work"], row["hse"]) == (1, 80.0, 0.0, 3.0)
    assert (row["day"], row["team"], row["site"]) == (CLOSED, first.team_id, first.team.site_id)


def test_answers_that_cannot_be_scored_are_no_respondent() -> None:
    factories.WellbeingAnswerFactory(items="4;4;;4;4")
    factories.WellbeingAnswerFactory(items="4;4")
    factories.WellbeingAnswerFactory(instrument="copsoq", items="1;2;3")
    assert pulse.read([CLOSED]).is_empty()


@pytest.mark.parametrize(("score", "n", "sd"), [(61.3, 12, 17.9), (58.0, 13, 20.25), (70.0, 2, 5.0), (44.0, 3, 0.0)])
def test_an_imported_group_keeps_its_mean_size_and_deviation(score, n, sd) -> None:
    factories.WellbeingAnswerFactory(items=None, group_score=score, group_n=n, group_sd=sd)
    values = pulse.read([CLOSED])["who5"].to_list()
    assert len(values) == n
    assert mean(values) == pytest.approx(score, abs=1e-9)
    assert stdev(values) == pytest.approx(sd, abs=1e-9)


def test_imported_groups_are_taken_to_suffer_together_so_that_the_index_is_never_surer_than_it_may_be() -> None:
    first = factories.WellbeingAnswerFactory(items=None, group_score=60.0, group_n=12, group_sd=15.0)
    same = {"wave": first.wave, "team": first.team, "respondent": first.respondent, "items": None}
    factories.WellbeingAnswerFactory(**same, instrument="cbi_work", group_score=40.0, group_n=12, group_sd=15.0)
    rows = pulse.read([CLOSED])
    assert (rows["who5_off"] * rows["cbi_work_off"]).sum() == pytest.approx(-(rows["who5_off"] ** 2).sum())


def test_answers_are_set_against_their_own_team_and_a_lone_one_against_the_site() -> None:
    first = factories.WellbeingAnswerFactory(items="4;4;4;4;4")
    factories.WellbeingAnswerFactory(wave=first.wave, team=first.team, items="3;3;3;3;3")
    lone = factories.WellbeingAnswerFactory(wave=first.wave, team=factories.TeamFactory(site=first.team.site), items="2;2;2;2;2")
    rows = pulse.read([CLOSED])
    off = {(team, score): off for team, score, off in rows.select("team", "who5", "who5_off").iter_rows()}
    assert off[first.team_id, 80.0] == pytest.approx(10 * 2**0.5)  # squares over the team make the sample variance times its two people
    assert off[lone.team_id, 40.0] == pytest.approx(-20.0)
    assert rows["hse_off"].to_list() == [None] * 3


def test_a_group_of_one_is_its_score() -> None:
    factories.WellbeingAnswerFactory(items=None, group_score=50.0, group_n=1, group_sd=None)
    assert pulse.read([CLOSED])["who5"].to_list() == [50.0]


def test_a_group_without_a_deviation_gets_the_widest_the_scale_allows() -> None:
    factories.WellbeingAnswerFactory(items=None, group_score=50.0, group_n=10, group_sd=None)
    values = pulse.read([CLOSED])["who5"].to_list()
    assert sorted(set(values)) == pytest.approx([0.0, 100.0])


def test_a_wave_that_is_still_open_has_no_rows_and_its_day_is_not_ready() -> None:
    today = date(2026, 4, 13)
    factories.WellbeingAnswerFactory(wave=factories.WaveFactory(code="open", closed_on=today))
    assert pulse.read([today]).is_empty()
    assert pulse.days(None) == []
    assert pulse.until(None) == today


def test_contacts_of_later_days_close_a_wave() -> None:
    wave = factories.WaveFactory(code="late", closed_on=date(2026, 4, 20))
    factories.WellbeingAnswerFactory(wave=wave)
    factories.InteractionFactory(day=date(2026, 4, 21))
    assert pulse.read([wave.closed_on]).height == 1


def test_who_answers_only_the_pulse_question_is_no_respondent_of_the_index() -> None:
    first = factories.WellbeingAnswerFactory(instrument="stress1", items="2")
    factories.WellbeingAnswerFactory(wave=first.wave, team=first.team, respondent=first.respondent, instrument="enps", items="9")
    factories.WellbeingAnswerFactory(items="4;4;4;4;4")
    one, two = pulse.read([CLOSED]).sort("stress1", nulls_last=True).rows(named=True)
    assert (one["respondents"], one["stress1"], one["enps"]) == (None, 75.0, 9.0)
    assert (two["respondents"], two["who5"], two["stress1"]) == (1, 80.0, None)
