"""What is due stays due until exactly the version that was read is done."""

from datetime import date

import polars as pl
import pytest
from django.db import transaction

from kpi import ledger, slots
from kpi.metric import Measure, Stratum
from kpi.models import DueDay, Slot
from tests import factories

pytestmark = pytest.mark.django_db
ONE, TWO = date(2026, 3, 1), date(2026, 3, 2)


def test_a_day_is_due_until_its_version_is_done() -> None:
    ledger.mark_due("interaction", [TWO, ONE, ONE])
    assert ledger.due() == {"interaction": {ONE: 1, TWO: 1}}
    ledger.done("interaction", ONE, 1)
    assert ledger.due("interaction") == {"interaction": {TWO: 1}}
    assert ledger.due("agent_day") == {}


def test_a_day_marked_again_while_it_was_computed_stays_due() -> None:
    ledger.mark_due("interaction", [ONE])
    ledger.mark_due("interaction", [ONE])
    ledger.done("interaction", ONE, 1)
    assert ledger.due("interaction") == {"interaction": {ONE: 2}}


def test_an_older_version_never_takes_back_a_newer_one() -> None:
    ledger.mark_due("interaction", [ONE])
    ledger.mark_due("interaction", [ONE])
    ledger.done("interaction", ONE, 2)
    ledger.done("interaction", ONE, 1)
    assert ledger.due() == {}


def test_only_days_that_stand_are_renewed_and_they_stay_done() -> None:
    ledger.mark_due("interaction", [ONE, TWO])
    ledger.done("interaction", ONE, 1)
    assert ledger.renewed("interaction", [ONE, TWO]) == {ONE}
    assert ledger.due() == {"interaction": {TWO: 1}}
    assert ledger.versions("interaction", [ONE]) == {ONE: 2}


def test_many_days_are_marked_at_once() -> None:
    days = [date.fromordinal(ONE.toordinal() + n) for n in range(700)]
    ledger.mark_due("agent_day", days)
    assert len(ledger.due("agent_day")["agent_day"]) == 700
    ledger.mark_all_due("agent_day")
    assert set(ledger.due("agent_day")["agent_day"].values()) == {2}


def test_the_data_version_changes_with_every_change_of_the_ledger() -> None:
    seen = [ledger.data_version()]
    for change in (
        lambda: ledger.mark_due("interaction", [ONE]),
        lambda: ledger.done("interaction", ONE, 1),
        lambda: ledger.renewed("interaction", [ONE]),
        lambda: ledger.mark_due("pulse", [ONE]),
        lambda: ledger.mark_all_due("pulse"),
    ):
        change()
        seen.append(ledger.data_version())
    assert len(set(seen)) == len(seen)


def test_the_horizon_is_the_day_after_the_last_contact() -> None:
    assert ledger.horizon() is None
    factories.InteractionFactory(day=ONE)
    assert ledger.horizon() == TWO
    assert not DueDay.objects.exists()


def test_a_slot_keeps_its_number() -> None:
    first = slots.slot_ids([("a", "n", 0), ("a", "s", 0)])
    later = slots.slot_ids([("b", "n", 0), ("a", "s", 0)])
    assert later["a", "s", 0] == first["a", "s", 0]
    assert len({*first.values(), *later.values()}) == 3


def test_the_slot_table_names_measure_part_and_stratum() -> None:
    stratum = Stratum("voice", "billing", True)
    [number] = slots.stratum_ids([stratum]).values()
    [slot] = slots.slot_ids([("seen", "n", number)]).values()
    assert slots.slot_table()[slot] == ("seen", "n", stratum)


def test_a_slot_nobody_made_is_not_invented() -> None:
    with pytest.raises(KeyError):
        slots.slot_table()[12345]


def test_more_slots_than_a_packed_row_can_name_are_refused() -> None:
    Slot.objects.create(id=70_000, measure="much", part="n")
    with pytest.raises(slots.TooManySlots, match="65535"):
        slots.slot_ids([("much", "n", 0)])


def test_slots_of_a_peak_are_known() -> None:
    number = slots.slot_ids([("high", "n", 0), ("low", "n", 0)])
    measures = [Measure("high", "x", pl.lit(1), peak=True), Measure("low", "x", pl.lit(1))]
    assert slots.peak_slots(measures) == {number["high", "n", 0]}


@pytest.mark.django_db(transaction=True)
def test_what_a_rolled_back_transaction_made_is_not_remembered() -> None:
    class Undone(Exception):
        pass

    def make_and_fail() -> None:
        with transaction.atomic():
            slots.slot_ids([("gone", "n", 0)])
            raise Undone

    with pytest.raises(Undone):
        make_and_fail()
    [number] = slots.slot_ids([("gone", "n", 0)]).values()
    assert Slot.objects.get(pk=number).measure == "gone"
