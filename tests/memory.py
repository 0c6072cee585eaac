"""A process that has just started: nothing remembered, nothing kept."""

from django.core.cache import cache

from kpi import doubts, memory
from kpi.balance import by_family
from kpi.version import kept
from kpi.warm import standing


def forget_all() -> None:
    cache.clear()
    forget_process()


def forget_process() -> None:
    """What another process would not have; the cache they share stays."""
    memory.ask_again()
    standing.forget()
    kept.forget()
    by_family.forget()
    doubts.forget()
