"""Two workers and an import at the same time: nothing is lost, nothing is counted twice."""

from collections.abc import Callable
from datetime import date
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, transaction

from kpi import ledger, recompute, rollup
from kpi.recompute.compare import compare
from kpi.recompute.totals import parts
from kpi.registry import subjects
from tests.kpi.world import Contact, World

ROUNDS = 8
NOT_YET_S = 0.3  # a wait that should not end: where the lock is not there, it ends in a hundredth of this
SUNDAY, MONDAY = date(2026, 6, 7), date(2026, 6, 8)
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time, and tests keep it in memory")


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
@on_postgres
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


@pytest.mark.django_db(transaction=True)
@on_postgres
@pytest.mark.parametrize(
    ("lock", "waits"),
    [
        (lambda: ledger.take_lock_of_weeks("interaction", [MONDAY]), False),  # another week
        (lambda: ledger.take_lock_of_weeks("agent_day", [SUNDAY]), False),  # another subject
        (lambda: ledger.take_lock_of_weeks("interaction", [date(2026, 6, 1)]), True),  # the same week
        (ledger.take_lock, True),  # all of them
    ],
    ids=["another week", "another subject", "the same week", "all"],
)
def test_writers_of_weeks_wait_for_those_they_share_a_week_with(lock: Callable[[], None], waits: bool) -> None:
    got, failures = Event(), list[BaseException]()

    def other() -> None:
        with transaction.atomic():
            lock()
            got.set()

    thread = in_thread(other, failures)
    with transaction.atomic():
        ledger.take_lock_of_weeks("interaction", [SUNDAY])
        thread.start()
        assert got.wait(NOT_YET_S if waits else 30) is not waits
    thread.join()
    assert failures == []
    assert got.is_set()


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_a_year_recomputed_by_two_workers_is_that_of_one() -> None:
    world, failures = World(), list[BaseException]()
    world.store([Contact(f"r{number}", number % 4 or None, hours=number * 31 % 2400) for number in range(120)])
    rollup.roll_up_due()
    work = [part for subject in subjects().values() for part in parts(subject)]

    def rewrite(share: int) -> None:
        for subject, days in work[share:]:  # both write all but the first: every week is wanted by two
            recompute.recompute_part(subject, days)

    threads = [in_thread(lambda: rewrite(0), failures), in_thread(lambda: rewrite(1), failures)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ledger.due() == {}
    assert list(compare()) == []
