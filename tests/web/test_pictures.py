"""Pictures of figures, made by the browser of the reader: all four measures are inside, and nothing is sent anywhere."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kpi.result import Query
from tests.web.test_browser import plain_files, shown, watched

__all__ = ["plain_files", "shown", "watched"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),  # pytest-base-url, not ours
]


def taken(page: Page, figure: str, name: str, folder: Path) -> bytes:
    with page.expect_download() as begun:
        page.locator(f".figure-tools[data-of={figure}]").get_by_role("button", name=name).click()
    path = folder / begun.value.suggested_filename
    begun.value.save_as(path)
    return path.read_bytes()


def test_a_picture_of_a_saving_holds_its_companions_its_scope_and_its_source(watched: Page, shown: list[Query], tmp_path: Path) -> None:
    watched.emulate_media(color_scheme="dark")
    for figure in ("trends", "waterfall"):
        drawing = unescape(taken(watched, figure, "Drawing (SVG)", tmp_path).decode())
        for words in (
            "Customer satisfaction: 81.4",
            "Agent wellbeing index: 58",
            "Resolution quality: 72",
            "FTE reduction: 9.6",
            "4\u202f812 answers",
        ):
            assert words in drawing, (figure, words)
        for words in ("All sites · 6 Jul – 4 Oct 2026 · no filter", "Data to 4 Oct 2026", "fte_reduction 1", "rgb(255, 255, 255)"):
            assert words in drawing, (figure, words)
        assert "rgb(27, 32, 36)" not in drawing, "light, also where the page is dark"
    assert taken(watched, "trends", "Picture (PNG)", tmp_path).startswith(b"\x89PNG")
    assert watched.locator(".modebar-btn").count() == 0


def test_the_table_of_a_figure_is_a_link_that_needs_no_script(watched: Page, shown: list[Query]) -> None:
    links = watched.locator(".figure-tools a").evaluate_all("(links) => links.map((link) => new URL(link.href).pathname)")
    assert links == ["/export/figures/trends.csv", "/export/figures/waterfall.csv"]
