"""What every template may ask for: the pages of the navigation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kpi import sheet


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Pages on which a figure stands, in their order."""
    return {"pages": SimpleLazyObject(lambda: list(sheet.pages().values()))}
