"""Who came back: the cases of metrics.md D1 by hand, and nothing rewritten that was not fully seen."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from kpi import chains, ledger
from kpi.chains import CONCURRENT, OPENER, REPEAT, UNIDENTIFIED
from kpi.models import DueKey, Interaction
from kpi.recompute.sweep import sweep
from tests import factories
from tests.kpi.world import Contact, World, flags

MARCH = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DAY = 24.0


def frame(*contacts: tuple[int, float, float]) -> pl.DataFrame:
    """(customer, opened, closed) in days after MARCH."""
    rows = [
        {
            "id": n, "customer": customer, "group": 1, "tie": 0,
            "opened": MARCH + timedelta(days=opened), "closed": MARCH + timedelta(days=closed),
        }
        for n, (customer, opened, closed) in enumerate(contacts)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"opened": pl.Datetime("us", "UTC"), "closed": pl.Datetime("us", "UTC")})


def by_id(found: pl.DataFrame) -> list[tuple[int, bool]]:
    return list(found.sort("id").select("role", "returned").iter_rows())


@pytest.mark.parametrize("compute", [chains.flags, sweep])
@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([(1, 0, 0.1)], [(OPENER, False)]),
        ([(1, 0, 0.1), (1, 2, 2.1)], [(OPENER, True), (REPEAT, False)]),
        ([(1, 0, 1), (1, 8, 8.1)], [(OPENER, True), (REPEAT, False)]),  # exactly seven days later: inside
        ([(1, 0, 1), (1, 8.01, 9)], [(OPENER, False), (OPENER, False)]),
        ([(1, 0, 3), (1, 1, 1.5)], [(OPENER, False), (CONCURRENT, False)]),
        ([(1, 0, 3), (1, 1, 1.5), (1, 2, 2.5)], [(OPENER, False), (CONCURRENT, True), (CONCURRENT, False)]),
        ([(1, 0, 1), (1, 1, 2)], [(OPENER, False), (REPEAT, False)]),  # opened as the first closes: neither open nor returned after
        ([(1, 0, 0), (1, 0, 0)], [(OPENER, False), (REPEAT, False)]),  # the same moment: in the order of identity
        ([(1, 0, 20), (1, 1, 1.1), (1, 21, 22)], [(OPENER, True), (CONCURRENT, False), (REPEAT, False)]),  # the long one still counts
        ([(1, 0, 0.1), (2, 1, 1.1)], [(OPENER, False), (OPENER, False)]),
    ],
)
def test_flags_follow_the_definition(compute, contacts, expected) -> None:
    assert by_id(compute(frame(*contacts))) == expected


@pytest.mark.parametrize("compute", [chains.flags, sweep])
def test_the_day_of_the_first_repeat_is_counted_from_closing(compute) -> None:
    """The last hours of a day belong to it; the next contact counts, not the one after; none after seven days."""
    found = compute(frame((1, 0, 0.5), (1, 0.6, 0.7), (1, 3.7, 3.7), (2, 0, 0.25), (2, 7.25, 8), (3, 0, 0.25), (3, 7.3, 8), (4, 0, 0)))
    assert found.sort("id")["repeat_day"].to_list() == [1, 3, None, 7, None, None, None, None]


def test_no_contacts_have_no_flags() -> None:
    assert chains.flags(frame((1, 0, 1)).clear()).height == 0
    assert sweep(frame((1, 0, 1)).clear()).height == 0


@pytest.fixture
def world(db) -> World:
    return World()


def test_unknown_customers_are_unidentified_and_never_returned(world) -> None:
    world.store([Contact("a", None, 0), Contact("b", None, 1)])
    chains.refresh()
    assert flags() == {"a": (UNIDENTIFIED, None), "b": (UNIDENTIFIED, None)}


def test_other_intents_of_one_group_are_the_same_issue(world) -> None:
    factories.IntentFactory(code="invoice", group="money")
    factories.IntentFactory(code="refund", group="money")
    world.store([Contact("a", 1, 0, intent="invoice"), Contact("b", 1, DAY, intent="refund"), Contact("c", 1, 2 * DAY, intent="delivery")])
    chains.refresh()
    assert flags() == {"a": (OPENER, True), "b": (REPEAT, False), "c": (OPENER, False)}


def test_a_missing_intent_is_an_issue_of_its_own(world) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 1, DAY), Contact("c", 1, 2 * DAY)])
    Interaction.objects.exclude(external_id="b").update(intent=None)
    chains.refresh()
    assert flags() == {"a": (OPENER, True), "b": (OPENER, False), "c": (REPEAT, False)}


def test_a_late_contact_changes_its_neighbours_and_only_them(world) -> None:
    world.store([Contact("a", 1, 0), Contact("c", 1, 10 * DAY), Contact("far", 1, 16 * DAY)])
    chains.refresh()
    assert flags() == {"a": (OPENER, False), "c": (OPENER, True), "far": (REPEAT, False)}
    world.store([Contact("b", 1, 5 * DAY)])
    assert chains.refresh() == 3
    assert flags() == {"a": (OPENER, True), "b": (REPEAT, True), "c": (REPEAT, True), "far": (REPEAT, False)}


def test_a_contact_that_began_weeks_ago_and_ends_now_is_seen(world) -> None:
    world.store([Contact("long", 1, 0, minutes=60 * 24 * 30)])
    chains.refresh()
    world.store([Contact("b", 1, 29 * DAY), Contact("c", 1, 32 * DAY)])
    chains.refresh()
    assert flags() == {"long": (OPENER, True), "b": (CONCURRENT, True), "c": (REPEAT, False)}


def test_a_corrected_customer_frees_the_old_chain_and_joins_the_new(world) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 1, DAY), Contact("c", 2, 2 * DAY)])
    chains.refresh()
    world.store([Contact("b", 2, DAY)])
    chains.refresh()
    assert flags() == {"a": (OPENER, False), "b": (OPENER, True), "c": (REPEAT, False)}
    assert not DueKey.objects.exists()


def test_a_corrected_time_far_away_frees_the_old_neighbours_even_without_a_reminder(world) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 1, DAY)])
    chains.refresh()
    world.store([Contact("b", 1, 60 * DAY)])
    DueKey.objects.all().delete()
    chains.refresh()
    assert flags() == {"a": (OPENER, False), "b": (OPENER, False)}


def test_a_removed_contact_frees_its_chain(world) -> None:
    world.store([Contact("a", 1, 0), Contact("b", 1, DAY), Contact("c", 1, 2 * DAY)])
    chains.refresh()
    world.remove(["b", "a"])
    chains.refresh()
    assert flags() == {"c": (OPENER, False)}


def test_contacts_of_one_moment_keep_their_order_whichever_file_came_first(world) -> None:
    world.store([Contact("b", 1, 0, minutes=0)])
    chains.refresh()
    world.store([Contact("a", 1, 0, minutes=0)])
    chains.refresh()
    assert flags() == {"a": (OPENER, False), "b": (REPEAT, False)}


def test_the_days_of_changed_contacts_become_due(world) -> None:
    world.store([Contact("a", 1, 0)])
    chains.refresh()
    for day, version in ledger.due("interaction")["interaction"].items():
        ledger.done("interaction", day, version)
    world.store([Contact("b", 1, DAY)])
    chains.refresh()
    assert sorted(day.day for day in ledger.due("interaction")["interaction"]) == [2, 3]


def test_the_bulk_path_gives_the_same_flags(world, monkeypatch) -> None:
    contacts = [Contact(f"r{n}", n % 5 or None, hours=(n * 37) % 500, minutes=(n * 91) % 3000) for n in range(60)]
    world.store(contacts)
    chains.refresh()
    looked_up = flags()
    Interaction.objects.update(role=None, returned=None)
    monkeypatch.setattr(chains, "MANY", 10)
    monkeypatch.setattr(chains, "PART", 7)
    chains.refresh()
    assert flags() == looked_up
