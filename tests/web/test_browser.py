"""The page in a real browser: it draws, it can be used by keyboard and by everybody, and nothing leaves this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import BrowserContext, Page

from kpi import panel as door
from kpi import sheet
from kpi.models import Membership, Team
from kpi.result import Panel, Query, Viewer
from tests import factories
from tests.web.sample_panel import AS_OF, sample_panel, withheld_panel

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),  # pytest-base-url, not ours
]
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
BOXES = """() => [...document.querySelectorAll(".kpi")].map((box) => {
  const place = box.getBoundingClientRect();
  const [value, name] = [".value", "h2"].map((part) => getComputedStyle(box.querySelector(part)));
  return [place.width.toFixed(1), place.height.toFixed(1), value.fontSize, value.fontWeight, name.fontSize].join(" ");
})"""


@pytest.fixture(autouse=True)
def plain_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashed names are for production: a live server of tests serves the files as they are."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    monkeypatch.setattr(settings, "STORAGES", settings.STORAGES | plain)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    return show(monkeypatch, sample_panel())


def show(monkeypatch: pytest.MonkeyPatch, panel: Panel) -> list[Query]:
    asked: list[Query] = []

    def answer(viewer: Viewer, query: Query) -> Panel:
        asked.append(query)
        return panel

    monkeypatch.setattr(door, "build_panel", answer)
    monkeypatch.setattr(door, "data_as_of", lambda: AS_OF)
    monkeypatch.setattr(door, "version_key", lambda: panel.title)  # another panel is another version of the page
    return asked


@pytest.fixture
def watched(context: BrowserContext, live_server: object, shown: list[Query]) -> Iterator[Page]:
    """A logged-in page; the test fails on a console message, a policy message or a request to another host."""
    user = factories.UserFactory(username="ada")
    user.set_password("a long sentence")
    user.save()
    Membership.objects.create(user=user, role=Membership.Role.EXECUTIVE)
    context.set_default_timeout(10_000)
    page, here, seen = context.new_page(), str(live_server), []
    page.on("console", lambda message: seen.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda request: None if is_here(request.url, here) else seen.append(f"left: {request.url}"))
    page.goto(f"{here}/login/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long sentence")
    page.keyboard.press("Enter")
    ready(page)
    yield page
    assert seen == []


def is_here(address: str, here: str) -> bool:
    return urlsplit(address).scheme in {"data", "blob"} or urlsplit(address).netloc == urlsplit(here).netloc


def resize(page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-charts=ready]")


@pytest.mark.parametrize("size", SIZES)
def test_the_four_columns_are_of_exactly_equal_weight(watched: Page, shown: list[Query], size: str) -> None:
    resize(watched, size)
    boxes = watched.evaluate(BOXES)
    assert len(boxes) == 4
    assert len(set(boxes)) == 1, boxes


@pytest.mark.parametrize("size", SIZES)
def test_a_withheld_saving_keeps_the_weight_of_its_column(watched: Page, monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    show(monkeypatch, withheld_panel())
    resize(watched, size)
    watched.reload()
    assert "Withheld" in watched.inner_text(".kpi.savings .value")
    assert len(set(watched.evaluate(BOXES))) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_stands_in_the_way_of_anybody(watched: Page, shown: list[Query], size: str, scheme: str) -> None:
    resize(watched, size)
    watched.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    watched.wait_for_timeout(400)
    for details in watched.query_selector_all("details"):
        details.evaluate("(box) => box.setAttribute('open', '')")
    found = Axe().run(watched)
    assert found.violations_count == 0, found.generate_report()
    assert watched.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing hangs over the edge"


def test_the_charts_are_drawn_and_nothing_offers_to_share_them(watched: Page, shown: list[Query]) -> None:
    assert watched.locator("#trends .scatterlayer .trace").count() >= 9
    assert watched.locator("#waterfall .waterfalllayer .point, #waterfall .barlayer .point").count() == 7
    assert watched.locator("[data-title*='hare'], [data-title*='loud'], [data-title*='lotly']").count() == 0
    assert watched.locator(".modebar-btn").count() == 0


def test_a_chart_is_drawn_anew_in_the_other_scheme_and_for_a_phone(watched: Page, shown: list[Query]) -> None:
    ink = "() => document.querySelector('#trends .xtick text').style.fill"
    light, wide = watched.evaluate(ink), watched.locator("#trends .main-svg").first.get_attribute("width")
    watched.emulate_media(color_scheme="dark")
    watched.wait_for_function("(before) => document.querySelector('#trends .xtick text').style.fill !== before", arg=light)
    watched.set_viewport_size({"width": 390, "height": 844})
    watched.wait_for_function("(before) => document.querySelector('#trends .main-svg').getAttribute('width') !== before", arg=wide)
    assert watched.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_filters_work_by_keyboard(lark: Team, watched: Page, shown: list[Query]) -> None:
    watched.locator(".filters > summary").focus()
    watched.keyboard.press("Enter")
    watched.locator("#filter-period").focus()
    watched.keyboard.type("Last 4")
    watched.keyboard.press("Tab")
    watched.locator("#filter-team").focus()
    watched.keyboard.type("Lark")
    watched.get_by_role("button", name="Show").focus()
    watched.keyboard.press("Enter")
    watched.wait_for_url(re.compile(r"period=4w.*team=\d+"))
    ready(watched)
    assert shown[-1].scope.teams == frozenset({lark.pk})


def test_custom_dates_appear_when_they_are_chosen(watched: Page, shown: list[Query]) -> None:
    watched.locator(".filters > summary").click()
    first = watched.locator("#filter-from")
    assert not first.is_visible()
    watched.locator("#filter-period").select_option("custom")
    assert first.is_visible()


def test_on_a_phone_a_team_keeps_its_four_together(watched: Page, shown: list[Query]) -> None:
    watched.set_viewport_size({"width": 390, "height": 844})
    places = watched.evaluate(
        "() => [...document.querySelector('.teams tbody tr').querySelectorAll('td')].map((cell) => cell.getBoundingClientRect().toJSON())"
    )
    assert len(places) == 4
    assert all(place["left"] >= 0 and place["right"] <= 390 for place in places)
    assert max(place["bottom"] for place in places) - min(place["top"] for place in places) < 400


def test_the_page_says_everything_without_a_script(browser: object, watched: Page, shown: list[Query]) -> None:
    state = watched.context.storage_state()
    silent = browser.new_context(java_script_enabled=False, storage_state=state)  # type: ignore[attr-defined]
    page = silent.new_page()
    page.goto(watched.url)
    words = page.inner_text("main")
    silent.close()
    for figure in ("81.4 %", "58 / 100", "72 / 100", "9.6 FTE", "stopped growing in the week of 8 Jun 2026"):
        assert figure in words


@pytest.mark.parametrize("size", SIZES)
def test_what_can_be_taken_away_is_seen_once_it_is_opened(watched: Page, shown: list[Query], size: str) -> None:
    resize(watched, size)
    take = watched.locator(".take")
    ways = [take.get_by_role("button", name=name) for name in ("PDF", "PNG")] + [take.get_by_role("link", name="XLSX")]
    assert [way.is_visible() for way in ways] == [False, False, False]
    take.locator("summary").first.click()
    assert [way.is_visible() for way in ways] == [True, True, True]
    assert watched.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_long_name_stays_in_its_column(watched: Page, shown: list[Query]) -> None:
    resize(watched, "phone")
    watched.evaluate("document.querySelectorAll('.kpi h2 a').forEach((name) => { name.textContent = 'Kundenzufriedenheit' })")
    over = "() => [...document.querySelectorAll('.kpi h2')].filter((name) => name.scrollWidth > name.clientWidth).length"
    assert watched.evaluate(over) == 0


def test_paper_keeps_the_four_together_and_leaves_the_filters_out(watched: Page, shown: list[Query]) -> None:
    watched.emulate_media(media="print")
    tops = watched.evaluate("() => [...document.querySelectorAll('.kpi')].map((box) => box.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    assert not watched.locator(".side").is_visible()


def test_every_target_is_large_enough(watched: Page, shown: list[Query]) -> None:
    small = watched.evaluate(
        """() => [...document.querySelectorAll("button, select, summary, nav a, .chip.act, input:not([type=hidden])")]
          .filter((box) => box.checkVisibility() && Math.min(box.getBoundingClientRect().width, box.getBoundingClientRect().height) < 24)
          .map((box) => box.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_script_of_a_page_is_light(watched: Page, shown: list[Query]) -> None:
    """performance.md bar 12: 420 KiB compressed at most."""
    scripts = watched.evaluate("() => [...document.scripts].filter((script) => script.src).map((script) => new URL(script.src).pathname)")
    files = [Path(str(finders.find(script.removeprefix("/static/")))) for script in scripts]
    assert sum(len(brotli.compress(file.read_bytes())) for file in files) <= 420 * 1024


@pytest.mark.parametrize("size", SIZES)
def test_the_outlook_is_drawn_beside_its_table_and_anew_in_the_other_scheme(
    watched: Page, shown: list[Query], monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setattr(sheet, "build_figures", lambda viewer, query, keys: {})
    resize(watched, size)
    watched.goto(watched.url.split("/login")[0].split("?")[0].rstrip("/") + "/scenarios/")
    ready(watched)
    assert watched.locator("#outlook-figure .scatterlayer .trace").count() == 5
    ink = "() => document.querySelector('#outlook-figure .xtick text').style.fill"
    light = watched.evaluate(ink)
    watched.emulate_media(color_scheme="dark")
    watched.wait_for_function("(before) => document.querySelector('#outlook-figure .xtick text').style.fill !== before", arg=light)
    assert Axe().run(watched).violations_count == 0
    assert watched.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing hangs over the edge"
