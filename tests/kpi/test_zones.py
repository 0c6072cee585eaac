"""Time zones are chosen from a list; who writes another word is told the name that was meant."""

from __future__ import annotations

import pytest

from kpi import zones


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Berlin", "Europe/Berlin"), ("Europe/Berln", "Europe/Berlin"), ("MEZ", "Europe/Berlin"), ("Wien", "Europe/Vienna"),
        ("Lisbon", "Europe/Lisbon"), ("europe/lisbon", "Europe/Lisbon"), ("São Paulo", "America/Sao_Paulo"),
        ("New York", "America/New_York"), ("India", "Asia/Kolkata"), ("UTC+2", ""), ("GMT+1", ""), ("Mars/Phobos", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_city_a_country_an_abbreviation_or_a_slip_leads_to_the_zone(written: str, meant: str) -> None:
    """An offset leads nowhere: it knows no clock changes."""
    assert zones.nearest(written) == meant
    assert zones.is_zone(zones.like(written))


def test_those_of_the_sites_come_first_and_each_once() -> None:
    found = zones.offered(["Asia/Manila", "", "Asia/Manila"])
    assert found[:2] == ["Asia/Manila", "UTC"]
    assert len(found) == len(set(found)) > 400
    assert all(map(zones.is_zone, found))


def test_names_of_before_are_understood_and_not_offered() -> None:
    assert zones.is_zone("US/Eastern")
    assert "US/Eastern" not in zones.offered()
