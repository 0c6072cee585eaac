"""A wave closes by itself; its answers come through the ordinary import exactly once, wherever a night dies on the way."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine

from kpi import ingest, ledger, rollup, steps
from kpi.metric import Period
from kpi.models import ImportRun, Team
from kpi.panel import build_panel
from kpi.recompute.compare import compare
from kpi.result import Query, Viewer
from kpi.sheet import build_figures
from tests import factories
from tests.wellbeing.pulse_help import AFTER, CLOSES, OPENED, answer, codes_of, opened
from wellbeing import tasks
from wellbeing.models import Parcel, Pulse, PulseCode, SealedAnswer, WellbeingAnswer
from wellbeing.pulse import closing, keys, opening, redeeming

pytestmark = pytest.mark.django_db
PERIOD = Period(date(2026, 4, 13), date(2026, 5, 4))


class Killed(BaseException):
    """As if the process ended there."""


@pytest.fixture
def team(clock: time_machine.Traveller, lark: Team) -> Team:
    return lark


def stored() -> Counter[tuple[str, str, str, str | None]]:
    rows = WellbeingAnswer.objects.select_related("wave", "team")
    return Counter((row.wave.code, row.team.code, row.instrument, row.items) for row in rows)


def expected(team: Team, values: dict[str, int]) -> Counter[tuple[str, str, str, str | None]]:
    """{value given to all questions: by how many}"""
    sizes = {"who5": 5, "cbi_work": 7, "stress1": 1, "autonomy2": 2}
    return Counter(
        {("pulse-2026-04-13", team.code, key, ";".join([value] * size)): n for value, n in values.items() for key, size in sizes.items()}
    )


def runs() -> list[ImportRun]:
    return list(ImportRun.objects.filter(source__key="pulse"))


def night(clock: time_machine.Traveller) -> None:
    clock.move_to(AFTER)
    tasks.pulse()


def working_days(team: Team) -> None:
    """Three weeks of work, so that the index has its conditions too, and the day after, so that they are over."""
    for week in range(4):
        day = OPENED + timedelta(weeks=week)
        for agent in range(12):
            factories.AgentDayFactory(
                team=team, agent=100 + agent, day=day, after_hours_s=600.0, high_emotion_runs=0, recovery_pause_s=900.0
            )
            factories.InteractionFactory(team=team, site=team.site, day=day, agent=100 + agent)
        ledger.mark_due("agent_day", [day])
        ledger.mark_due("interaction", [day])
    ledger.mark_due("employment", [PERIOD.start + timedelta(day) for day in range(PERIOD.days)])


def test_from_opening_to_the_index(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    answer(codes_of(pulse, team), "4")
    working_days(team)
    tasks.pulse()
    assert not WellbeingAnswer.objects.exists(), "before the last day is over nothing moves"
    clock.move_to(date(2026, 5, 5))
    tasks.pulse()
    [run] = runs()
    assert (run.source.key, run.state, run.lines, run.new, run.rejected) == ("pulse", "done", 48, 48, 0)
    assert stored() == expected(team, {"4": 12})
    rollup.roll_up_due()
    assert list(compare()) == []
    panel = build_panel(Viewer("executive"), Query(PERIOD))
    index = panel.columns[1].result
    assert (index.metric, index.text, index.parts["wellbeing"], index.parts["exhaustion"]) == ("agent_wellbeing_index", "62", 80, 32)
    assert index.sample_text.startswith("10–14 people")
    figures = build_figures(Viewer("executive"), Query(PERIOD), ("who5", "cbi_work", "autonomy_pulse", "single_item_stress"))
    # CBI: six items at 75, the last one turned round at 25
    assert {key: round(found.value) for key, found in figures.items()} == {
        "who5": 80, "cbi_work": round(475 / 7), "autonomy_pulse": 75, "single_item_stress": 25,
    }  # fmt: skip


def test_nothing_of_the_survey_is_left_when_it_is_closed(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    answer(codes_of(pulse, team)[:11])
    night(clock)
    pulse.refresh_from_db()
    assert (pulse.state, pulse.outcome) == ("closed", "enough")
    assert not any(model.objects.exists() for model in (Parcel, PulseCode, SealedAnswer))
    assert keys.read(pulse.key_name) is None
    assert not [path for path in ingest.inbox.inbox().rglob("*") if path.is_file()]


def test_who_answered_few_questions_counts_for_those_and_who_answered_none_is_nobody(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    one, two, *_ = codes_of(pulse, team)
    redeeming.redeem(one, {"who5_1": "3", "stress1_1": "2"})
    redeeming.redeem(two, {"autonomy2_2": "5"})
    night(clock)
    rows = sorted((row.instrument, row.items) for row in WellbeingAnswer.objects.all())
    assert rows == [("autonomy2", ";5"), ("stress1", "2"), ("who5", "3;;;;")]
    assert len({row.respondent for row in WellbeingAnswer.objects.all()}) == 2


def test_a_wave_nobody_answered_says_so_and_imports_nothing(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    codes_of(pulse, team)
    night(clock)
    pulse.refresh_from_db()
    assert (pulse.state, pulse.outcome, pulse.run) == ("closed", "nobody", None)
    assert runs() == []


def test_a_wave_with_too_few_answers_says_so_and_shows_nothing(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    answer(codes_of(pulse, team)[:9])
    working_days(team)
    clock.move_to(date(2026, 5, 5))
    tasks.pulse()
    rollup.roll_up_due()
    pulse.refresh_from_db()
    assert (pulse.state, pulse.outcome, pulse.asked.get().at_least) == ("closed", "few", None)
    index = build_panel(Viewer("executive"), Query(PERIOD)).columns[1].result
    assert (index.shown, str(index.status), index.n) == (False, "suppressed", None) or (index.shown, str(index.status)) == (
        False,
        "suppressed",
    )
    figures = build_figures(Viewer("executive"), Query(PERIOD), ("who5", "autonomy_pulse"))
    assert [found.shown for found in figures.values()] == [False, False]


def test_the_tasks_of_a_closed_wave_do_nothing_again(team: Team, clock: time_machine.Traveller) -> None:
    answer(codes_of(opened({team: 12}), team))
    night(clock)
    before = stored()
    tasks.pulse()
    clock.shift(timedelta(days=1))
    tasks.pulse()
    assert (stored(), len(runs())) == (before, 1)


# Steps of the import of which this path passes each; the last one of the list belongs to the job that rings for the roll-up.
IMPORT_STEPS = [name for name in ingest.STEPS if name != "import published"]


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Dies at the named step, once."""
    at: list[str] = []

    def die(name: str) -> None:
        if name in at:
            at.remove(name)
            raise Killed(name)

    monkeypatch.setattr(steps, "on_step", die)
    return at


@pytest.mark.parametrize("name", [*closing.STEPS, *IMPORT_STEPS])
def test_a_night_that_dies_at_any_step_is_resumed_without_losing_or_doubling_an_answer(
    name: str, team: Team, clock: time_machine.Traveller, dying: list[str]
) -> None:
    pulse = opened({team: 12})
    handed = codes_of(pulse, team)
    answer(handed[:7], "4")
    answer(handed[7:], "2")
    dying.append(name)
    with pytest.raises(Killed):
        night(clock)
    assert not redeeming.redeem(handed[0], {"who5_1": "3"})
    clock.shift(timedelta(minutes=1))  # the lease of the dead one runs out
    tasks.pulse()
    tasks.pulse()
    pulse.refresh_from_db()
    assert (pulse.state, stored()) == ("closed", expected(team, {"4": 7, "2": 5}))
    assert [run.state for run in runs()] == ["done"]
    assert keys.read(pulse.key_name) is None


def test_a_night_that_dies_while_it_freezes_has_changed_nothing(team: Team, clock: time_machine.Traveller, monkeypatch) -> None:
    pulse = opened({team: 12})
    answer(codes_of(pulse, team)[:11])
    with monkeypatch.context() as patch:
        patch.setattr(closing, "_outcome", lambda answered: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            night(clock)
    assert (SealedAnswer.objects.count(), PulseCode.objects.count(), Parcel.objects.count()) == (11, 1, 0)
    tasks.pulse()
    assert sum(stored().values()) == 44


def test_an_import_that_fails_keeps_the_parcel_and_is_tried_again_a_day_later(
    team: Team, clock: time_machine.Traveller, monkeypatch
) -> None:
    pulse = opened({team: 12})
    answer(codes_of(pulse, team))

    def broken(name: str) -> None:
        if name == "import staged":
            raise ValueError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(steps, "on_step", broken)
        night(clock)
        tasks.pulse()
    assert [run.state for run in runs()] == ["failed"], "and not one each minute"
    pulse.refresh_from_db()
    assert (pulse.state, Parcel.objects.count()) == ("closing", 1)
    clock.shift(timedelta(days=1))
    tasks.pulse()
    pulse.refresh_from_db()
    assert (pulse.state, stored()) == ("closed", expected(team, {"4": 12}))


def test_a_wave_whose_key_is_lost_stays_and_does_not_stop_the_others(team: Team, heron: Team, clock: time_machine.Traveller) -> None:
    lost, other = opened({team: 12}), opened({heron: 15})
    answer(codes_of(other, heron))
    keys.destroy(lost.key_name)
    night(clock)
    assert {pulse.pk: pulse.state for pulse in Pulse.objects.all()} == {lost.pk: "closing", other.pk: "closed"}


def test_an_answer_somebody_changed_in_the_database_is_none(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    answer(codes_of(pulse, team))
    SealedAnswer.objects.filter(pk=SealedAnswer.objects.first().pk).update(sealed=bytes(47))
    night(clock)
    assert stored() == expected(team, {"4": 11})


def test_a_wave_ended_early_is_shown_when_its_day_is_over(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    answer(codes_of(pulse, team))
    clock.move_to(date(2026, 4, 20))
    opening.end_now(pulse, "everybody has answered")
    tasks.pulse()
    assert stored() == expected(team, {"4": 12})
    rollup.roll_up_due()
    assert set(ledger.due("pulse")["pulse"]) == {date(2026, 4, 20)}
    clock.move_to(date(2026, 4, 21))
    rollup.roll_up_due()
    assert ledger.due("pulse") == {}
    assert CLOSES not in ledger.known_days("pulse")
