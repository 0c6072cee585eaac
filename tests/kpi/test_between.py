"""What one process of a site worked out is found by the others: the same numbers, and only of the same data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings
from redis.exceptions import ConnectionError as NoRedis

from kpi import between, desk, growth, memory, values
from kpi.models import Annotation
from kpi.result import Panel, Query, Scope
from tests.kpi.panel_help import PERIOD, Centre, ask, centre, planted_beside_wellbeing
from tests.memory import forget_process

LOCAL = "django.core.cache.backends.locmem.LocMemCache"
DUMMY = "django.core.cache.backends.dummy.DummyCache"


@pytest.fixture
def shared(clock: None) -> Iterator[None]:
    """Whole answers are not kept; single results are, for all processes."""
    with override_settings(CACHES={"default": {"BACKEND": DUMMY}, "between": {"BACKEND": LOCAL, "LOCATION": "between"}}):
        caches["between"].clear()
        yield
        caches["between"].clear()


@pytest.fixture
def here(clock: None, db: None) -> Iterator[Centre]:
    with planted_beside_wellbeing():
        yield centre()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many targets were estimated, and courses of growth worked out, each time."""
    found: list[int] = []
    estimate, course = values.estimate, growth._growth

    def counted(targets: Any, *args: Any, **more: Any) -> Any:
        found.append(len(targets))
        return estimate(targets, *args, **more)

    def counted_course(*args: Any) -> Any:
        found.append(1)
        return course(*args)

    monkeypatch.setattr(desk, "estimate", counted)
    monkeypatch.setattr(growth, "_growth", counted_course)
    return found


def another_process(scope: Scope) -> Panel:
    forget_process()
    return ask(scope)


def test_another_process_works_out_nothing_and_says_the_same(shared: None, here: Centre, made: list[int]) -> None:
    first = ask(Scope())
    worked = sum(made)
    assert worked
    made.clear()
    assert another_process(Scope()) == first
    assert sum(made) == 0


def test_without_a_cache_in_common_each_works_it_out(here: Centre, made: list[int]) -> None:
    with override_settings(CACHES={"default": {"BACKEND": DUMMY}}):
        first = ask(Scope())
        worked = sum(made)
        made.clear()
        assert another_process(Scope()) == first
        assert sum(made) == worked


def test_other_data_or_another_k_is_worked_out_anew(shared: None, here: Centre, made: list[int]) -> None:
    ask(Scope())
    Annotation.objects.create(day=PERIOD.start, text="new tool")
    made.clear()
    another_process(Scope())
    assert sum(made)
    made.clear()
    with override_settings(WELLBEING_MIN_GROUP=settings.WELLBEING_MIN_GROUP + 5):
        another_process(Scope())
    assert sum(made)


def test_what_is_kept_of_another_release_or_site_is_not_read(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    between.keep("7", [("figure", 1)], ["known"])
    assert between.recall("7", [("figure", 1), ("figure", 2)]) == ["known", None]
    assert between.recall("8", [("figure", 1)]) == [None]
    with monkeypatch.context() as patch:
        patch.setitem(settings.DATABASES["default"], "NAME", "another site")
        assert between.recall("7", [("figure", 1)]) == [None]
    monkeypatch.setattr(memory, "release", lambda: "next")
    assert between.recall("7", [("figure", 1)]) == [None]


def test_nothing_without_a_version(shared: None) -> None:
    between.keep("", ["figure"], ["known"])
    assert between.recall("", ["figure"]) == [None]


def test_a_shared_cache_that_is_away_costs_no_page(shared: None, here: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def get_many(self, keys: object) -> object:
            raise NoRedis("connection refused")

        def set_many(self, values: object, seconds: int) -> None:
            raise TimeoutError

    plain = ask(Scope())
    monkeypatch.setattr(memory, "caches", {"between": Gone()})
    assert replace(another_process(Scope()), query=plain.query) == plain
    assert isinstance(plain.query, Query)
    assert not memory.is_shared()  # nobody asks it again for a while
