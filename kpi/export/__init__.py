"""Files of what a page shows: rows for CSV, books for spreadsheets. Built from a `Panel`, so no saving is without its companions."""

from kpi.export.book import case_book, further_book, panel_book, sheet_book
from kpi.export.cells import BOM, Row, Value, inert, render_csv
from kpi.export.head import filters_text, versions_text
from kpi.export.rejected import is_private, rejected_rows_csv, same_file, taken_back
from kpi.export.rows import FIGURES, HEADER, case_rows, figure_rows, further_rows, panel_rows, private_rejected_rows, sheet_rows

__all__ = [
    "BOM",
    "FIGURES",
    "HEADER",
    "Row",
    "Value",
    "case_book",
    "case_rows",
    "figure_rows",
    "filters_text",
    "further_book",
    "further_rows",
    "inert",
    "is_private",
    "panel_book",
    "panel_rows",
    "private_rejected_rows",
    "rejected_rows_csv",
    "render_csv",
    "same_file",
    "sheet_book",
    "sheet_rows",
    "taken_back",
    "versions_text",
]  # fmt: skip
