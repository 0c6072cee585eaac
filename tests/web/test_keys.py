"""Keys of the keyboard and the menu of small screens, in a real browser."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kpi.models import Membership
from tests import factories
from tests.web.test_every_surface import client_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),  # pytest-base-url, not ours
]


@pytest.fixture
def page(context: BrowserContext, live_server: object, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The definitions, which need no data."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    monkeypatch.setattr(settings, "STORAGES", settings.STORAGES | plain)
    Membership.objects.create(user=factories.UserFactory(username="executive"), role=Membership.Role.EXECUTIVE)
    session = client_of("executive").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": str(live_server)}])
    context.set_default_timeout(10_000)
    found = context.new_page()
    found.goto(f"{live_server}/definitions/")
    return found


def test_keys_lead_everywhere_and_wait_while_somebody_types(page: Page) -> None:
    keys, dialog = page.keyboard, page.locator("dialog#keys")
    keys.press("?")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null"), "the focus is inside"
    keys.press("g")
    keys.press("k")
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/definitions/"), "no key leads away from an open dialog"
    keys.press("/")
    expect(page.locator("#search")).to_be_focused()
    keys.type("g k?f/")
    assert (page.locator("#search").input_value(), page.url.endswith("/definitions/")) == ("g k?f/", True)
    page.locator("h1").click()
    keys.press("Control+g")
    keys.press("k")
    assert page.url.endswith("/definitions/"), "together with Ctrl they belong to the browser"
    keys.press("g")
    keys.press("k")
    page.wait_for_url("**/keys/")
    keys.press("/")
    page.wait_for_url("**/definitions/#search")
    expect(page.locator("#search")).to_be_focused()


def test_keys_that_are_off_do_nothing(page: Page) -> None:
    page.goto(page.url.replace("/definitions/", "/keys/"))
    page.locator("main").get_by_role("button", name="Switch the keys off").click()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    for key in ("?", "g", "d", "/"):
        page.keyboard.press(key)
    expect(page.locator("dialog#keys")).to_be_hidden()
    assert page.url.endswith("/keys/")


def test_a_chosen_scheme_is_there_at_once_whatever_the_system_says(page: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(paper)
    page.locator(".side").get_by_role("button", name="Dark").click()
    expect(page.locator(".side").get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(paper) != light
    assert page.url.endswith("/definitions/"), "back where the reader was"


def test_the_menu_of_a_small_screen_opens_without_a_script(page: Page, browser: Browser) -> None:
    silent = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state(), viewport={"width": 320, "height": 700}
    )
    small = silent.new_page()
    small.goto(page.url)
    expect(small.get_by_role("link", name="Customers")).to_be_hidden()
    small.get_by_text("Menu", exact=True).click()
    expect(small.get_by_role("link", name="Customers")).to_be_visible()
    small.get_by_role("link", name="Overview").click()
    small.wait_for_url("**/")
    silent.close()
