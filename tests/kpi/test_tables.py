"""Blocks as arrays: the fast way and the plain way give the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from kpi.metric import Measure, Stratum, Total, Totals, Window
from kpi.metrics._shared import CONTACTS
from kpi.metrics._tables import tables
from kpi.metrics.csat import SATISFIED, UNIT_SCORE
from kpi.models import Rollup
from kpi.packing import pack
from kpi.slots import slot_ids, stratum_ids
from kpi.totals import EVERYTHING, Request, read_totals

VOICE, CHAT = Stratum("voice", "billing", machine_only=False), Stratum("chat", "orders", machine_only=True)
MEASURES = (CONTACTS, SATISFIED, UNIT_SCORE)


def test_strata_of_all_blocks_are_columns_and_what_is_not_there_is_zero() -> None:
    blocks = [Totals({CONTACTS.key: {VOICE: Total(3, 3)}}), Totals({CONTACTS.key: {CHAT: Total(2, 2)}}), Totals()]
    contacts, satisfied, _ = tables(blocks, MEASURES)
    assert contacts.strata == (VOICE, CHAT)
    assert contacts.n.tolist() == [[3, 0], [0, 2], [0, 0]]
    assert satisfied.sum.shape == (3, 0)


@pytest.mark.django_db
def test_stored_rows_read_together_give_the_same_table_as_their_totals() -> None:
    monday = date(2026, 3, 2)
    numbers = stratum_ids([VOICE, CHAT])
    store_week(monday, {(CONTACTS, numbers[VOICE]): (10, 10), (SATISFIED, numbers[VOICE]): (4, 3), (UNIT_SCORE, 0): (4, 3.25)})
    store_week(monday + timedelta(7), {(CONTACTS, numbers[VOICE]): (7, 7), (CONTACTS, numbers[CHAT]): (5, 5)})
    [blocks] = read_totals([Request(EVERYTHING, Window("interaction", monday, monday + timedelta(14), by="week"))])
    together = [totals for _, totals in blocks]
    apart = [Totals({measure.key: dict(totals.parts.get(measure.key) or {}) for measure in MEASURES}) for totals in together]
    for fast, plain in zip(tables(together, MEASURES), tables(apart, MEASURES), strict=True):
        order = [fast.strata.index(stratum) for stratum in plain.strata]
        assert np.array_equal(fast.n[:, order], plain.n)
        assert np.allclose(fast.sum[:, order], plain.sum, atol=1e-12)
    assert tables(together, MEASURES)[2].sum.ravel().tolist() == [3.25, 0]


def store_week(start: date, totals: Mapping[tuple[Measure, int], tuple[int, float]]) -> None:
    keys = {(measure.key, part, stratum) for measure, stratum in totals for part in "ns"}
    slots = slot_ids(sorted(keys))
    values = {}
    for (measure, stratum), (n, total) in totals.items():
        values[slots[measure.key, "n", stratum]] = float(n)
        values[slots[measure.key, "s", stratum]] = round(total * measure.scale)
    Rollup.objects.create(subject="interaction", dimension="all", grain="w", member=0, start=start, data=pack(values))
