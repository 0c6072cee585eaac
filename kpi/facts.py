"""What one process keeps: facts and results of one version of the data until it moves on, and what is said of an object."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Generic, TypeVar, cast

RESULTS = 4096  # single results, of some 4 KB each
Found = TypeVar("Found")


class Facts:
    """Facts and results of one version. Without a version nothing is kept."""

    def __init__(self) -> None:
        self.lock = RLock()  # one thread makes a fact, the others wait for it
        self.forget()

    def forget(self, version: str = "") -> None:
        self.version = version
        self.facts: dict[Hashable, Any] = {}
        self.results: OrderedDict[Hashable, Any] = OrderedDict()

    def fact(self, version: str, key: Hashable, make: Callable[[], Found]) -> Found:
        """What `make` gives, made once for each version."""
        if not version:
            return make()
        with self.lock:
            if version != self.version:
                self.forget(version)
            if key not in self.facts:
                self.facts[key] = make()
            return cast(Found, self.facts[key])

    def recall(self, version: str, key: Hashable) -> Any:
        """A result that was kept of this version; None where there is none."""
        with self.lock:
            if version != self.version or key not in self.results:
                return None
            self.results.move_to_end(key)
            return self.results[key]

    def keep(self, version: str, key: Hashable, result: object) -> None:
        """Up to RESULTS of them; those nobody asked for the longest go first."""
        if not version:
            return
        with self.lock:
            if version != self.version:
                self.forget(version)
            self.results[key] = result
            if len(self.results) > RESULTS:
                self.results.popitem(last=False)


class Beside(Generic[Found]):
    """What follows from objects that never change. Found by the object itself, which is held so that no other takes its place."""

    def __init__(self, most: int = RESULTS) -> None:
        self.lock, self.most = RLock(), most
        self.found: OrderedDict[Hashable, tuple[object, Found]] = OrderedDict()

    def forget(self) -> None:
        with self.lock:
            self.found.clear()

    def of(self, item: object, make: Callable[[], Found], further: Hashable = None) -> Found:
        """What `make` gives, made once for each object and whatever else it depends on."""
        key = (id(item), further)
        known = self.found.get(key)
        if known is None:
            known = (item, make())
            with self.lock:
                self.found[key] = known
                if len(self.found) > self.most:
                    self.found.popitem(last=False)
        return known[1]
