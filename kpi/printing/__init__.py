"""Pages on paper: printed by a browser from one document that needs nothing else, as a job whose row is the truth."""

from kpi.printing.browser import why_not
from kpi.printing.document import NotPrintable, page_at
from kpi.printing.runs import OPEN, TooMany, ask, expire, file_of, remove, rights_key, sweep
from kpi.printing.work import make

__all__ = ["OPEN", "NotPrintable", "TooMany", "ask", "expire", "file_of", "make", "page_at", "remove", "rights_key", "sweep", "why_not"]
