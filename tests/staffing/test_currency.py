"""Money says its currency on every surface: one for the installation, a code of ISO 4217."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from babel.numbers import list_currencies
from django.test import Client

from config.currencies import CURRENCIES
from kpi import words
from kpi.doing.target_forms import metric_choices
from kpi.metric import Unit
from kpi.models import Team
from kpi.plans.targets import Range, distance, range_text
from staffing.costs import books_of
from staffing.metrics import net_saving
from tests import factories
from tests.staffing.test_net_saving_metric import PERIOD, net, place
from tests.web.planted import planted
from tests.web.test_every_surface import centre, client_of  # noqa: F401  a fixture

pytestmark = pytest.mark.usefixtures("franc")


@pytest.fixture
def franc(settings: Any) -> None:
    settings.CURRENCY = "CHF"


def test_the_currencies_are_codes_everybody_knows() -> None:
    assert list_currencies() >= CURRENCIES
    assert {"EUR", "GBP", "CHF", "USD", "PLN", "SEK"} <= CURRENCIES


def test_an_amount_is_told_with_its_currency_and_an_interval_beside_it_is_not() -> None:
    assert words.with_unit(-239_543.4, Unit.MONEY) == "−239\u202f543\u202fCHF"
    assert words.interval(-5.0, 7.0, Unit.MONEY) == "−5 to 7"
    assert words.money(0.854, 2) == "0.85\u202fCHF"
    assert range_text(Range(floor=1000.0), Unit.MONEY) == "at least 1\u202f000\u202fCHF"
    assert distance(-12.0, Unit.MONEY) == "12\u202fCHF"


def test_the_net_saving_is_told_in_it() -> None:
    [(sentence, _strong)] = net(place()).extra["says"]
    assert "−26\u202f250\u202fCHF a year is left" in sentence
    assert net_saving.METRIC.unit is Unit.MONEY


def test_signed_costs_are_told_in_it(db: None) -> None:
    site = factories.SiteFactory()
    for kind, amount in (("loaded_fte", 41_000), ("human_contact", 6.4)):
        factories.CostFactory(site=site, kind=kind, amount=amount, valid_from=date(2026, 1, 1))
    book = books_of([site.pk], PERIOD)[site.pk]
    assert [book.cost(kind).text.split(" from")[0] for kind in ("loaded_fte", "human_contact")] == [  # type: ignore[union-attr]
        "41\u202f000\u202fCHF",
        "6.40\u202fCHF",
    ]


def test_bounds_of_a_target_on_money_are_typed_in_it(db: None) -> None:
    labels = dict(choice for _family, choices in metric_choices() for choice in choices)
    assert labels["net_saving"] == "Net saving a year (CHF)"


def test_the_api_of_a_page_names_it_and_a_browser_asks_anew_once_it_is_another(centre: Team, settings: Any) -> None:  # noqa: F811
    client: Client = client_of("executive")
    with planted():
        answer = client.get("/api/v1/pages/capacity")
        page = client.get("/capacity/")
        assert answer.json()["currency"] == "CHF"
        settings.CURRENCY = "GBP"
        assert client.get("/api/v1/pages/capacity").json()["currency"] == "GBP"
        assert client.get("/capacity/", headers={"If-None-Match": page["ETag"]}).status_code == 200


def test_the_admin_asks_for_costs_and_lists_them_in_it(admin_client: Client) -> None:
    factories.CostFactory(amount=41_000)
    assert "41\u202f000.00\u202fCHF" in admin_client.get("/admin/staffing/cost/").content.decode()
    assert "In CHF, the currency of this installation." in admin_client.get("/admin/staffing/cost/add/").content.decode()
