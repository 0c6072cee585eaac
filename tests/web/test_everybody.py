"""Every page of the resolver in a real browser: no rule of accessibility is broken, in light and dark, on a desk and on a phone.

Pages, roles and example addresses are those of the walk (test_every_surface): a page that is written down there is looked at here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from kpi.models import Team
from tests.web.planted import planted
from tests.web.routes import MODELS, ROLES, ROUTES, address
from tests.web.test_every_surface import centre, client_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),  # pytest-base-url, not ours
]
__all__ = ["centre"]  # the fixture of the walk: one world for all pages
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
BY_LOOK = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}
LOOKS = ((1440, "light", EVERY_RULE), (1440, "dark", BY_LOOK), (390, "light", BY_LOOK), (390, "dark", EVERY_RULE))
PARTS = 4  # short enough to be walked beside each other
WIDTHS = (320, 390, 768, 1024, 1920)
# The page of the API is drawn by a script of somebody else: only what stands around it is ours.
FOREIGN_PAGE = "/api/docs/"
IS_FOREIGN = "(target) => document.querySelector(target)?.closest('#swagger-ui') != null"
OUTSIDE = "() => document.documentElement.scrollWidth - window.innerWidth"
# What can be reached with Tab and shows no ring there: two pixels at least, three to one against what is behind it.
WITHOUT_RING = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const shine = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [.2126, .7152, .0722][at], 0);
  const behind = (box) => { for (let at = box; at; at = at.parentElement) { const found = parse(getComputedStyle(at).backgroundColor);
    if (found.length === 3 || found[3] > .99) return found; } return [255, 255, 255]; };
  const boxes = [...document.querySelectorAll("a[href], button, select, input:not([type=hidden]), textarea, summary, [tabindex='0']")]
    .filter((box) => !box.closest("#swagger-ui"));
  return boxes.filter((box) => box.checkVisibility({ visibilityProperty: true })).filter((box) => {
    box.focus({ preventScroll: true });
    if (document.activeElement !== box) return false;
    const style = getComputedStyle(box), ring = shine(parse(style.outlineColor)), ground = shine(behind(box.parentElement));
    const contrast = (Math.max(ring, ground) + .05) / (Math.min(ring, ground) + .05);
    if (style.outlineStyle === "auto") return false; // the browser's own ring
    return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 || contrast < 3;
  }).map((box) => box.outerHTML.slice(0, 90));
}"""
BROKEN = "(rules) => axe.run(rules).then((found) => found.violations)"
OPEN_ALL = "() => document.querySelectorAll('main details').forEach((box) => { box.open = true; })"


@dataclass
class Walk:
    """One browser page that goes everywhere; `faults` is what it met."""

    page: Page
    context: BrowserContext
    here: str
    sessions: dict[str, str]
    faults: list[str] = field(default_factory=list)

    def look(self, role: str, path: str, *, own: bool = True) -> None:
        self._be(role)
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.page.goto(self.here + path, wait_until="load")
        if FOREIGN_PAGE in path:
            self.page.wait_for_selector("main")  # drawn by a script, after what it asks for has come
        self.page.evaluate(OPEN_ALL)
        self.page.evaluate(AXE_SCRIPT)
        for width, scheme, rules in LOOKS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self._axe(path, f"{width} {scheme}", rules)
        if own:
            self._measure(path)

    def _be(self, role: str) -> None:
        self.context.clear_cookies()
        if role != "nobody":
            host = urlsplit(self.here).hostname
            self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": self.sessions[role], "domain": host, "path": "/"}])

    def _axe(self, path: str, look: str, rules: dict[str, Any]) -> None:
        for broken in self.page.evaluate(BROKEN, rules):
            own = [node["html"] for node in broken["nodes"] if not self.page.evaluate(IS_FOREIGN, node["target"][0])]
            self.faults += [f"{path} {look} {broken['id']}: {html[:120]}" for html in own[:3]]

    def _measure(self, path: str) -> None:
        for width in WIDTHS if FOREIGN_PAGE not in path else ():
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.page.evaluate(OUTSIDE) > 0:
                self.faults.append(f"{path} hangs over the edge at {width}")
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.keyboard.press("Tab")
            self.faults += [f"{path} {scheme} shows no focus: {box}" for box in self.page.evaluate(WITHOUT_RING)]


@pytest.fixture
def walk(context: BrowserContext, live_server: object, monkeypatch: pytest.MonkeyPatch, centre: Team) -> Walk:
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    monkeypatch.setattr(settings, "STORAGES", settings.STORAGES | plain)
    context.set_default_timeout(15_000)
    sessions = {role: client_of(role).cookies[settings.SESSION_COOKIE_NAME].value for role in ROLES[1:]}
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")  # a colour is measured when it has arrived
    return Walk(page, context, str(live_server), sessions)


def pages(part: int) -> list[tuple[str, str]]:
    """(role, address) of every route of this part that answers somebody with a page: as somebody who may, or as nobody."""
    found = []
    for route, expected in list(ROUTES.items())[part::PARTS]:
        role = next((role for role in reversed(ROLES) if expected[role] == 200), None)
        if role and not route.startswith(("admin/", "api/v1/")) and is_page(client_of(role), address(route)):
            found.append((role, address(route)))
    return found


def is_page(client: Client, path: str) -> bool:
    return client.get(path).headers.get("Content-Type", "").startswith("text/html")


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_stands_in_the_way_of_anybody_on_any_page(walk: Walk, part: int) -> None:
    with planted():
        found = pages(part)
        assert len(found) > 3
        for role, path in found:
            walk.look(role, path)
    assert walk.faults == [], "\n".join(walk.faults)


def test_what_says_that_there_is_nothing_stands_in_nobodys_way_either(walk: Walk) -> None:
    with planted():
        for role, path in (("executive", "/no/such/page/"), ("steward", "/"), ("nobody", "/login/"), ("executive", "/?team=999999")):
            walk.look(role, path)
    assert walk.faults == [], "\n".join(walk.faults)


def test_the_admin_breaks_no_rule_either(walk: Walk) -> None:
    some = sorted(model for model in MODELS if model.startswith("kpi/"))[:3]
    for path in ("/admin/", "/admin/kpi/", *(f"/admin/{model}/" for model in some), "/admin/kpi/team/add/", "/admin/kpi/holiday/"):
        walk.look("boss", path, own=False)
    assert walk.faults == [], "\n".join(walk.faults)
