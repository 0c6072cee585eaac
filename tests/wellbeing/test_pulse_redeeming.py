"""One code, one answer: when it is used twice, by two at once, or guessed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection, connections

from kpi.models import Team
from tests import factories
from tests.wellbeing.pulse_help import AFTER, all_answered, codes_of, opened
from wellbeing.models import Pulse, PulseCode, SealedAnswer
from wellbeing.pulse import codes, keys, redeeming


@pytest.mark.django_db
def test_a_code_is_good_once(lark: Team, clock: time_machine.Traveller) -> None:
    [code, *rest] = codes_of(opened({lark: 12}), lark)
    assert redeeming.wave_of(code) is not None
    assert redeeming.redeem(code, all_answered())
    assert not redeeming.redeem(code, all_answered("2"))
    assert redeeming.wave_of(code) is None
    assert (SealedAnswer.objects.count(), PulseCode.objects.count()) == (1, len(rest))


@pytest.mark.django_db
def test_after_the_last_day_no_code_is_good_though_nothing_has_closed_the_wave_yet(lark: Team, clock: time_machine.Traveller) -> None:
    [code, *_] = codes_of(opened({lark: 12}), lark)
    clock.move_to(AFTER)
    assert not redeeming.redeem(code, all_answered())
    assert Pulse.objects.get().state == "open"


@pytest.mark.django_db
def test_a_code_that_was_never_handed_out_is_good_for_nothing(lark: Team, clock: time_machine.Traveller) -> None:
    codes_of(opened({lark: 12}), lark)
    assert not redeeming.redeem(codes.make(codes.PRINTED), all_answered())


@pytest.mark.django_db
def test_without_its_key_a_wave_takes_no_answers(lark: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({lark: 12})
    [code, *_] = codes_of(pulse, lark)
    keys.destroy(pulse.key_name)
    assert not redeeming.redeem(code, all_answered())


@pytest.mark.django_db
def test_who_finds_the_code_a_moment_later_comes_too_late(
    lark: Team, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have found it unused; the other one is through before this one writes."""
    [code, *_] = codes_of(opened({lark: 12}), lark)
    find = redeeming._unused

    def find_and_be_overtaken(pulse: Pulse, key: bytes, text: str) -> PulseCode | None:
        found = find(pulse, key, text)
        monkeypatch.setattr(redeeming, "_unused", find)
        assert redeeming.redeem(code, all_answered("2"))
        return found

    monkeypatch.setattr(redeeming, "_unused", find_and_be_overtaken)
    assert not redeeming.redeem(code, all_answered("4"))
    assert SealedAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_one_code_at_the_same_moment_one_answers() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time, and in memory no second reader meanwhile")
    team = factories.TeamFactory()
    pulse = factories.PulseFactory(key_name=keys.make(), wave__closed_on="2199-12-31")
    factories.AskedFactory(pulse=pulse, team=team)
    handed = codes_of(Pulse.objects.get(), team)[:3]
    start = Barrier(2)

    def use(code: str) -> bool:
        try:
            start.wait(10)
            return redeeming.redeem(code, all_answered())
        finally:
            connections.close_all()

    for code in handed:
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(use, [code, code])) == [False, True]
    assert SealedAnswer.objects.count() == 3
