"""A world of contacts whose totals can be counted by hand."""

from functools import cache

import pytest

from kpi import registry
from tests.kpi.world import MEASURES, World


@pytest.fixture
def measured(monkeypatch) -> None:
    """These measures and no others, whatever metrics exist."""
    own = {measure.key: measure for measure in MEASURES}
    monkeypatch.setattr(registry, "measures", cache(lambda: own))


@pytest.fixture
def world(db, measured) -> World:
    return World()
