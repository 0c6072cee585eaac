"""A migrated SQLite file to copy, and the brokers and databases a case can run on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.processes import Centre, centre, own_database


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    migrated = Centre(folder).manage("migrate", "-v0")
    assert migrated.returncode == 0, migrated.stderr
    return folder / "counterweight.sqlite3"


@pytest.fixture
def embedded(tmp_path: Path, template: Path) -> Iterator[Centre]:
    """SQLite and the broker of folders."""
    with centre(tmp_path / "data", template) as made:
        yield made


@pytest.fixture(params=["embedded", "servers"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> Iterator[Centre]:
    """SQLite and folders; PostgreSQL and Redis where both are configured."""
    if request.param == "embedded":
        with centre(tmp_path / "data", template) as made:
            yield made
        return
    database, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not database.startswith("postgres") or not redis:
        pytest.skip("DATABASE_URL (postgres) and REDIS_URL are not both set")
    own_queue = redis.rsplit("/", 1)[0] + "/15"
    with own_database(database) as url, centre(tmp_path / "data", template, url, own_queue) as made:
        assert made.manage("migrate", "-v0").returncode == 0
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
