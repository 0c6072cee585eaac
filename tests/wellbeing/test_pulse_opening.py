"""Who may be asked and for how long; what is refused is refused with what to do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from kpi.models import Site, Team
from tests import factories
from tests.wellbeing.pulse_help import AFTER, CLOSES, OPENED, codes_of, opened
from wellbeing.models import Asked, Pulse, PulseCode, Wave
from wellbeing.pulse import closing, handing, keys, opening, redeeming, response
from wellbeing.pulse.opening import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(clock: time_machine.Traveller, site: Site) -> Team:
    return factories.TeamFactory(name="Lark", site=site)


@pytest.fixture
def small(site: Site) -> Team:
    return factories.TeamFactory(name="Wren", site=site)


def test_an_open_wave_is_known_to_whoever_asks_for_waves_and_has_a_key_nobody_else_reads(team: Team) -> None:
    pulse = opened({team: 12})
    assert (pulse.wave.code, pulse.wave.opened_on, pulse.wave.closed_on) == ("pulse-2026-04-13", OPENED, CLOSES)
    [path] = [path for path in keys.folder().iterdir() if path.stem == pulse.key_name]
    assert (path.stat().st_mode & 0o077, path.stat().st_size) == (0, 32)


def test_a_team_below_k_is_refused_with_what_to_do(team: Team, small: Team) -> None:
    with pytest.raises(Refused, match=r"^Wren \(Harbour\): fewer than 10 people.*reporting group.*leave these teams out") as refused:
        opened({team: 12, small: 4})
    assert "Lark" not in str(refused.value)
    assert not Wave.objects.exists()
    assert not Pulse.objects.exists()


def test_small_teams_that_are_joined_before_it_closes_are_asked_together(team: Team, small: Team, site: Site) -> None:
    other = factories.TeamFactory(name="Finch", site=site)
    group = factories.ReportingGroupFactory(row=factories.TeamFactory(name="Small birds", site=site), valid_from=CLOSES)
    group.members.set([small, other])
    with pytest.raises(Refused, match=r"^Finch \(Harbour\), Wren \(Harbour\): fewer"):
        opened({small: 4, other: 7}, CLOSES - timedelta(1))
    with pytest.raises(Refused, match="Wren"):
        opened({small: 4, team: 12}, CLOSES)  # alone it is still too small
    pulse = opened({small: 4, other: 7}, CLOSES)
    for member in (small, other):
        for code in codes_of(pulse, member):
            redeeming.redeem(code, {"who5_1": "3"})
    assert set(response.told(pulse).values()) == {90}, "10 to 14 of 11, for both of them as one"


@pytest.mark.parametrize("days", [2, 43, -1])
def test_a_wave_lasts_three_days_to_six_weeks(team: Team, days: int) -> None:
    with pytest.raises(Refused, match="from 3 to 42 days"):
        opened({team: 12}, OPENED + timedelta(days))


def test_a_team_is_in_one_open_wave_and_in_no_two_that_close_on_a_day(team: Team, site: Site) -> None:
    opened({team: 12})
    other = factories.TeamFactory(site=site)
    with pytest.raises(Refused, match="not closed yet: Lark"):
        opened({team: 12}, CLOSES + timedelta(1))
    assert opened({other: 10}).wave.code == "pulse-2026-04-13-2"
    factories.WaveFactory(code="of another tool", closed_on=CLOSES + timedelta(2))
    with pytest.raises(Refused, match="Another survey closes on that day"):
        opened({factories.TeamFactory(site=site): 10}, CLOSES + timedelta(2))


def test_nobody_is_asked_through_the_row_of_a_group_or_a_team_that_ended(team: Team, site: Site) -> None:
    gone = factories.TeamFactory(site=site, active=False)
    with pytest.raises(Refused, match="is not active"):
        opened({gone: 12})
    with pytest.raises(Refused, match="how many people"):
        opened({})
    with pytest.raises(Refused, match="from 1 to 500"):
        opened({team: 5000})


def test_a_wave_may_be_made_longer_before_it_closes_and_never_after(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    with pytest.raises(Refused, match="after the one that was told"):
        opening.extend(pulse, CLOSES)
    with pytest.raises(Refused, match="42 days at most"):
        opening.extend(pulse, OPENED + timedelta(43))
    opening.extend(pulse, CLOSES + timedelta(7))
    pulse.refresh_from_db()
    assert (pulse.wave.closed_on, pulse.planned_until) == (CLOSES + timedelta(7), CLOSES)
    clock.move_to(date(2026, 5, 5))
    for late in (lambda: opening.extend(pulse, date(2026, 5, 20)), lambda: opening.end_now(pulse, "late"), lambda: codes_of(pulse, team)):
        with pytest.raises(Refused, match="closed"):
            late()


def test_a_wave_is_not_extended_into_a_reporting_group(team: Team, small: Team) -> None:
    pulse = opened({team: 12})
    group = factories.ReportingGroupFactory(row=factories.TeamFactory(site=team.site), valid_from=CLOSES + timedelta(7))
    group.members.set([team, small])
    opening.extend(pulse, CLOSES + timedelta(6))
    with pytest.raises(Refused, match="reporting group"):
        opening.extend(pulse, CLOSES + timedelta(8))


def test_ending_a_wave_early_needs_a_reason_and_stops_it_at_once_and_for_ever(team: Team) -> None:
    pulse = opened({team: 12})
    [code, *_] = codes_of(pulse, team)
    with pytest.raises(Refused, match="Say why"):
        opening.end_now(pulse, "  ")
    opening.end_now(pulse, "A fire drill took the day")
    assert not redeeming.redeem(code, {"who5_1": "3"})
    closing.close_due()
    pulse.refresh_from_db()
    assert (pulse.state, pulse.closed_early, pulse.wave.closed_on) == ("closed", "A fire drill took the day", OPENED)
    for again in (lambda: opening.extend(pulse, CLOSES), lambda: opening.end_now(pulse, "again"), lambda: codes_of(pulse, team)):
        with pytest.raises(Refused, match="closed"):
            again()


def test_new_codes_cancel_the_unused_ones_and_never_bring_more_answers_than_people(team: Team) -> None:
    pulse = opened({team: 12})
    first = codes_of(pulse, team)
    assert [redeeming.redeem(code, {"who5_1": "3"}) for code in first[:7]] == [True] * 7
    second = codes_of(pulse, team)
    assert len(second) == 12, "as many as people: fewer would say how many had answered"
    assert [redeeming.redeem(code, {"who5_1": "3"}) for code in first] == [False] * 12
    assert [redeeming.redeem(code, {"who5_1": "3"}) for code in second].count(True) == 5


def test_codes_of_one_team_are_none_of_another(team: Team, site: Site) -> None:
    other = factories.TeamFactory(name="Heron", site=site)
    pulse = opened({team: 12, other: 15})
    handed = {item: codes_of(pulse, item) for item in (team, other)}
    assert (PulseCode.objects.count(), len(set(handed[team] + handed[other]))) == (27, 27)
    redeeming.redeem(handed[other][0], {"who5_1": "3"})
    assert [item.answers.count() for item in Asked.objects.order_by("people")] == [0, 1]


def test_mail_goes_to_each_address_once_and_none_is_kept(team: Team, mailoutbox: list) -> None:
    asked = opened({team: 12}).asked.get()
    addresses = handing.read_addresses("ada@example.org, grace@example.org\nADA@example.org;", asked.people)
    assert handing.send(asked, addresses, "https://pulse.example.org/pulse/") == []
    assert [message.to for message in mailoutbox] == [["ada@example.org"], ["grace@example.org"]]
    links = [line for message in mailoutbox for line in message.body.splitlines() if line.startswith("https://pulse.example.org/pulse/#")]
    assert len(set(links)) == 2
    assert PulseCode.objects.count() == 2
    with pytest.raises(Refused, match="Not an address: ada"):
        handing.read_addresses("ada", 12)
    with pytest.raises(Refused, match="2 addresses for 1 people"):
        handing.read_addresses("a@example.org,b@example.org", 1)


def test_codes_of_mails_that_were_not_taken_are_cancelled(team: Team, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    asked = opened({team: 12}).asked.get()
    assert handing.send(asked, ["ada@example.org"], "https://pulse.example.org/pulse/") == ["ada@example.org"]
    assert not PulseCode.objects.exists()


@pytest.mark.parametrize(
    ("answered", "people", "told"),
    [(9, 12, None), (10, 12, 80), (12, 12, 80), (14, 14, 70), (19, 20, 75), (250, 250, 40), (10, 9, None), (40, 40, 95)],
)
def test_response_is_told_from_k_on_in_steps_of_five_people_and_never_as_everybody(answered: int, people: int, told: int | None) -> None:
    assert response.at_least(answered, people, 10) == told


def test_response_is_looked_at_once_a_day(team: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({team: 12})
    codes = codes_of(pulse, team)
    for code in codes[:11]:
        redeeming.redeem(code, {"who5_1": "3"})
    assert response.look() == 0, "not on the first day"
    clock.shift(timedelta(1))
    assert (response.look(), Asked.objects.get().at_least) == (1, 80)
    redeeming.redeem(codes[11], {"who5_1": "3"})
    assert response.look() == 0
    clock.move_to(AFTER)
    closing.close_due()
    assert Asked.objects.get().at_least == 80
