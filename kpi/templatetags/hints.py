"""What a figure is, in one sentence, where it stands first on a page."""

from django import template
from django.utils.functional import Promise

from kpi import registry
from kpi.result import Result

register = template.Library()


@register.simple_tag
def hint_of(result: Result, *, first: bool) -> str | Promise:
    """The words of its definition. The four of the panel stand first there: further down they have none again."""
    metric = registry.metrics().get(result.metric)
    return metric.words if metric and (first or not metric.headline) else ""
