"""A second factor in a real browser, by keyboard and without a script: set up, logged in with, and nothing in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.accounts.help import PASSWORD, code, somebody
from tests.web.test_everybody import EVERY_RULE, OUTSIDE, WIDTHS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),  # pytest-base-url, not ours
]


@pytest.fixture
def page(browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """In German and without scripts; the test fails on a request to another host."""
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    monkeypatch.setattr(settings, "STORAGES", settings.STORAGES | plain)
    context = browser.new_context(java_script_enabled=False, base_url=str(live_server), locale="de-DE", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    asked: list[str] = []
    made = context.new_page()
    made.on("request", lambda request: asked.append(request.url))
    yield made
    context.close()
    assert [url for url in asked if not url.startswith(str(live_server))] == []


def look(browser: Browser, page: Page) -> list[str]:
    """The very page as it stands, measured by a browser with scripts: axe and the ruler need them."""
    faults = []
    page.wait_for_load_state("load")
    content, address = page.content(), page.url
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)  # type: ignore[arg-type]
        shown = context.new_page()
        shown.route(address, lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8"))
        shown.goto(address)
        found = Axe().run(shown, options=EVERY_RULE).response["violations"]
        faults += [f"{address} {scheme} {broken['id']}: {broken['nodes'][0]['html'][:120]}" for broken in found]
        for width in WIDTHS:
            shown.set_viewport_size({"width": width, "height": 900})
            if shown.evaluate(OUTSIDE) > 0:
                faults.append(f"{address} hangs over the edge at {width}")
        context.close()
    return faults


def send(page: Page, name: str, text: str) -> None:
    page.get_by_label(name, exact=True).first.fill(text)
    page.keyboard.press("Enter")


def test_somebody_sets_up_a_device_and_logs_in_with_it(browser: Browser, page: Page) -> None:
    somebody()
    page.goto("/login/?next=/account/")
    page.get_by_label("Benutzername").fill("ada")
    send(page, "Passwort:", PASSWORD)
    page.wait_for_selector("h1:text-is('Ihr Konto')")
    faults = look(browser, page)
    page.goto("/account/second-factor/")
    send(page, "Ihr Passwort", PASSWORD)
    page.wait_for_selector(".qr svg")
    faults += look(browser, page)
    secret = page.locator("p code").inner_text().replace(" ", "")
    send(page, "Code des neuen Geräts", code(secret))
    page.wait_for_selector(".recovery")
    assert page.locator(".recovery code").count() == 8
    faults += look(browser, page)
    recovery = page.locator(".recovery code").first.inner_text()
    page.goto("/account/second-factor/")
    faults += look(browser, page)
    page.get_by_role("button", name="Abmelden").click()
    page.get_by_label("Benutzername").fill("ada")
    send(page, "Passwort:", PASSWORD)
    page.wait_for_url("**/login/code/")
    send(page, "Code Ihres Geräts", "000000")
    page.wait_for_selector("[role=alert]")
    page.locator("summary").last.click()
    faults += look(browser, page)
    send(page, "Wiederherstellungscode", recovery)
    page.wait_for_selector("form.who")
    page.goto("/account/password/")
    faults += look(browser, page)
    assert faults == [], "\n".join(faults)
