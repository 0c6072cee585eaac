"""Reading in a real browser: equal weight at every width, a saving never out of sight of its companions, figures by keyboard, and the
eight questions of the product answered by clicking, each number as the API gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from kpi import panel as door
from kpi.models import Membership
from tests import factories
from tests.kpi.panel_help import centre, planted_beside_wellbeing
from tests.memory import forget_process
from tests.web.test_browser import BOXES, plain_files, shown, watched

__all__ = ["plain_files", "shown", "watched"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
REAL = {name: getattr(door, name) for name in ("build_panel", "data_as_of", "version_key")}
WIDTHS = {320: 720, 390: 844, 768: 1024, 1024: 768, 1440: 900, 1920: 1080}
# Of each place where a saving stands, how tall a view must be to hold it and its three companions together.
TOGETHER = """() => [...document.querySelectorAll(".panel, .standing, .strip, .teams tbody tr")].map((place) => {
  const four = ["customer", "wellbeing", "resolution", "savings"].map((family) => place.querySelector(`.${family}`));
  if (four.some((one) => !one)) return place.querySelector(".savings") ? 1e9 : 0;
  const told = four.map((one) => (one.querySelector(".value, .told, dd, .figure-in, .held") || one).getBoundingClientRect());
  if (told.some((box) => box.left < 0 || box.right > window.innerWidth + 0.5)) return 1e9;
  return Math.max(...told.map((box) => box.bottom)) - Math.min(...told.map((box) => box.top));
})"""
ALONE = """() => [...document.querySelectorAll("main .savings")].filter((one) => !one.closest(".panel, .standing, .strip, .teams tr, .one"))
  .map((one) => one.outerHTML.slice(0, 80))"""


def test_the_four_are_of_equal_weight_and_in_one_view_at_every_width(watched: Page) -> None:
    for width, height in WIDTHS.items():
        watched.set_viewport_size({"width": width, "height": height})
        watched.wait_for_function("(wide) => window.innerWidth === wide", arg=width)
        boxes = watched.evaluate(BOXES)
        assert len(boxes) == 4
        assert len(set(boxes)) == 1, f"{width}: {boxes}"
        tall = watched.evaluate(TOGETHER)
        assert len(tall) >= 4, "the panel, the strip beside the waterfall, and the teams"
        assert max(tall) <= height, f"{width}: {tall}"
        assert watched.evaluate(ALONE) == []
        assert watched.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


# What is cut off inside the line that stays, and whether it lies at the very top with four boxes of one size.
KEPT = """() => { window.scrollTo(0, document.body.scrollHeight);
  const line = document.querySelector(".standing"), at = line.getBoundingClientRect();
  const boxes = [...line.children].map((box) => box.getBoundingClientRect()), first = document.elementFromPoint(at.left + 40, at.top + 12);
  return { top: at.top, families: [...line.children].map((box) => box.className), widths: Math.max(...boxes.map((box) => box.width)) -
    Math.min(...boxes.map((box) => box.width)), seen: line.contains(first), high: at.height / innerHeight,
    cut: [...line.querySelectorAll(".told, .doubt")].filter((part) => { const box = part.getBoundingClientRect(), own = part.parentElement
      .getBoundingClientRect(); return box.right > own.right + 1 || box.bottom > own.bottom + 1; }).map((part) => part.innerText) }; }"""
# What can be reached with Tab and would lie behind that line once it has the focus.
COVERED = """() => [...document.querySelectorAll("main a[href], main button, main summary, main [tabindex='0']")].filter((box) => {
  if (box.closest(".panel, .top, .standing") || !box.checkVisibility({ visibilityProperty: true })) return false;
  window.scrollTo(0, document.body.scrollHeight); box.focus();
  const line = document.querySelector(".standing").getBoundingClientRect(), at = box.getBoundingClientRect();
  return line.top <= 1 && document.scrollingElement.scrollTop > 400 && at.top < line.bottom - 1 && at.height < innerHeight / 2;
}).map((box) => box.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_four_stay_in_view_while_their_details_scroll_and_cover_nothing_that_has_the_focus(watched: Page, width: int) -> None:
    watched.set_viewport_size({"width": width, "height": WIDTHS[width]})
    kept = watched.evaluate(KEPT)
    assert kept["families"] == ["customer", "wellbeing", "resolution", "savings"]
    assert (kept["top"], kept["seen"], kept["cut"]) == (0, True, [])
    assert kept["widths"] <= 1
    assert kept["high"] < 0.16
    assert watched.evaluate(COVERED) == []
    watched.emulate_media(media="print")
    assert not watched.locator(".standing").is_visible()


def test_a_figure_is_read_from_the_keyboard_and_a_saving_with_its_companions(watched: Page) -> None:
    watched.locator("#trends").focus()
    reader = watched.locator("#trends + .reader")
    assert "Arrow keys" in reader.inner_text()
    watched.keyboard.press("ArrowRight")
    first = reader.inner_text()
    assert re.match(r"\d+ \w+ \d{4}: Customer satisfaction: [\d.]+ %", first)
    watched.keyboard.press("ArrowRight")
    assert reader.inner_text() != first
    watched.keyboard.press("End")
    for _line in range(3):
        watched.keyboard.press("ArrowDown")
    told = reader.inner_text()
    assert "FTE reduction: " in told
    assert all(name in told for name in ("Customer satisfaction", "Agent wellbeing index", "Resolution quality")), told
    watched.keyboard.press("Tab")
    assert reader.inner_text() == ""


def test_the_bars_are_read_with_what_the_saving_cost(watched: Page) -> None:
    watched.locator("#waterfall").focus()
    watched.keyboard.press("ArrowRight")
    told = watched.locator("#waterfall + .reader").inner_text()
    assert all(name in told for name in ("Customer satisfaction", "Agent wellbeing index", "Resolution quality")), told


@pytest.fixture
def asked(watched: Page, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The same browser before a real centre, whose last four weeks are looked at."""
    for name, function in REAL.items():
        monkeypatch.setattr(door, name, function)
    Membership.objects.update(role=Membership.Role.ANALYST)
    team = centre().teams["Lark"]
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    factories.InteractionFactory(team=team, site=team.site, started_at=at, human_requested_at=at, external_id="asked-1")
    with planted_beside_wellbeing():
        forget_process()
        watched.goto(watched.url.partition("?")[0])
        watched.locator(".filters > summary").click()
        watched.get_by_label("Period").select_option("4w")
        watched.get_by_role("button", name="Show").click()
        yield watched


def api(page: Page, path: str) -> Any:
    """What the API says to the very question of the page."""
    found = page.request.get(re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + path + "?" + page.url.partition("?")[2])
    assert found.ok, found.text()
    return found.json()


def go(page: Page, label: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=label, exact=True).click()


def told(page: Page, selector: str = "main") -> str:
    """The words of a part of the page, white space evened out."""
    return re.sub(r"\s+", " ", page.locator(selector).first.inner_text())


def even(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def every_figure_is_the_api_s(page: Page, key: str) -> dict[str, Any]:
    """Each card of a page beside its figure in the API's answer; {metric: figure}."""
    figures = {item["metric"]: item for section in api(page, f"/api/v1/pages/{key}")["sections"] for item in section["figures"]}
    assert figures
    for metric, figure in figures.items():
        card = page.locator(f".one:has(h3 a[href^='/definitions/{metric}/'])").first
        words = even(card.inner_text())
        if figure["value"] is None:
            assert all(even(why).rstrip(".").lower() in words.lower() for why in figure["why"]), metric
        else:
            assert even(f"{figure['text']} {figure['unit_text']}") in words, metric
    return figures


def the_four_are_the_api_s(page: Page, panel: Any) -> None:
    for column in panel["columns"]:
        words = told(page, f".panel .{column['family']}")
        assert even(f"{column['text']} {column['unit_text']}") in words, column["metric"]


def test_what_the_ai_saved_and_cost_and_whether_growth_absorbs_it(asked: Page) -> None:
    """Questions 1 and 3, on the first page; and a team one click further down."""
    panel = api(asked, "/api/v1/panel")
    the_four_are_the_api_s(asked, panel)
    assert even(panel["verdict"]["lead"]) in told(asked, ".verdict")
    assert even(panel["growth"]["text"]) in told(asked)
    assert all(even(f"{item['label']}") in told(asked, ".changed") for item in panel["changed"])
    asked.locator(".teams th a.down", has_text="Heron").first.click()
    asked.wait_for_url(re.compile(r"period=4w.*team=\d+"))
    below = api(asked, "/api/v1/panel")
    assert below["query"]["scope"]["teams"] != []
    the_four_are_the_api_s(asked, below)
    assert "Heron" in told(asked, ".path")
    asked.locator(".path a").first.click()
    assert "team=" not in asked.url


def test_where_the_hours_went_and_what_is_left_of_the_saving(asked: Page) -> None:
    """Questions 2 and 6."""
    go(asked, "Capacity and savings")
    assert "period=4w" in asked.url
    figures = every_figure_is_the_api_s(asked, "capacity")
    assert {"gain_ledger", "net_saving"} <= figures.keys()
    go(asked, "Reskilling")
    every_figure_is_the_api_s(asked, "reskilling")


def test_who_asked_for_a_person_down_to_the_contact(asked: Page) -> None:
    """Question 4: reach, loops and tiers, and who it was."""
    go(asked, "Human + AI")
    figures = every_figure_is_the_api_s(asked, "human-ai")
    assert {"reach_rate", "time_to_human", "loop_rate", "reach_gap"} <= figures.keys()
    asked.locator(".lists a", has_text="Asked for a person in vain").click()
    cases = api(asked, "/api/v1/lists/unreached")
    assert [case["contact"] if "contact" in case else case["reference"] for case in cases["cases"]] == ["asked-1"]
    assert "asked-1" in told(asked, ".cases")
    assert "1 on the list" in told(asked, ".verdict")


def test_whether_the_wellbeing_number_is_real(asked: Page) -> None:
    """Question 5."""
    go(asked, "People")
    every_figure_is_the_api_s(asked, "people")
    panel = api(asked, "/api/v1/panel")
    wellbeing = panel["columns"][1]
    words = told(asked, ".panel .wellbeing")
    assert even(wellbeing["sample_text"]) in words
    state = wellbeing["status"].replace("_", " ")
    missing = [note for note in wellbeing["notes"] if note != state and even(note) not in words]
    assert missing == []
    assert even(panel["policy_text"]) in told(asked)


def test_how_many_people_will_be_needed_and_whether_a_number_can_be_trusted(asked: Page) -> None:
    """Questions 7 and 8: the outlook with its assumptions; a number's definition, sample and freshness."""
    panel = api(asked, "/api/v1/panel")
    assert even(panel["freshness"]["text"]) in told(asked)
    asked.locator(".panel .customer h2 a").click()
    words = told(asked)
    assert all(text in words for text in ("Formula", "Sample", "Read with care", "Version"))
    assert even(panel["columns"][0]["label"]) in told(asked, "h1")
    go(asked, "Scenarios")
    assert "period=4w" in asked.url, "a definition loses no question"
    assert asked.locator("main table").count() >= 1
    the_four_are_the_api_s(asked, panel)


def test_what_a_figure_is_is_told_by_keyboard_without_leaving_the_page(watched: Page) -> None:
    hints = watched.locator(".hint")
    boxes = [hints.nth(place).bounding_box() for place in range(hints.count())]
    assert len(boxes) == 4
    assert all(box and min(box["width"], box["height"]) >= 24 for box in boxes)
    watched.locator(".kpi.resolution .hint").focus()
    watched.keyboard.press("Enter")
    told = watched.locator("#hint-resolution_quality")
    assert "How well contacts are resolved" in told.inner_text()
    watched.keyboard.press("Tab")
    assert told.locator("a").evaluate("(link) => link === document.activeElement")
    watched.keyboard.press("Escape")
    assert not told.is_visible()
    assert watched.evaluate("document.activeElement.className") == "hint"
