"""Words for templates, the same on the page as in every other surface."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kpi import reasons, registry, words
from kpi.cases import CaseKind
from kpi.charts.beside import Drawn
from kpi.charts.tables import Line as TrendLine
from kpi.context import carried, groups_of
from kpi.facts import Beside
from kpi.forms import PanelForm
from kpi.metric import Family, Status, Unit
from kpi.result import Column, Line, Result, Section, WeekVolume

register = template.Library()


@register.filter
def status_word(status: Status) -> str:
    return words.status_word(status)


@register.filter
def day(value: date) -> str:
    """7 Jun 2026."""
    return words.day(value)


@register.filter
def moment(value: datetime) -> str:
    """7 Jun 2026, 02:17."""
    return words.moment(value)


_drawn: Beside[SafeString] = Beside(most=512)


@register.simple_tag
def kept(item: object, template_name: str, form: PanelForm | None = None) -> SafeString:
    """A part of the page that depends on one object alone, drawn once for as long as the very object is there. Its links lead on from
    the question of the page, which is put in afterwards."""
    drawn = _drawn.of(item, lambda: render_to_string(template_name, {"item": item}), (template_name, get_language()))
    question = form.address(team="") if form else "?"
    return mark_safe(drawn.replace(QUESTION, conditional_escape(question)))  # noqa: S308 - both were escaped


@register.simple_tag(takes_context=True)
def for_reader(context: Context, template_name: str) -> SafeString:
    """A part of the page that depends on the navigation of this reader alone, drawn once for each of its pages; its links carry the
    question of the page, or of the one the reader comes from."""
    request = context["request"]
    groups = groups_of(request)
    drawn = _drawn.of(groups, lambda: render_to_string(template_name, {"navigation": groups}), (template_name, get_language()))
    question = getattr(context.get("form"), "address", str)() or carried(request)
    return mark_safe(drawn.replace(QUESTION, conditional_escape(question)))  # noqa: S308 - both were escaped


QUESTION = "?the-question"


@register.simple_tag
def drilled(form: PanelForm | str, name: str, value: object) -> str:
    """The address one step down; empty where it leads nowhere for this reader."""
    return form.leads_to(name, str(value)) if isinstance(form, PanelForm) else ""


@register.filter
def rows(lines: Sequence[TrendLine]) -> SafeString:
    """Rows of a long table, joined in one go: each tag of a template costs more than a cell."""
    return _rows.of(lines, lambda: _join(lines), get_language())


_rows: Beside[SafeString] = Beside(most=256)


def _join(lines: Sequence[TrendLine]) -> SafeString:
    cells = (format_html_join("", "<td>{}</td>", ((cell,) for cell in line.cells)) for line in lines)
    return format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', zip((line.days for line in lines), cells, strict=True))


@register.filter
def week_rows(weeks: Sequence[WeekVolume]) -> SafeString:
    """A row for each week, in the same way."""
    return _week_rows.of(weeks, lambda: _join_weeks(weeks), get_language())


_week_rows: Beside[SafeString] = Beside(most=256)


def _join_weeks(weeks: Sequence[WeekVolume]) -> SafeString:
    hidden = format_html('<small class="held">{}</small>', _("not shown"))
    found = ((words.day(week.start), hidden if week.contacts is None else words.number(week.contacts)) for week in weeks)
    return format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', found)


@register.filter
def spaced(count: int) -> str:
    """12 345 with a narrow space."""
    return words.number(count)


@register.filter
def facts(column: Column) -> tuple[str, ...]:
    """The notes of a column without its state, which stands on a line of its own."""
    state = words.status_word(column.result.status)
    return tuple(note for note in column.notes if note != state)


MARKS = {Status.PROVISIONAL: "◇", Status.CARRIED_FORWARD: "○", Status.SMALL_SAMPLE: "△", Status.PARTIAL: "◐"}


@register.filter
def mark(result: Result) -> str:
    """One sign for each state, where a table has no room for its word; the word is there for those who hear the page."""
    young = MARKS[Status.PROVISIONAL] if result.provisional and result.status is not Status.PROVISIONAL else ""
    return MARKS.get(result.status, "") + young


@register.filter
def state(result: Result) -> str:
    return words.state(result)


@register.simple_tag
def behind(lists: Sequence[CaseKind] | str, result: Result) -> CaseKind | None:
    """The list of the contacts behind a figure, where this reader may open it."""
    return next((kind for kind in lists if isinstance(kind, CaseKind) and kind.metric == result.metric), None)


@register.simple_tag
def picture(drawn: Mapping[str, Drawn] | str, result: Result) -> Drawn | None:
    """The picture beside a figure, where it has one."""
    return drawn.get(result.metric) if isinstance(drawn, Mapping) else None


@register.simple_tag
def marks() -> SafeString:
    """What the signs of a table mean, leading to the entry that says it at length."""
    said = ", ".join(f"{sign} {words.status_word(status)}" for status, sign in MARKS.items())
    return format_html('<a href="{}">{}</a>', reverse("definition", args=["marks"]), said)


@register.filter
def brief(result: Result) -> str:
    """Why nothing is shown, for a row in which the companions say their own reasons."""
    lacking = reasons.without(result.reasons) if result.status is Status.WITHHELD else ""
    return lacking or "; ".join(result.why)


@register.filter
def one_reason(line: Line) -> str:
    """Why nothing of a whole line is shown, where every figure says the same; else nothing."""
    said = {(column.result.status, brief(column.result)) for column in line.columns}
    shown = len(said) > 1 or any(column.result.shown for column in line.columns)
    return "" if shown else next((reason for _status, reason in said), "")


@register.filter
def has_saving(section: Section) -> bool:
    """Whether the four have to stand in the very card."""
    return any(column.result.family is Family.SAVINGS for column in section.columns)


@register.filter
def counted(result: Result) -> str:
    """What n counts."""
    metric = registry.metrics().get(result.metric)
    return str(metric.sample) if metric else ""


@register.filter
def unit_word(result: Result) -> str:
    """The unit of a whole column, also where its first line shows no value."""
    metric = registry.metrics().get(result.metric)
    return str(words.unit_word(metric.unit)) if metric else str(result.unit_text)


@register.filter
def count(result: Result) -> str:
    """n without what it counts, as the panel words it: a band where people are counted."""
    return result.sample_text.removesuffix(counted(result)).strip()


@register.filter
def metric_link(result: Result) -> SafeString:
    """The name of a figure, leading to its definition."""
    return _metric_link(result.metric, str(result.label))


@lru_cache(maxsize=512)  # a page names its four a dozen times
def _metric_link(key: str, label: str) -> SafeString:
    return format_html('<a class="metric" href="{}">{}</a>', reverse("definition", args=[key]), label)


NAMED = {"agent_wellbeing_index": ("wellbeing",), "resolution_quality": ("resolution quality", "resolution"), "fte_reduction": ("FTE",)}
GROWTH = ("growth", ("Volume", "Contacts", "contacts", "growth"))


Links = tuple[dict[str, str], re.Pattern[str]]
_links: Beside[Links] = Beside(most=8)  # one for each language


def _find_links() -> Links:
    """{name in small letters: key of its entry}, and what finds them, the longest first."""
    names = [(name, key) for key, metric in registry.metrics().items() for name in (str(metric.label), *NAMED.get(key, ()))]
    names += [*((name, GROWTH[0]) for name in GROWTH[1]), ("figures", ""), ("one figure", ""), (words.unit_word(Unit.FTE), "fte_reduction")]
    names += [(pgettext("by itself", "wellbeing"), "agent_wellbeing_index"), (_("Volume"), GROWTH[0]), (_("contacts"), GROWTH[0])]
    links = {name.lower(): key for name, key in reversed(names)}
    longest = "|".join(re.escape(name) for name in sorted(links, key=len, reverse=True))
    return links, re.compile(rf"\b(?:{longest})\b", re.IGNORECASE)


@register.filter
def defined(sentence: str) -> SafeString:
    """The sentence with the names of what it tells leading to their definitions; each once, the longest name first."""
    links, pattern = _links.of(registry.metrics(), _find_links, get_language())
    seen: set[str] = set()

    def link(found: re.Match[str]) -> str:
        key = links[found[0].lower()]
        if key in seen:
            return conditional_escape(found[0])
        seen.add(key)
        address = reverse("definition", args=[key]) if key else reverse("definitions")
        return format_html('<a class="metric" href="{}">{}</a>', address, found[0])

    pieces, at = [], 0
    for found in pattern.finditer(str(sentence)):
        pieces += [conditional_escape(sentence[at : found.start()]), link(found)]
        at = found.end()
    return mark_safe("".join([*pieces, conditional_escape(sentence[at:])]))  # noqa: S308 - every piece was escaped
