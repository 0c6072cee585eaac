"""A broker that is frozen, gone, or back without its messages: the web answers in time and says what that means, and no file is lost."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fault.processes import centre, file_of, invariants, unavailable, until
from tests.fault.web import Answer, serve
from tests.servers import free_port, start_redis

pytestmark = pytest.mark.fault
ROWS = 10_000
STORED = ROWS - ROWS // 1000
IN_TIME_S = 3
UNHEARD = "Nothing reads it at the moment"


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[tuple[int, list[Any]]]:
    """A Redis of the test's own, and the list of its processes."""
    port, servers = free_port(), []
    try:
        servers.append(start_redis(tmp_path, port))
    except (ImportError, OSError, RuntimeError) as error:
        unavailable(f"no Redis can be started here: {error}")
    yield port, servers
    for server in servers:
        server.kill()
        server.wait(10)


def test_without_its_broker_the_web_answers_in_time_and_says_what_that_means(
    redis_port: tuple[int, list[Any]], tmp_path: Path, template: Path
) -> None:
    """One import is under way all the while; one file is sent to a Redis that is frozen, one to none at all. It comes back empty."""
    port, servers = redis_port
    night, frozen, gone = (file_of(tmp_path / f"{first}.csv", 1000, first=first) for first in (0, 20_000, 30_000))
    file_of(night, ROWS)
    with centre(tmp_path / "data", template, redis=f"redis://127.0.0.1:{port}/0") as made:
        made.beat()
        made.worker(pause=0.1)
        web = serve(made)
        until(lambda: web.get().status == 200, 90, "the overview is there")
        slow = web.get().seconds + web.get("/data/", web.administrator).seconds  # how slow this machine is
        assert web.send(night.read_bytes()).status == 202
        until(lambda: len(made.marks("import staged a block")) >= 4, 90, "4 blocks read")

        def in_time(answer: Answer) -> str:
            assert answer.status in {200, 202}
            assert answer.seconds < IN_TIME_S + slow
            return answer.text

        servers[0].send_signal(signal.SIGSTOP)
        for path in ("/", "/people/", "/resolution/", "/api/v1/panel", "/readyz"):
            in_time(web.get(path))
        in_time(web.send(frozen.read_bytes()))
        assert UNHEARD in in_time(web.get("/data/runs/2/", web.administrator))
        assert "Files wait and nothing reads them" in in_time(web.get("/data/", web.administrator))
        servers[0].kill()
        servers[0].wait(10)
        in_time(web.send(gone.read_bytes()))
        servers.append(start_redis(tmp_path, port))
        until(made.settled, 90, "all files imported and rolled up after Redis came back")
        assert UNHEARD not in in_time(web.get("/data/runs/2/", web.administrator))
        assert [row[0] for row in made.state()] == ["done"] * 3
        assert made.number("SELECT count(*) FROM kpi_interaction") == STORED + 2 * 999
        invariants(made)
