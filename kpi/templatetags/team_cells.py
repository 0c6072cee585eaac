"""The figures of a table of teams: put together here, for it has seventy of them, and a tag of a template costs more than its text."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kpi import words
from kpi.result import Aim, Change, Column, Result
from kpi.templatetags.panel_words import brief, count, counted, mark

register = template.Library()


@register.filter
def cell(column: Column) -> SafeString:
    """Value, change, doubt, sample and state, or why there is none."""
    result = column.result
    inside = _figure(column) if result.shown else _withheld(result)
    return format_html('<td class="{}" data-label="{}">{}</td>', result.family, result.label, inside)


def _withheld(result: Result) -> SafeString:
    return format_html('<span class="held">{}</span><small class="doubt">{}</small>', words.status_word(result.status), brief(result))


def _figure(column: Column) -> SafeString:
    result = column.result
    value = format_html('<b class="figure-in">{}<small class="unit"> {}</small></b>', result.text, result.unit_text)
    assumed = _sheet_of(result) if result.assumptions else _NO_SHEET
    return value + _moved(column.change) + _doubt(result) + _missed(column.aim) + _restated(result) + assumed


_NOTHING, _NO_SHEET = mark_safe(""), mark_safe("\n")


def _moved(change: Change) -> SafeString:
    if not change.text or change.direction == "unknown":
        return _NOTHING
    side = {"less": _("less"), "more": _("more")}.get(change.direction, "")
    look = change.direction if change.distinguishable else "none"
    text = ' <span class="change {}" title="{}">{}{}<span class="away"> {}</span></span>'
    return format_html(text, look, change.words, change.text, f" {side}" if side else "", change.words)


def _doubt(result: Result) -> SafeString:
    said = [result.margin_text]
    if result.sample_text:
        apart, of = " · " if result.margin_text else "", counted(result)
        said.append(format_html('{}<span class="n">n </span>{}<span class="counted"> {}</span>', apart, count(result), of))
    if sign := mark(result):
        name = words.state(result)
        text = ' <span title="{}"><span aria-hidden="true">{}</span><span class="away"> {}</span></span>'
        said.append(format_html(text, name, sign, name))
    return format_html('<small class="doubt">{}</small>', format_html_join("", "{}", ((text,) for text in said)))


def _missed(aim: Aim | None) -> SafeString:
    """A target that lies on the other side."""
    if aim is None or not aim.missed:
        return _NOTHING
    sign, name = ("⤓", _("below target")) if aim.state == "below" else ("⤒", _("above target"))
    inside = format_html('<span aria-hidden="true">{}</span> {}<span class="away">: {}, {}</span>', sign, name, aim.text, aim.words)
    return format_html('<small class="doubt missed" title="{}"><span>{}</span></small>', aim.words, inside)


def _restated(result: Result) -> SafeString:
    told = result.restated
    text = '<small class="doubt" title="{}"><span aria-hidden="true">{}</span><span class="away">{}</span></small>'
    return format_html(text, told.text, told.brief, told.text) if told else _NOTHING


def _sheet_of(result: Result) -> SafeString:
    return render_to_string("kpi/_assumptions.html", {"result": result})
