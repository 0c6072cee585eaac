"""A cache that does not answer costs time, never a page."""

import pytest
from redis.exceptions import ConnectionError as NoRedis

from kpi import memory


class Gone:
    def get(self, key: str) -> object:
        raise NoRedis("connection refused")

    def set(self, key: str, value: object, seconds: int) -> None:
        raise TimeoutError


def test_what_is_kept_is_recalled() -> None:
    memory.keep("answer", 42, 60)
    assert memory.recall("answer") == 42


def test_a_cache_that_is_away_is_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "cache", Gone())
    memory.keep("answer", 42, 60)
    assert memory.recall("answer") is None


def test_a_cache_that_does_not_answer_is_not_asked_again_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen one would cost a page its time-out for everything the page asks."""
    asked: list[str] = []

    class Frozen:
        def get(self, key: str) -> object:
            asked.append(key)
            raise TimeoutError

        def set(self, key: str, value: object, seconds: int) -> None:
            asked.append(key)

    monkeypatch.setattr(memory, "cache", Frozen())
    for _ in range(3):
        assert memory.recall("answer") is None
        memory.keep("answer", 42, 60)
    assert len(asked) == 1
    memory.ask_again()
    assert memory.recall("answer") is None
    assert len(asked) == 2
