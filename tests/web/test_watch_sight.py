"""What rules look at is what a page shows: the four and the savings beside them, to the last digit, whether shown or withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kpi import registry, watch
from kpi.alert import Said
from kpi.metric import Family
from kpi.models import Team
from kpi.panel import build_panel, data_as_of
from kpi.result import Change, Result
from kpi.sheet import build_sheet
from kpi.sight import build_beside, build_four
from tests.web.planted import FAULTS, Fault, planted
from tests.web.test_every_surface import centre  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
WORDS = {"label", "text", "unit_text", "interval_text", "margin_text", "sample_text", "why", "unlock", "scope", "extra"}


def figures(result: Result) -> dict[str, Any]:
    """All of a result but its words."""
    return {name: found for name, found in vars(result).items() if name not in WORDS}


def moved(change: Change) -> tuple[Any, ...]:
    return change.value, change.low, change.high, change.distinguishable, change.direction


@pytest.mark.parametrize("fault", [None, *FAULTS[::4]], ids=lambda fault: f"{fault.metric} {fault.name}" if fault else "whole")
def test_the_four_are_those_of_the_panel_and_savings_those_of_their_page(fault: Fault | None, centre: Team) -> None:  # noqa: F811
    with planted(*([fault] if fault else [])):
        as_of = data_as_of()
        assert as_of is not None
        for unit in (("all", 0), ("site", centre.site_id), ("team", centre.pk)):
            query = watch.query_of(unit, as_of)
            four, panel = build_four(watch.EVERYBODY, query), build_panel(watch.EVERYBODY, query)
            assert four.query == panel.query
            assert [figures(column.result) for column in four.columns] == [figures(column.result) for column in panel.columns]
            assert [moved(column.change) for column in four.columns] == [moved(column.change) for column in panel.columns]
            alone = replace(query, comparison=None, comparison_key="none")
            page = build_sheet(watch.EVERYBODY, alone, "capacity")
            savings = {
                column.result.metric: figures(column.result)
                for section in page.sections
                for column in section.columns
                if column.result.family is Family.SAVINGS
            }
            assert savings
            assert {key: figures(result) for key, result in build_beside(watch.EVERYBODY, alone, list(savings)).items()} == savings


def test_every_rule_judges_what_is_looked_at(centre: Team) -> None:  # noqa: F811
    """A trend, teams or annotations of a panel are not there for a rule: one that asked for them would fail."""
    rules = list(registry.rules().values())
    with planted():
        as_of = data_as_of()
        assert as_of is not None
        sight = watch.look(watch.EVERYBODY, watch.query_of(("all", 0), as_of), rules)
    assert sight is not None
    assert {rule.judge(sight) for rule in rules} <= set(Said)
