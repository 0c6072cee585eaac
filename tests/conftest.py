"""The fixed clock, the cast, no network, no browser download, and nothing shared between two test processes."""

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.urls import get_resolver
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from kpi import registry
from kpi.metric import Period
from kpi.models import Site, Team
from tests import factories
from tests.emptied import sql_flush
from tests.memory import forget_all
from tests.once import Migrated, drop_template, run_folder
from tests.order import TwoQueues

hypothesis_settings.register_profile("house", deadline=None)  # machines are noisy: no test measures time
hypothesis_settings.load_profile("house")

NOW = datetime(2026, 4, 13, 8, 0, tzinfo=UTC)  # a Monday; every "today" of the tests
LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
]  # fmt: skip

gc.set_threshold(100_000, 50, 100)  # thousands of tests are there to stay: nobody need look through them at every turn

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in the test's thread


@pytest.fixture(scope="session", autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Files of one test process are seen by no other; the cache lives in memory (clearing Redis would empty the broker)."""
    folder = tmp_path_factory.mktemp("data")
    memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with pytest.MonkeyPatch.context() as patch, override_settings(CACHES=memory):  # it tells the caches, which may be in use already
        patch.setattr(settings, "DATA_DIR", folder)
        patch.setattr(settings, "MEDIA_ROOT", folder / "media")
        patch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", folder / "uploads")
        settings.FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700)
        patch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
        yield folder


@pytest.fixture(scope="session", autouse=True)
def every_route_is_known() -> None:
    """Views are imported before a test replaces what they import: a module that came later would keep the replacement."""
    assert get_resolver().url_patterns


@pytest.fixture(autouse=True)
def no_memory_of_other_tests() -> Iterator[None]:
    translation.deactivate()  # a page in German leaves its language with the thread
    forget_all()
    yield
    registry.forget()
    shutil.rmtree(Path(settings.DATA_DIR) / "inbox", ignore_errors=True)


def allowed_hosts() -> set[str | None]:
    """This machine, and the servers the person who runs the tests configured."""
    return LOCAL_HOSTS | {urlsplit(os.environ.get(name, "")).hostname for name in ("REDIS_URL", "DATABASE_URL")}


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """A test that reaches for another host fails there, with its name."""
    allowed, connect, look_up = allowed_hosts(), socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in allowed:
            raise RuntimeError(f"tests have no network: {address[0]}")
        return connect(self, address)  # type: ignore[arg-type]

    def guarded_look_up(host: object, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in allowed:
            raise RuntimeError(f"tests have no network: {name}")
        return look_up(host, *args, **kwargs)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    """One process of a run migrates, the others copy."""
    found = Migrated(run_folder(tmp_path_factory))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.creation, "create_test_db", found.create_or_copy)
        patch.setattr(type(connection.ops), "sql_flush", sql_flush)  # a browser's tests have a connection of their own
        yield found


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, migrated: Migrated) -> None:
    """Before the database is made."""


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """What the test processes copied is dropped by the one that started them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with suppress(psycopg.OperationalError):
            drop_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A thread of the live server, or a query cut off in it, may outlive the last test by a moment. PostgreSQL drops no
    database somebody is in: whoever is left in ours is one of our own, and is shown out."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Today is NOW; `clock.move_to(...)` and `clock.shift(...)` change it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def small_numbers(db: None) -> None:
    """Before the first row of a test that looks for planted figures."""
    factories.count_anew()


@pytest.fixture
def march() -> Period:
    return Period(date(2026, 3, 1), date(2026, 4, 1))


@pytest.fixture
def site(db: None) -> Site:
    return factories.SiteFactory(code="harbour", name="Harbour")


@pytest.fixture
def lark(site: Site) -> Team:
    """Twelve people; answers everything."""
    return factories.staffed_team("Lark", people=12, site=site)


@pytest.fixture
def wren(site: Site) -> Team:
    """Four people; always too few to show."""
    return factories.staffed_team("Wren", people=4, site=site)


@pytest.fixture
def heron(site: Site) -> Team:
    """Busy; no surveys."""
    return factories.staffed_team("Heron", people=15, site=site)


def chromium() -> str | None:
    """A browser that is already here; none is ever downloaded."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the browser."""
    path = chromium()
    if path is None:
        sentence = "no Chromium: apt-get install --no-install-recommends chromium, or set CHROMIUM_PATH"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": path, "args": CHROMIUM_FLAGS + sandbox}


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoQueues:
    return TwoQueues(config, log)


DATABASE = {"db", "transactional_db", "live_server", "small_centre", "standing_sites"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What touches no database and starts no process gives the same on every database: .ci/run does it once. What is marked slow runs
    when somebody asks for it."""
    slow = [] if "slow" in (config.getoption("markexpr") or "") else [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    for item in items:
        touches = item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ()))
        if not touches and not item.get_closest_marker("fault") and not item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.embedded)
