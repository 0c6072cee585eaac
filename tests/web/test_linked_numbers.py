"""Every number leads to its definition: a number that stands on a page without a link fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.core.cache import cache as memory
from django.test import Client

from kpi import registry
from kpi.metric import Metric
from kpi.models import Membership
from kpi.pages import PAGES
from kpi.terms import TERMS
from tests.kpi.panel_help import PERIOD, centre, planted_beside_wellbeing
from tests.web.markup import Node, main_of, tree
from tests.web.sample_panel import sample_panel
from tests.web.test_pages import answers_with, client_of

pytestmark = pytest.mark.django_db
# Not numbers of the page's own: the question as asked, days, what readers type, and the words around the page.
AROUND = {"filters", "applied", "crumb", "when", "banner", "notes", "aside", "entries", "problems", "unlock"}
AROUND_TAGS = {"footer", "script", "form select", "label", "option", "legend", "h1"}
HOLDS = {"article", "section"}


def has_link(node: Node) -> bool:
    return any(item.tag == "a" and item.attributes.get("href", "").startswith("/definitions/") for item in node.walk())


def governing(node: Node) -> Node | None:
    """The element that has to hold the link: a column's head, a line of the strip, a paragraph of the answer, else the card."""
    for here in node.up():
        if here.tag == "a" and has_link(here):
            return here
        if here.tag == "td":
            return head_of(here)
        if here.tag == "div" and here.parent and here.parent.tag == "dl" and "strip" in here.parent.classes:
            return here
        if "verdict" in here.classes or here.tag in HOLDS:
            return here
    return None


def head_of(cell: Node) -> Node | None:
    """The head of the cell's column; of a table without links in its heads, the card it stands in."""
    table = next(node for node in cell.up() if node.tag == "table")
    heads = [node for node in table.walk() if node.tag == "th" and node.attributes.get("scope") == "col"]
    assert cell.parent is not None
    place = [item for item in cell.parent.children if item.tag in {"th", "td"}].index(cell)
    if any(map(has_link, heads)):
        return heads[place]
    return next((node for node in table.up() if node.tag in HOLDS), None)


def is_around(node: Node) -> bool:
    return any(here.classes & AROUND or here.tag in AROUND_TAGS for here in node.up())


def unlinked(main: Node) -> list[str]:
    """Texts with a digit whose governing element has no link to a definition."""
    found = [(node, text.strip()) for node, text in main.texts() if re.search(r"\d", text) and not is_around(node)]
    return [text for node, text in found if node.tag != "th" and not ((holder := governing(node)) and has_link(holder))]


def linked(main: Node) -> int:
    return sum(1 for node, text in main.texts() if re.search(r"\d", text) and not is_around(node) and node.tag != "th")


@pytest.fixture
def full(db: None) -> Iterator[Client]:
    """Every metric gives the estimate of its own example, whatever it is asked, so that every page is full of numbers."""
    centre()
    with planted_beside_wellbeing(), pytest.MonkeyPatch.context() as patch:
        made = {key: metric if metric.headline else certain(metric) for key, metric in registry.metrics().items()}
        patch.setattr(registry, "metrics", cache(lambda: made))
        memory.clear()
        yield client_of(Membership.Role.ANALYST)


def certain(metric: Metric) -> Metric:
    estimate = metric.estimate(metric.example.evidence)
    fixed: dict[str, Any] = {"windows": lambda frame: {}, "per_site": False, "context": None, "people_scope": False, "crowd": None}
    return replace(metric, estimate=lambda evidence: estimate, **fixed)


QUESTION = {"period": "custom", "from": PERIOD.start.isoformat(), "to": "2026-03-29"}


@pytest.mark.parametrize("page", ["", *(f"{key}/" for key in PAGES), "scenarios/"])
def test_every_number_of_a_page_leads_to_its_definition(full: Client, page: str) -> None:
    answer = full.get(f"/{page}", QUESTION)
    main = main_of(answer.content.decode())
    assert answer.status_code == 200
    assert linked(main) > 10
    assert unlinked(main) == []


def test_every_number_of_the_whole_overview_leads_to_its_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """With trends, teams and the steps of the FTE change."""
    answers_with(monkeypatch, sample_panel)
    main = main_of(client_of().get("/").content.decode())
    assert linked(main) > 200
    assert unlinked(main) == []


@pytest.mark.parametrize(
    "html",
    [
        "<main><section><p>81.4 %</p></section></main>",
        '<main><p class="verdict">It fell by 3.</p></main>',
        '<main><section><a href="/definitions/csat/">CSAT</a><dl class="strip"><div><dt>x</dt><dd>4</dd></div></dl></section></main>',
        '<main><table><tr><th scope="col">Team</th><th scope="col"><a href="/definitions/csat/">CSAT</a></th>'
        '<th scope="col">Other</th></tr>'
        "<tr><th>Lark</th><td>x</td><td>7</td></tr></table></main>",
        "<main><div>12</div></main>",
    ],
)
def test_a_number_without_a_link_is_found(html: str) -> None:
    assert len(unlinked(main_of(html))) == 1


def test_every_link_to_a_definition_opens(full: Client) -> None:
    pages = [full.get(f"/{page}", QUESTION).content.decode() for page in ("", "human-ai/", "scenarios/", "definitions/")]
    links = {node.attributes["href"] for page in pages for node in tree(page).walk() if "/definitions/" in node.attributes.get("href", "")}
    assert len(links) > len(TERMS)
    assert {link for link in links if full.get(link).status_code != 200} == set()


@pytest.mark.parametrize("typed", ["carried forward", "provisional", "small sample", "partial"])
def test_the_signs_beside_figures_are_found_by_their_words(full: Client, typed: str) -> None:
    assert "/definitions/marks/" in full.get("/definitions/", {"q": typed}).content.decode()


def test_a_term_says_what_it_is_and_no_metric_has_its_key(full: Client) -> None:
    assert TERMS.keys() & registry.metrics().keys() == set()
    for key, term in TERMS.items():
        text = full.get(f"/definitions/{key}/").content.decode()
        assert str(term.label) in text
        assert term.source in text
