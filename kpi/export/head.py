"""What a file says of itself on top: page, scope and filters by name, the answer, how fresh the data are, versions of the definitions.

The scope is written out, so that the file means the same to whoever opens it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from kpi.export.cells import Row
from kpi.openings import filters_of
from kpi.result import Panel, Result, Scope, Sheet


def panel_head(panel: Panel) -> Iterator[Row]:
    """The head of the overview."""
    yield from about(panel, _("Overview"), (column.result for column in panel.columns))


def sheet_head(sheet: Sheet) -> Iterator[Row]:
    """The head of a page beside the overview, with the versions of all its figures."""
    results = [*(column.result for column in sheet.panel.columns), *_further(sheet)]
    yield from about(sheet.panel, sheet.title, results)
    yield (_("Question"), sheet.question)
    yield (_("Its answer"), sheet.answer.text)


def about(panel: Panel, page: str, results: Iterable[Result]) -> Iterator[Row]:
    """A line for everything a number cannot be read without."""
    fresh = panel.freshness
    yield (_("Page"), str(page))
    yield (_("Scope"), str(panel.title))
    yield (_("Period"), str(panel.period_text), panel.query.period.start.isoformat(), panel.query.period.end.isoformat())
    yield (_("Compared with"), str(panel.comparison_text))
    yield (_("Filters"), filters_text(panel.query.scope))
    if panel.teams:
        yield (_("Teams in the tables"), ", ".join(str(team.label) for team in panel.teams))
    yield (_("Answer"), str(panel.verdict.text))
    yield (_("Data"), str(fresh.text), fresh.data_to.isoformat() if fresh.data_to else None)
    yield from ((_("Warning"), str(warning)) for warning in fresh.warnings)
    yield (_("Definition versions"), versions_text(results))
    yield from ((_("Note"), str(text)) for text in (panel.weeks_text, panel.policy_text, panel.people_text) if text)


def filters_text(scope: Scope) -> str:
    """By name; where all is shown nothing has to be looked up."""
    return (filters_of(scope) if scope != Scope() else "") or _("none")


def versions_text(results: Iterable[Result]) -> str:
    """Each definition once, in the order of the page."""
    return "; ".join(dict.fromkeys(f"{result.metric} {result.definition_version}" for result in results))


def _further(sheet: Sheet) -> Iterator[Result]:
    yield from (column.result for section in sheet.sections for column in section.columns)
    yield from (column.result for table in sheet.breakdowns for line in table.lines[:1] for column in line.columns)
