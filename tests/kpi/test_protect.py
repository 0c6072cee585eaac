"""Wellbeing of a few people is never shown, nor can it be worked out from what stands beside it (metrics.md C2, C3, C5 b)."""

from datetime import date

import pytest

from kpi import registry
from kpi.metric import Estimate, Status
from kpi.models import Rollup, Team
from kpi.packing import pack
from kpi.protect import HIDDEN, Guard, protected, respondents_by_wave
from kpi.scopes import Organisation, Part, Unit, organisation
from kpi.slots import slot_ids
from kpi.totals import EVERYTHING, Members

WAVE = date(2026, 3, 20)
WREN, LARK, HERON, OWL = 1, 2, 3, 4
HARBOUR, NORTH = 10, 20
SITES = {WREN: HARBOUR, LARK: HARBOUR, HERON: HARBOUR, OWL: NORTH}
NAMES = {WREN: "Wren", LARK: "Lark", HERON: "Heron", OWL: "Owl"}
THERE = Organisation(SITES, NAMES, {HARBOUR: "Harbour", NORTH: "North"})
ANSWERS = {WREN: 4, LARK: 12, HERON: 20, OWL: 30}


def guard(answers: dict[int, int] = ANSWERS, there: Organisation = THERE) -> Guard:
    return Guard(there, {WAVE: answers}, 10)


def teams(*ids: int) -> Unit:
    people = Members("team", ids)
    return Unit(people, people, (), frozenset(ids))


def site(key: int, there: Organisation = THERE) -> Unit:
    people = Members("site", (key,))
    return Unit(people, people, (Part(key, people, people),), there.teams_at(key))


COMPANY = Unit(EVERYTHING, EVERYTHING, (), None)


def test_the_small_team_is_hidden_and_the_next_smallest_with_it() -> None:
    assert [guard().protects(teams(key), WAVE) for key in (WREN, LARK, HERON, OWL)] == [True, True, False, False]


def test_sites_and_the_company_of_a_small_team_are_shown() -> None:
    assert not guard().protects(site(HARBOUR), WAVE)
    assert not guard().protects(COMPANY, WAVE)


def test_a_small_site_is_hidden_with_the_next_site_and_all_their_teams() -> None:
    found = guard({WREN: 2, LARK: 3, HERON: 2, OWL: 30})
    assert found.protects(site(HARBOUR), WAVE)
    assert found.protects(site(NORTH), WAVE)
    assert found.protects(teams(OWL), WAVE)
    assert not found.protects(COMPANY, WAVE)


def test_a_company_of_a_few_people_is_hidden_too() -> None:
    assert guard({WREN: 4, LARK: 5}).protects(COMPANY, WAVE)


def test_a_wave_nobody_counted_is_hidden() -> None:
    assert guard().protects(COMPANY, date(2025, 3, 20))


@pytest.mark.parametrize(
    ("scope", "hidden"),
    [
        ((WREN, LARK), False),  # what the site less Heron gives anyway: 16 people
        ((WREN, HERON), True),  # less Heron: the 4
        ((LARK, HERON), True),  # the site less these: the 4
        ((WREN, OWL), True),
        ((LARK, OWL), True),
        ((HERON, OWL), False),
        ((WREN, HERON, OWL), True),  # less Heron and less Owl: the 4
        ((LARK, HERON, OWL), True),
        ((WREN, LARK, HERON), False),
        ((WREN, LARK, HERON, OWL), False),
    ],
)
def test_several_teams_together_are_shown_only_where_no_subtraction_gives_the_few(scope: tuple[int, ...], hidden: bool) -> None:
    assert guard().protects(teams(*scope), WAVE) is hidden


def test_part_of_two_hidden_pairs_is_hidden_where_the_rest_is_small() -> None:
    there = Organisation({1: 10, 2: 10, 3: 20, 4: 20}, {}, {10: "Harbour", 20: "North"})
    found = guard({1: 4, 2: 12, 3: 4, 4: 14}, there)
    assert found.protects(teams(2, 4), WAVE)  # the company less these: 8 people of two teams
    assert not found.protects(teams(1, 2), WAVE)


def test_part_of_the_hidden_sites_is_hidden_where_the_rest_is_small() -> None:
    there = Organisation({1: 10, 2: 20, 3: 30}, {}, {10: "Islet", 20: "Harbour", 30: "North"})
    found = guard({1: 6, 2: 30, 3: 40}, there)
    assert found.protects(teams(2, 3), WAVE)  # the company less these: the 6
    assert not found.protects(teams(1, 2), WAVE)


def test_several_teams_with_fewer_than_k_answers_are_hidden() -> None:
    assert guard({WREN: 4, LARK: 5, HERON: 20, OWL: 30}).protects(teams(WREN, LARK), WAVE)


def test_teams_without_answers_hide_nobody_else() -> None:
    found = guard({LARK: 12, HERON: 20, OWL: 30})
    assert found.protects(teams(WREN), WAVE)
    assert not found.protects(teams(LARK), WAVE)


def shown(**changes: object) -> Estimate:
    made = {"status": Status.OK, "value": 58.0, "n": 12, "parts": {"felt": 56.0}, "extra": {"wave": WAVE, "band": "watch"}, "basis": 1}
    return Estimate(**made | changes)  # type: ignore[arg-type]


def test_what_is_hidden_keeps_nothing_about_the_people() -> None:
    assert protected(shown(n=4), teams(WREN), guard()) == HIDDEN
    assert (HIDDEN.n, HIDDEN.parts, HIDDEN.extra, HIDDEN.basis, HIDDEN.age_days, HIDDEN.low) == (0, {}, {}, None, None, None)


def test_what_a_definition_hid_itself_loses_its_sample_as_well() -> None:
    assert protected(Estimate(Status.SUPPRESSED, n=4, extra={"wave": WAVE}), COMPANY, guard()) == HIDDEN


def test_a_group_that_may_be_shown_is_left_as_it_is() -> None:
    assert protected(shown(n=20), teams(HERON), guard()) == shown(n=20)


def test_a_value_that_does_not_name_its_wave_cannot_be_judged_and_is_hidden() -> None:
    assert protected(shown(extra={}), COMPANY, guard()) == HIDDEN


def test_no_data_stays_no_data() -> None:
    assert protected(Estimate(Status.NO_DATA), teams(WREN), guard()).status is Status.NO_DATA


@pytest.mark.django_db
def test_respondents_are_counted_by_wave_and_team(lark: Team, wren: Team) -> None:
    slots = slot_ids([("respondents", "n", 0), ("respondents", "s", 0)])
    for team, day, count in ((lark, WAVE, 12), (wren, WAVE, 4), (lark, date(2025, 9, 19), 11)):
        data = pack(dict.fromkeys(slots.values(), float(count)))
        Rollup.objects.create(subject="pulse", dimension="team", grain="d", member=team.pk, start=day, data=data)
    found = respondents_by_wave(organisation(), date(2025, 1, 1), date(2026, 4, 1))
    assert {wave: found[wave] for wave in found if isinstance(wave, date)} == {
        WAVE: {lark.pk: 12, wren.pk: 4},
        date(2025, 9, 19): {lark.pk: 11},
    }
    assert found["respondents", WAVE] == {lark.pk: 12, wren.pk: 4}
    assert found["who5", WAVE] == {lark.pk: 0, wren.pk: 0}


def test_nobody_is_counted_where_nothing_measures_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert respondents_by_wave(Organisation({}, {}, {}), WAVE, date(2026, 4, 1)) == {}
    with monkeypatch.context() as patch:
        patch.setattr(registry, "measures", dict)
        assert respondents_by_wave(THERE, WAVE, date(2026, 4, 1)) == {}
