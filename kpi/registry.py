"""Finds every <app>/metrics, sources, subjects, places, alerts and vendors when the site starts; there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any

from django.apps import apps

from kpi import slots
from kpi.alert import Rule
from kpi.metric import Family, Measure, Metric
from kpi.pages import Place
from kpi.source import Source
from kpi.subject import Subject
from kpi.vendor import Vendor


class Unknown(LookupError):
    """Somebody asked for a key no file defines; the message lists those that are."""


def _modules(folder: str) -> list[ModuleType]:
    found = []
    for app in apps.get_app_configs():
        try:
            package = importlib.import_module(f"{app.name}.{folder}")
        except ModuleNotFoundError as error:
            if error.name != f"{app.name}.{folder}":
                raise
            continue
        names = sorted(item.name for item in pkgutil.iter_modules(package.__path__) if not item.name.startswith("_"))
        found += [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return found


def files(folder: str, name: str) -> list[tuple[str, Any]]:
    """(file name, what it defines), with those that two files define alike: for the start-up checks."""
    return [(module.__name__.rpartition(".")[2], getattr(module, name)) for module in _modules(folder) if hasattr(module, name)]


@cache
def metrics() -> dict[str, Metric]:
    """Every METRIC by key, in the order of the families."""
    found = [module.METRIC for module in _modules("metrics") if hasattr(module, "METRIC")]
    order = list(Family)
    return {item.key: item for item in sorted(found, key=lambda item: (order.index(item.family), not item.headline, item.key))}


@cache
def sources() -> dict[str, Source]:
    return {module.SOURCE.key: module.SOURCE for module in _modules("sources") if hasattr(module, "SOURCE")}


@cache
def subjects() -> dict[str, Subject]:
    return {module.SUBJECT.key: module.SUBJECT for module in _modules("subjects") if hasattr(module, "SUBJECT")}


@cache
def places() -> tuple[Place, ...]:
    """Every PLACE of the navigation, in its order within its group."""
    found = [module.PLACE for module in _modules("places") if hasattr(module, "PLACE")]
    return tuple(sorted(found, key=lambda place: (place.order, place.key)))


@cache
def rules() -> dict[str, Rule]:
    """Every RULE of an alert by key."""
    return {module.RULE.key: module.RULE for module in _modules("alerts") if hasattr(module, "RULE")}


@cache
def vendors() -> dict[str, Vendor]:
    """Every VENDOR by the format it fetches."""
    return {module.VENDOR.format: module.VENDOR for module in _modules("vendors") if hasattr(module, "VENDOR")}


@cache
def measures() -> dict[str, Measure]:
    """Every measure any metric uses, by key."""
    found: dict[str, Measure] = {}
    for metric in metrics().values():
        for item in metric.measures:
            if found.setdefault(item.key, item) is not item:
                raise Unknown(f"two measures are called {item.key}: import the one that exists")
    return found


def measures_of(subject: str) -> tuple[Measure, ...]:
    return tuple(item for item in measures().values() if item.subject == subject)


def headline(family: Family) -> Metric | None:
    """The metric its family is judged by."""
    return next((item for item in metrics().values() if item.family is family and item.headline), None)


def source(key: str) -> Source:
    try:
        return sources()[key]
    except KeyError:
        raise Unknown(f"there is no source “{key}”; these exist: {', '.join(sources())}") from None


FOUND = (metrics, sources, subjects, places, rules, vendors, measures)


def load() -> None:
    """Look for everything now: whoever looks later may meet files of another edition."""
    for function in FOUND:
        function()


def forget() -> None:
    """Look again: for tests that add a file."""
    slots.forget()
    for function in FOUND:
        function.cache_clear()
