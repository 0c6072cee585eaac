"""Links of a page where something is not shown: the same question asked wider or longer."""

from collections.abc import Sequence
from typing import Any

from django import template

from kpi import wider
from kpi.forms import PanelForm
from kpi.result import Result

register = template.Library()


@register.simple_tag(takes_context=True)
def ways_for(context: dict[str, Any], result: Result) -> Sequence[wider.Way]:
    """Under one figure; none on a page without filters."""
    form = context.get("form")
    return wider.ways(result, form) if isinstance(form, PanelForm) else ()


@register.simple_tag(takes_context=True)
def ways_for_all(context: dict[str, Any]) -> Sequence[wider.Way]:
    """For a page on which none of the four is shown."""
    return wider.ways_of((column.result for column in context["panel"].columns), context["form"])
