"""A document on paper or as a picture: what the browser is asked, step by step."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from kpi.models import Export
from kpi.printing.browser import Tab, opened

MM = 96 / 25.4  # CSS pixels
WIDTH, HEIGHT = round((210 - 24) * MM), round((297 - 40) * MM)  # what is left of A4 inside its margins
PICTURE_WIDTH = 1180
TALLEST = 16_000  # pixels a picture may have
READY = """new Promise((done) => {
  const figures = document.querySelectorAll(".figure[data-figure]").length;
  const drawn = () => !figures || document.documentElement.dataset.charts === "ready";
  const look = () => drawn() ? document.fonts.ready.then(() => done(figures)) : setTimeout(look, 40);
  look();
})"""
SAID = """(() => {
  const paper = document.getElementById("paper");
  return paper ? [paper.dataset.head, paper.dataset.foot] : [document.title, ""];
})()"""
LOOK = "font-family: sans-serif; font-size: 7px; color: #56616b; width: 100%; margin: 0 12mm; line-height: 1.35"


@dataclass(frozen=True)
class Printed:
    """The file, and what the document calls itself."""

    content: bytes
    title: str


def print_document(html: str, form: str, report: Callable[[int], None]) -> Printed:
    """The bytes of a PDF or PNG; `report` hears how far it is."""
    with opened() as tab:
        report(45)
        tab.size(*((WIDTH, HEIGHT) if form == Export.Form.PDF else (PICTURE_WIDTH, HEIGHT)))
        tab.light_paper()
        tab.show(html)
        tab.evaluate(READY)
        report(75)
        title = str(tab.evaluate("document.title")).removesuffix(" · Counterweight")
        content = _pdf(tab) if form == Export.Form.PDF else _png(tab)
    return Printed(base64.b64decode(content), title)


def _pdf(tab: Tab) -> str:
    head, foot = tab.evaluate(SAID)
    page = escape(_("page %(n)s of %(all)s"))
    number = page % {"n": '<span class="pageNumber"></span>', "all": '<span class="totalPages"></span>'}
    below = f'<span style="flex: 1">{escape(str(foot))}</span><span>{number}</span>'
    options = {
        "displayHeaderFooter": True,
        "headerTemplate": f'<div style="{LOOK}">{escape(str(head))}</div>',
        "footerTemplate": f'<div style="{LOOK}; display: flex; gap: 6mm">{below}</div>',
        "printBackground": True,
        "paperWidth": 210 / 25.4,
        "paperHeight": 297 / 25.4,
        "marginTop": 22 / 25.4,
        "marginBottom": 18 / 25.4,
        "marginLeft": 12 / 25.4,
        "marginRight": 12 / 25.4,
        "generateTaggedPDF": True,
    }
    return tab.print_pdf(options)


def _png(tab: Tab) -> str:
    """The whole page in one picture, sharp where its height allows."""
    height = int(tab.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)"))
    tab.size(PICTURE_WIDTH, HEIGHT, 2 if height * 2 <= TALLEST else 1)
    return tab.picture(PICTURE_WIDTH, min(height, TALLEST))
