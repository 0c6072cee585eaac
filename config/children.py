"""Child processes that live exactly as long as we do: started, restarted when they die, ended together.

Each child stands behind a small shell that waits for our end of a pipe to close. So no child outlives us, not even when
we are killed and can do nothing.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

GRACE_S = 10
# "$$" is the shell that becomes the child by exec, and the leader of its process group.
GUARD = f"""
exec 3<&0 </dev/null
(cat <&3 >/dev/null; kill -TERM $$; sleep {GRACE_S}; kill -KILL -- -$$) >/dev/null 2>&1 &
exec 3<&-
exec "$@"
"""


@dataclass(frozen=True)
class Child:
    """What is to be kept running."""

    name: str
    command: Sequence[str]


@dataclass
class Kept:
    """A child as it runs now."""

    child: Child
    process: "subprocess.Popen[bytes]"
    started: float
    deaths: int = 0
    again_at: float | None = None


@dataclass
class Keeper:
    """Starts children and restarts any that dies, later each time, until told to stop."""

    environment: Mapping[str, str]
    folder: str
    say: Callable[[str], None]
    kept: list[Kept] = field(default_factory=list)

    def start(self, child: Child) -> None:
        self.kept.append(Kept(child, self._run(child), time.monotonic()))

    def tend(self) -> None:
        """Look once at every child."""
        for one in self.kept:
            if one.process.poll() is None:
                continue
            if one.again_at is None:
                self._note_death(one)
            elif time.monotonic() >= one.again_at:
                _end_group(one.process, signal.SIGKILL)
                _close_pipe(one.process)
                one.process, one.started, one.again_at = self._run(one.child), time.monotonic(), None

    def stop(self) -> None:
        """Ask all to end, wait, then insist."""
        for one in self.kept:
            _end_leader(one.process)
        deadline = time.monotonic() + GRACE_S
        for one in self.kept:
            try:
                one.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{one.child.name} did not end in {GRACE_S} s: killed.")
            _end_group(one.process, signal.SIGKILL)
            one.process.wait()
            _close_pipe(one.process)
        self.kept.clear()

    def _note_death(self, one: Kept) -> None:
        long_lived = time.monotonic() - one.started > 60
        one.deaths = 1 if long_lived else one.deaths + 1
        delay = min(30, 2 ** (one.deaths - 1))
        one.again_at = time.monotonic() + delay
        self.say(f"{one.child.name} ended ({_how(one.process.returncode)}); it starts again in {delay} s.")

    def _run(self, child: Child) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            ["/bin/sh", "-c", GUARD, child.name, *child.command],
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.PIPE,
            start_new_session=True,
        )


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _end_leader(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()


def _end_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    """The guard, and whatever the child left behind, are in its group."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return  # all gone; macOS answers so for a group of the dead


def _close_pipe(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin:
        process.stdin.close()
