"""How a table of the parts of a scope reads where lines of it are hidden."""

from __future__ import annotations

from dataclasses import replace

from django.template.loader import render_to_string

from kpi.metric import Status
from kpi.result import Breakdown, Column, Line
from kpi.templatetags.panel_words import one_reason, unit_word
from tests.web.sample_panel import hidden, sample_panel

WHY = "fewer than five agents handled these contacts"


def lines() -> tuple[Line, Line]:
    shown = sample_panel().columns[:3]
    few = [Column(hidden(column.result.family, Status.SUPPRESSED, WHY, ""), column.change) for column in shown]
    return Line("Billing", tuple(few)), Line("Orders", tuple(shown))


def test_a_line_of_which_nothing_is_shown_says_why_once() -> None:
    small, large = lines()
    html = render_to_string("kpi/_breakdown.html", {"breakdown": Breakdown("By intent", (small, large))})
    assert html.count(WHY) == 1
    assert 'colspan="3"' in html
    assert "81.4" in html


def test_different_reasons_stand_in_their_own_places() -> None:
    small, large = lines()
    mixed = replace(small, columns=(small.columns[0], large.columns[1], small.columns[2]))
    assert (one_reason(small), one_reason(mixed), one_reason(large)) == (WHY, "", "")


def test_the_head_of_a_column_has_its_unit_though_its_first_line_is_hidden() -> None:
    small, _large = lines()
    assert unit_word(replace(small.columns[0].result, unit_text="")) == "%"
