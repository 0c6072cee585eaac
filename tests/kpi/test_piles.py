"""Groups that ask for the same window are added up together, and get what each of them would get alone."""

from datetime import date, timedelta

import pytest

from kpi import registry
from kpi.metric import Window
from kpi.models import Rollup
from kpi.packing import pack
from kpi.slots import slot_ids
from kpi.totals import Members, Request, fewest, read_totals

MONDAY = date(2026, 3, 2)
GROUPS = [(1,), (1, 2), (), (3,), (9,)]  # of nobody, and of a team that has no row


@pytest.fixture
def three_teams(db: None) -> None:
    slots = slot_ids([(measure, part, 0) for measure in ("contacts", "agents") for part in ("n", "s")])
    rows = []
    for team in (1, 2, 3):
        for grain, length in (("d", 1), ("w", 7)):
            for first in range(0, 28, length):
                days = [(100 * team + day, 3 + (7 * day + team) % 11) for day in range(first, first + length)]
                contacts, agents = float(sum(day[0] for day in days)), float(max(day[1] for day in days))
                numbers = {slots[key, part, 0]: value for key, value in (("contacts", contacts), ("agents", agents)) for part in "ns"}
                start = MONDAY + timedelta(first)
                row = Rollup(subject="interaction", dimension="team", grain=grain, member=team, start=start, data=pack(numbers))
                rows.append(row)
    Rollup.objects.bulk_create(rows)


@pytest.mark.parametrize("by", ["all", "week", "day"])
@pytest.mark.parametrize(("first", "end"), [(0, 28), (5, 17), (3, 4), (2, 23)])
def test_groups_read_together_get_what_each_gets_alone(three_teams: None, by: str, first: int, end: int) -> None:
    contacts, agents = registry.measures()["contacts"], registry.measures()["agents"]
    window = Window("interaction", MONDAY + timedelta(first), MONDAY + timedelta(end), by=by)
    asked = [Request(Members("team", ids), window) for ids in GROUPS]
    together = read_totals(asked, [contacts, agents], "one")
    for request, blocks in zip(asked, together, strict=True):
        [alone] = read_totals([request], [contacts, agents])
        assert [(day, totals[contacts], totals[agents]) for day, totals in blocks] == [
            (day, totals[contacts], totals[agents]) for day, totals in alone
        ]
        assert fewest(blocks, agents) == min((totals[agents].n for _, totals in alone if totals[agents].n), default=0)
    expected = [sum(100 * team + day for team in ids if team < 4 for day in range(first, end)) for ids in GROUPS]
    assert [sum(totals[contacts].n for _, totals in blocks) for blocks in together] == expected
