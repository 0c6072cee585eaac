"""Two workers and an import at the same time: nothing is lost, nothing is counted twice."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction

from kpi import ledger, rollup
from kpi.recompute.compare import compare
from tests.kpi.world import Contact, World

ROUNDS = 8


def in_thread(work: Callable[[], None], failures: list[BaseException]) -> Thread:
    def run() -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    return Thread(target=run)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time, and tests keep it in memory")
def test_two_workers_and_an_import_end_with_the_totals_of_the_records() -> None:
    world = World()
    failures: list[BaseException] = []

    def bring(number: int) -> None:
        contacts = [Contact(f"r{(number * 7 + n) % 30}", (number + n) % 4 or None, hours=(number * 13 + n * 29) % 500) for n in range(10)]
        for _ in range(3):  # an import that loses against a rollup is tried again
            try:
                with transaction.atomic():
                    world.store(contacts)
                return
            except OperationalError:
                continue

    def import_files() -> None:
        for number in range(ROUNDS):
            bring(number)

    def work() -> None:
        for _ in range(ROUNDS):
            rollup.roll_up_due()

    threads = [in_thread(job, failures) for job in (work, work, import_files)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rollup.roll_up_due()
    assert ledger.due() == {}
    assert list(compare()) == []
