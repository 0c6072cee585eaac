"""Totals add up over any partition, do not depend on the order of files, and survive a death at any step."""

from collections import Counter
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kpi import ledger, registry, rollup, steps
from kpi.metric import Measure
from kpi.models import Cell, DueDay, DueKey, Interaction, Rollup, Team
from kpi.recompute.compare import compare
from kpi.rollup import patch
from kpi.rollup.vectors import week_of
from tests import factories
from tests.kpi.world import MEASURES, Contact, World, added, cells, flags, moved

DAY = 24.0
SHORT = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking a failure would take minutes
examples = settings(
    max_examples=12, deadline=None, phases=SHORT, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


contacts = st.builds(
    Contact,
    ref=st.integers(0, 25).map(lambda n: f"r{n}"),
    customer=st.one_of(st.none(), st.integers(1, 3)),
    hours=st.integers(0, 20 * 24).map(float),
    minutes=st.sampled_from([0.0, 5.0, 600.0, 5000.0]),
    intent=st.sampled_from(["billing", "delivery"]),
    team=st.integers(0, 2),
    handled_by=st.sampled_from(["ai", "human", None]),
    agent=st.sampled_from([None, 1, 2]),
)
files = st.lists(st.lists(contacts, max_size=8, unique_by=lambda item: item.ref), min_size=1, max_size=4)


def empty() -> None:
    for model in (Interaction, DueDay, DueKey, Rollup):
        model.objects.all().delete()


def last_state(batches: list[list[Contact]]) -> list[Contact]:
    """What the files say in the end, as one file."""
    return list({contact.ref: contact for batch in batches for contact in batch}.values())


def without_peaks(vector: dict) -> dict:
    return {key: value for key, value in vector.items() if key[0] != "people"}


@examples
@given(batches=files, removed=st.sets(st.integers(0, 25), max_size=5), rolled=st.lists(st.booleans(), min_size=4, max_size=4))
def test_any_split_correction_and_removal_gives_the_totals_of_one_clean_load(world, batches, removed, rolled) -> None:
    gone = {f"r{n}" for n in removed}
    empty()
    for batch, now in zip(batches, rolled, strict=False):
        world.store(batch)
        if now:
            rollup.roll_up_due()
    world.remove(gone)
    rollup.roll_up_due()
    stepwise, their_flags = cells(), flags()
    assert list(compare()) == []
    empty()
    world.store([contact for contact in reversed(last_state(batches)) if contact.ref not in gone])
    rollup.roll_up_due()
    assert (cells(), flags()) == (stepwise, their_flags)


@examples
@given(batch=st.lists(contacts, min_size=1, max_size=25, unique_by=lambda item: item.ref))
def test_any_partition_of_scope_or_time_adds_up_to_the_whole(world, batch) -> None:
    empty()
    world.store(batch)
    rollup.roll_up_due()
    stored = {key[1:]: without_peaks(value) for key, value in cells().items()}
    whole = {key: value for key, value in stored.items() if key[0] == "all"}
    places = {cell.pk: cell for cell in Cell.objects.all()}
    sites = dict(Team.objects.values_list("pk", "site_id"))
    for (_, grain, _, start), vector in whole.items():
        for dimension in ("site", "team", "queue", "channel", "intents", "cell"):
            assert added(part for key, part in stored.items() if (key[0], key[1], key[3]) == (dimension, grain, start)) == vector
        for site in set(sites.values()):
            teams = [part for key, part in stored.items() if (key[0], key[1], key[3]) == ("team", grain, start) and sites[key[2]] == site]
            own = [
                part for key, part in stored.items() if (key[0], key[1], key[3]) == ("cell", grain, start) and places[key[2]].site == site
            ]
            assert added(teams) == added(own) == stored.get(("site", grain, site, start), {})
    for (dimension, grain, member, start), vector in stored.items():
        if grain == "w":
            days = [part for key, part in stored.items() if key[:3] == (dimension, "d", member) and week_of(key[3]) == start]
            assert added(days) == vector
    contacts_in_all = added(value for key, value in whole.items() if key[1] == "d")
    assert sum(value for key, value in contacts_in_all.items() if key[:2] == ("seen", "n")) == len(batch)


def test_a_late_day_in_the_middle_of_the_year_changes_the_days_around_it_and_nothing_else(world) -> None:
    world.store([Contact(f"r{n}", n % 4, hours=n * 11.0) for n in range(80)])
    rollup.roll_up_due()
    before = cells(grain="d")
    world.store([Contact("late", 1, 20 * DAY)])
    rollup.roll_up_due()
    after = cells(grain="d")
    changed = {key[4] for key in {*before, *after} if before.get(key) != after.get(key)}
    late = date(2026, 3, 22)
    assert late in changed
    assert all(abs(day - late) <= timedelta(7) for day in changed)
    assert list(compare()) == []


def test_a_night_patches_the_days_before_it_without_rolling_them_up_again(world) -> None:
    world.store([Contact("a", 1, 0), Contact("x", 9, 1)])
    rollup.roll_up_due()
    world.store([Contact("b", 1, 8 * DAY - 24)])
    assert rollup.roll_up_due() == 1
    [old_day] = [vector for key, vector in cells().items() if key[1:3] == ("all", "d") and key[4] == date(2026, 3, 2)]
    assert old_day["first", "n", None] == 2
    assert old_day["first", "s", None] == 1
    assert list(compare()) == []


def test_a_measure_that_counts_nothing_any_more_leaves_no_trace(world) -> None:
    world.store([Contact("b", 1, DAY)])
    rollup.roll_up_due()
    world.store([Contact("a", 1, 0)])  # b is no opener any more
    rollup.roll_up_due()
    [day] = [vector for key, vector in cells().items() if key[1:3] == ("all", "d") and key[4] == date(2026, 3, 3)]
    assert ("first", "n", None) not in day
    assert day["seen", "n", next(key[2] for key in day if key[0] == "seen")] == 1


def test_too_many_changed_flags_are_left_to_the_ledger(world, monkeypatch) -> None:
    monkeypatch.setattr(patch, "MOST", 0)
    world.store([Contact("a", 1, 0)])
    rollup.roll_up_due()
    world.store([Contact("b", 1, 3 * DAY)])
    assert rollup.roll_up_due() == 2
    assert list(compare()) == []


def test_a_day_that_loses_its_last_contact_vanishes(world) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 2, 10 * DAY)])
    rollup.roll_up_due()
    world.remove(["a"])
    rollup.roll_up_due()
    assert {key[4] for key in cells()} == {date(2026, 3, 12), date(2026, 3, 9)}
    world.remove(["b"])
    rollup.roll_up_due()
    assert cells() == {}
    assert list(compare()) == []


def test_a_week_keeps_the_busiest_day_of_distinct_people(world) -> None:
    world.store(
        [Contact("a", None, 0, agent=1), Contact("b", None, 1, agent=2), Contact("c", None, 2, agent=2), Contact("d", None, DAY, agent=3)]
    )
    rollup.roll_up_due()
    people = {key[2::2]: vector["people", "n", None] for key, vector in cells().items() if key[1] == "all"}
    assert people == {("d", date(2026, 3, 2)): 2, ("d", date(2026, 3, 3)): 1, ("w", date(2026, 3, 2)): 2}


@pytest.mark.parametrize(
    ("first_hour", "hours"),
    [
        pytest.param(26 * 24 + 15, 23, id="clocks go forward"),  # Berlin 2026-03-29 00:00 is 23:00 UTC; START is 08:00 UTC on 2 March
        pytest.param(236 * 24 + 14, 25, id="clocks go back"),  # 2026-10-25 00:00 is 22:00 UTC
    ],
)
def test_a_day_of_23_or_25_hours_holds_exactly_its_contacts(db, measured, first_hour, hours) -> None:
    world = World(zone="Europe/Berlin")
    world.store([Contact(f"h{n}", None, first_hour + n, minutes=0) for n in range(-2, 28)])
    rollup.roll_up_due()
    counts = Counter(Interaction.objects.values_list("day", flat=True))
    turn = date(2026, 3, 29) if hours == 23 else date(2026, 10, 25)
    [vector] = [vector for key, vector in cells().items() if key[1:3] == ("all", "d") and key[4] == turn]
    assert sum(value for key, value in vector.items() if key[:2] == ("seen", "n")) == counts[turn] == hours


class Killed(Exception):
    pass


@pytest.mark.parametrize("name", rollup.STEPS)
def test_a_rollup_killed_at_any_step_is_done_again_in_full(world, monkeypatch, name) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 2, DAY), Contact("c", 1, 9 * DAY)])
    rollup.roll_up_due()
    old = cells()
    world.store([Contact("a", 2, 0), Contact("d", 1, 3 * DAY), Contact("e", None, 9 * DAY)])
    whole = {}

    def die(reached: str) -> None:
        if reached == name:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(steps, "on_step", die)
        with pytest.raises(Killed):
            rollup.roll_up_due()
    if name in ("flags", "due", "read"):
        whole = {key: value for key, value in old.items() if key[4] in ledger.due("interaction").get("interaction", {}) and key[2] == "d"}
        assert whole, "some days must wait"
        assert all(cells()[key] == value for key, value in whole.items())
    rollup.roll_up_due()
    assert ledger.due() == {}
    assert list(compare()) == []


def test_a_day_touched_while_it_is_rolled_up_stays_due(world, monkeypatch) -> None:
    world.store([Contact("a", 1, 0)])

    def import_meanwhile(reached: str) -> None:
        if reached == "read":
            monkeypatch.undo()
            world.store([Contact("b", 2, 1)])

    monkeypatch.setattr(steps, "on_step", import_meanwhile)
    monkeypatch.setattr(registry, "measures", cache(lambda: {measure.key: measure for measure in MEASURES}))
    assert rollup.roll_up_due() == 0
    assert cells() == {}


def test_contacts_that_arrive_between_flags_and_totals_keep_their_day_due(world, monkeypatch) -> None:
    world.store([Contact("a", 1, 0)])

    def import_meanwhile(reached: str) -> None:
        if reached == "flags":
            world.store([Contact("b", 2, 1)])

    with monkeypatch.context() as patched:
        patched.setattr(steps, "on_step", import_meanwhile)
        assert rollup.roll_up_due() == 0
    assert rollup.roll_up_due() == 1
    assert list(compare()) == []


def test_a_new_measure_makes_every_day_due(world, monkeypatch) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 1, 10 * DAY)])
    rollup.roll_up_due()
    more = {measure.key: measure for measure in (*MEASURES, Measure("wait", "interaction", pl.col("agent") > 1))}
    monkeypatch.setattr(registry, "measures", cache(lambda: more))
    assert rollup.roll_up_due() == 2
    assert rollup.roll_up_due() == 0
    assert list(compare()) == []


def test_a_limit_leaves_the_rest_due(world) -> None:
    world.store([Contact(f"r{n}", None, n * DAY) for n in range(5)])
    assert rollup.roll_up_due(limit=2) == 2
    assert len(ledger.due("interaction")["interaction"]) == 3


def test_progress_names_what_is_done_of_all(world) -> None:
    told: list[tuple[int, int]] = []
    world.store([Contact("a", None, 0), Contact("b", None, 9 * DAY)])
    rollup.roll_up_due(lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_an_answer_counts_for_its_contact_if_it_is_valid_and_came_within_a_week(world) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 2, 1)])
    closed = Interaction.objects.get(external_id="a").ended_at
    asked = {"interaction_ref": "a", "question": "csat", "scale": "likert5"}
    factories.CustomerAnswerFactory(**asked, score=2, answered_at=closed + timedelta(days=1))
    factories.CustomerAnswerFactory(**asked, score=4, answered_at=closed + timedelta(days=7))
    factories.CustomerAnswerFactory(**asked, score=9, answered_at=closed + timedelta(days=6))  # not on the scale
    factories.CustomerAnswerFactory(**asked, score=1, answered_at=closed + timedelta(days=7, seconds=1))
    rollup.roll_up_due()
    [day] = [vector for key, vector in cells().items() if key[1:3] == ("all", "d")]
    assert (day["unit", "n", None], day["unit", "s", None]) == (1, 75)


def test_contacts_moved_to_another_team_leave_the_old_one(world) -> None:
    first = Contact("a", 1, 0)
    world.store([first, Contact("b", 1, 1)])
    rollup.roll_up_due()
    world.store([moved(first, team=2)])
    rollup.roll_up_due()
    teams = {key[3] for key in cells() if key[1:3] == ("team", "d")}
    assert teams == {world.teams[0].pk, world.teams[2].pk}
    world.store([Contact("b", 1, 1, team=2)])
    rollup.roll_up_due()
    assert {key[3] for key in cells() if key[1:3] == ("team", "d")} == {world.teams[2].pk}
    assert list(compare()) == []
