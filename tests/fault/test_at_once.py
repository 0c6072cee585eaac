"""Several senders and several workers in the same moment: every row is there once, nobody is told of a lock."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fault.processes import Centre, file_of, invariants, until
from tests.fault.web import Answer, serve

pytestmark = pytest.mark.fault
ROWS = 4000
SENT = ((0, "night"), (0, "night"), (0, ""), (2000, "evening"), (4000, ""))  # where a file begins, and its Idempotency-Key


@pytest.mark.parametrize("anywhere", ["embedded", pytest.param("servers", marks=pytest.mark.slow)], indirect=True)
def test_two_workers_and_five_senders_at_once_store_every_row_once(anywhere: Centre, tmp_path: Path) -> None:
    """Twice one key and file, the file without a key, and two files that hold half of its rows or half of each other's."""
    anywhere.beat()
    web = serve(anywhere, threads=len(SENT))
    for _ in range(2):
        anywhere.worker(pause=0.05)
    files = {first: file_of(tmp_path / f"{first}.csv", ROWS, first=first).read_bytes() for first, _key in SENT}
    until(lambda: web.get().status == 200, 90, "the overview is there")
    with ThreadPoolExecutor(len(SENT)) as pool:
        answers: list[Answer] = list(pool.map(lambda sent: web.send(files[sent[0]], sent[1]), SENT))
    assert [answer.status for answer in answers] == [202] * len(SENT), answers
    same = {answer.text for answer in answers[:3]}
    assert len(same) == 1, "the same bytes are one run"
    until(anywhere.settled, 120, "all of it imported and rolled up")
    assert [row[:2] for row in anywhere.state()] == [("done", 1)] * 3
    assert anywhere.number("SELECT count(*) FROM kpi_interaction") == 8000 - 8
    assert anywhere.number("SELECT sum(new + changed) FROM kpi_importrun") == 8000 - 8
    said = anywhere.log.read_text()
    assert "locked" not in said
    assert "level=ERROR" not in said
    invariants(anywhere)
