"""Files that are answered at once: books for spreadsheets, and the table behind a figure. Slower ones are jobs (kpi/takeaway.py)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from kpi.api import attachment, read_cases, read_or_refuse, read_panel, read_sheet
from kpi.export import FIGURES, case_book, figure_rows, panel_book, render_csv, sheet_book
from kpi.metric import Period
from kpi.models import ListOpened

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@require_safe
@login_required
def panel_xlsx(request: HttpRequest) -> HttpResponse:
    """The overview as a book."""
    panel = read_or_refuse(lambda: read_panel(request))
    return attachment(request, _name("counterweight", panel.query.period, "xlsx"), panel_book(panel), XLSX)


@require_safe
@login_required
def sheet_xlsx(request: HttpRequest, page: str) -> HttpResponse:
    """A page beside the overview as a book."""
    sheet = read_or_refuse(lambda: read_sheet(request, page))
    return attachment(request, _name(f"counterweight_{sheet.key}", sheet.panel.query.period, "xlsx"), sheet_book(sheet), XLSX)


@require_safe
@login_required
def cases_xlsx(request: HttpRequest, kind: str) -> HttpResponse:
    """A list of contacts as a book; rights and the record of who opened it are those of the page."""
    found = read_or_refuse(lambda: read_cases(request, kind, ListOpened.Surface.XLSX))
    return attachment(request, _name(f"counterweight_{kind}", found.period, "xlsx"), case_book(found), XLSX)


@require_safe
@login_required
def figure_csv(request: HttpRequest, figure: str) -> HttpResponse:
    """The numbers a picture is drawn from."""
    if figure not in FIGURES:
        raise Http404
    panel = read_or_refuse(lambda: read_panel(request))
    content = render_csv(figure_rows(panel, figure))
    return attachment(request, _name(f"counterweight_{figure}", panel.query.period, "csv"), content, CSV)


def _name(start: str, period: Period, kind: str) -> str:
    return f"{start}_{period.start}_{period.end}.{kind}"


urlpatterns = [
    path("export/panel.xlsx", panel_xlsx, name="panel-xlsx"),
    path("export/pages/<slug:page>.xlsx", sheet_xlsx, name="sheet-xlsx"),
    path("export/lists/<slug:kind>.xlsx", cases_xlsx, name="cases-xlsx"),
    path("export/figures/<slug:figure>.csv", figure_csv, name="figure-csv"),
]
