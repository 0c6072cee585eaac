"""A migrated SQLite file to copy, and the brokers and databases a case can run on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.processes import Centre, centre, own_database
from tests.once import Migrated, made_once, run_folder, template_name


def migrate(made: Centre) -> None:
    done = made.manage("migrate", "-v0")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, migrated: Migrated, django_db_setup: None) -> Path:
    """Of SQLite, whatever is configured. Where nothing but faults is tested, nobody has migrated."""
    if migrated.file.exists() and not template_name():
        return migrated.file
    folder = made_once(run_folder(tmp_path_factory) / "template", lambda folder: migrate(Centre(folder)))
    return folder / "counterweight.sqlite3"


@pytest.fixture
def embedded(tmp_path: Path, template: Path) -> Iterator[Centre]:
    """SQLite and the broker of folders."""
    with centre(tmp_path / "data", template) as made:
        yield made


@pytest.fixture(params=["embedded", "servers"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Centre]:
    """SQLite and folders; PostgreSQL and Redis where both are configured."""
    if request.param == "embedded":
        with centre(tmp_path / "data", request.getfixturevalue("template")) as made:
            yield made
        return
    database, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not database.startswith("postgres") or not redis:
        pytest.skip("DATABASE_URL (postgres) and REDIS_URL are not both set")
    request.getfixturevalue("django_db_setup")
    ready = request.getfixturevalue("migrated").file.exists()
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    own_queue = redis.rsplit("/", 1)[0] + f"/{15 - number % 8}"  # two centres on one queue would take each other's messages
    copied = template_name() if ready else "template1"
    with own_database(database, copied) as url, centre(tmp_path / "data", Path(), url, own_queue) as made:
        if not ready:
            migrate(made)
        yield made


OWN = {"embedded", "redis_port", "postgres"}


def brings_its_own(item: pytest.Item) -> bool:
    """A case that starts SQLite and folders, or servers of its own, whatever is configured."""
    chosen = getattr(item, "callspec", None)
    return bool(OWN & set(getattr(item, "fixturenames", ()))) or (chosen is not None and chosen.params.get("anywhere") == "embedded")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those are the same beside every server, and can be left out: -m 'not embedded'."""
    for item in items:
        if brings_its_own(item):
            item.add_marker(pytest.mark.embedded)
