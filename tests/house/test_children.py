"""Children live exactly as long as we do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.children import Child, Keeper

SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
OWNER = """
import sys, time
from config.children import Child, Keeper
keeper = Keeper({}, ".", print)
keeper.start(Child("sleeper", (sys.executable, "-c", sys.argv[1], sys.argv[2])))
time.sleep(60)
"""


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return met


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def numbers(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def keeper(said: list[str]) -> Iterator[Keeper]:
    keeper = Keeper(dict(os.environ), ".", said.append)
    yield keeper
    keeper.stop()


def sleeper(path: Path) -> Child:
    return Child("sleeper", (sys.executable, "-c", SLEEPER, str(path)))


def test_a_child_that_dies_is_started_again_and_said_so(keeper: Keeper, said: list[str], tmp_path: Path) -> None:
    keeper.start(sleeper(tmp_path / "pids"))
    assert eventually(lambda: len(numbers(tmp_path / "pids")) == 1)
    os.kill(numbers(tmp_path / "pids")[0], signal.SIGKILL)

    def twice() -> bool:
        keeper.tend()
        return len(numbers(tmp_path / "pids")) == 2

    assert eventually(twice)
    assert said == ["sleeper ended (signal SIGKILL); it starts again in 1 s."]


def test_a_child_that_dies_at_once_waits_longer_each_time(keeper: Keeper, said: list[str]) -> None:
    keeper.start(Child("broken", ("/bin/sh", "-c", "exit 7")))

    def died(times: int) -> Callable[[], bool]:
        def look() -> bool:
            keeper.tend()
            return len(said) == times

        return look

    assert eventually(died(2))
    assert said == ["broken ended (exit code 7); it starts again in 1 s.", "broken ended (exit code 7); it starts again in 2 s."]


def test_stopping_ends_the_child_and_what_it_left_behind(keeper: Keeper, tmp_path: Path) -> None:
    script = f"{sys.executable} -c \"{SLEEPER}\" '{tmp_path / 'pids'}' & exec sleep 60"
    keeper.start(Child("parent", ("/bin/sh", "-c", script)))
    assert eventually(lambda: len(numbers(tmp_path / "pids")) == 1)
    keeper.stop()
    assert eventually(lambda: not is_alive(numbers(tmp_path / "pids")[0]))


@pytest.mark.fault
def test_no_child_outlives_an_owner_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "pids"
    owner = subprocess.Popen([sys.executable, "-c", OWNER, SLEEPER, str(path)], cwd=Path(__file__).parents[2])
    assert eventually(lambda: len(numbers(path)) == 1)
    owner.kill()
    owner.wait()
    assert eventually(lambda: not is_alive(numbers(path)[0]))
