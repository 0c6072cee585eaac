"""Stable places in the packed vector: a slot is (measure, part, stratum). Made when first needed, never renumbered.

Every process keeps what it has seen, but nothing that an open transaction could still undo; two processes that need the
same new slot both end up with the one that was stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from django.db import connection

from kpi.metric import Measure, Stratum
from kpi.models import Cell, Slice, Slot, StratumRow

COUNT, SUM, SQUARES = "n", "s", "q"
LAST = 2**16 - 1
SlotKey = tuple[str, str, int]  # measure, part, stratum id (0 = not stratified)
SlotTable = dict[int, tuple[str, str, Stratum | None]]
CellKey = tuple[int, int, int, int]  # site, team, queue, channel; 0 = none
SliceKey = tuple[str, int, str]  # dimension, site, value
Key = TypeVar("Key")


class TooManySlots(Exception):
    """There are more measures times strata than a packed row can hold."""


class Numbers(Generic[Key]):
    """A table that gives each key a number."""

    def __init__(self, read: Callable[[], dict[Key, int]], create: Callable[[Sequence[Key]], object]) -> None:
        self.read, self.create = read, create
        self.known: dict[Key, int] = {}

    def of(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The number of each key; new ones are made."""
        wanted, known = set(keys), self.known
        if not wanted <= known.keys():
            known = self.read()
            if missing := wanted - known.keys():
                self.create(sorted(missing, key=str))
                known = self.read()
            if not connection.in_atomic_block:
                self.known = known
        return {key: known[key] for key in wanted}


def _read_slots() -> dict[SlotKey, int]:
    return {(measure, part, stratum): key for key, measure, part, stratum in Slot.objects.values_list("id", "measure", "part", "stratum")}


def _create_slots(keys: Sequence[SlotKey]) -> None:
    Slot.objects.bulk_create([Slot(measure=measure, part=part, stratum=stratum) for measure, part, stratum in keys], ignore_conflicts=True)


def _read_strata() -> dict[Stratum, int]:
    rows = StratumRow.objects.values_list("id", "channel", "intent_group", "machine_only")
    return {Stratum(channel, group, machine): key for key, channel, group, machine in rows}


def _create_strata(strata: Sequence[Stratum]) -> None:
    rows = [StratumRow(channel=item.channel, intent_group=item.intent_group, machine_only=item.machine_only) for item in strata]
    StratumRow.objects.bulk_create(rows, ignore_conflicts=True)


def _read_cells() -> dict[CellKey, int]:
    return {(a, b, c, d): key for key, a, b, c, d in Cell.objects.values_list("id", "site", "team", "queue", "channel")}


def _create_cells(cells: Sequence[CellKey]) -> None:
    rows = [Cell(site=site, team=team, queue=queue, channel=channel) for site, team, queue, channel in cells]
    Cell.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def _read_slices() -> dict[SliceKey, int]:
    return {(dimension, site, value): key for key, dimension, site, value in Slice.objects.values_list("id", "dimension", "site", "value")}


def _create_slices(keys: Sequence[SliceKey]) -> None:
    Slice.objects.bulk_create([Slice(dimension=name, site=site, value=value) for name, site, value in keys], ignore_conflicts=True)


_slots = Numbers(_read_slots, _create_slots)
_strata = Numbers(_read_strata, _create_strata)
_cells = Numbers(_read_cells, _create_cells)
_slices = Numbers(_read_slices, _create_slices)
stratum_ids = _strata.of
slice_ids = _slices.of
cell_ids = _cells.of


def slot_ids(keys: Iterable[SlotKey]) -> dict[SlotKey, int]:
    """The slot of each key; new ones are made."""
    found = _slots.of(keys)
    if found and max(found.values()) > LAST:
        raise TooManySlots(
            f"slot {max(found.values())} is asked for and {LAST} is the last that fits a packed row: "
            "join intent groups, or drop measures that are not used."
        )
    return found


def parts_of(measure: Measure) -> tuple[str, ...]:
    return (COUNT, SUM, SQUARES) if measure.squares else (COUNT, SUM)


class _Table(SlotTable):
    """Reads the slots again when it meets one it does not know."""

    def __missing__(self, slot: int) -> tuple[str, str, Stratum | None]:
        self.update(read_table())
        if slot not in self:
            raise KeyError(slot)
        return self[slot]


_table = _Table()


def read_table() -> SlotTable:
    """All slots there are now. Strata are read after them, for a slot is made after its stratum: another process may be at it."""
    slots = _read_slots()
    names = {key: stratum for stratum, key in _read_strata().items()}
    return {key: (measure, part, names.get(stratum)) for (measure, part, stratum), key in slots.items()}


def slot_table() -> SlotTable:
    """{slot: (measure key, part, stratum or None)}; a slot it does not know yet is looked up."""
    return _Table() if connection.in_atomic_block else _table


def peak_slots(measures: Iterable[Measure]) -> frozenset[int]:
    """Slots whose highest day counts instead of their sum."""
    peaks = {measure.key for measure in measures if measure.peak}
    return frozenset(key for (measure, _, _), key in _read_slots().items() if measure in peaks) if peaks else frozenset()


def forget() -> None:
    """For tests: another database is behind us."""
    _table.clear()
    for numbers in (_slots, _strata, _cells, _slices):
        numbers.known = {}
