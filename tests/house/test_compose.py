"""docker-compose.yml is valid against the full schema, and keeps our own rules."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]


SCHEMA = jsonschema.Draft7Validator(json.loads((ROOT / "tests" / "data" / "compose-spec.json").read_text()))


def test_the_file_is_valid_against_the_compose_schema() -> None:
    assert list(SCHEMA.iter_errors(COMPOSE)) == []


def test_the_schema_refuses_a_key_it_does_not_know() -> None:
    assert not SCHEMA.is_valid({**COMPOSE, "services": {"web": {"imagine": "x"}}})


def test_the_services_of_the_product_are_there() -> None:
    assert set(SERVICES) == {"prepare", "web", "worker", "beat", "postgres", "redis"}


def test_there_is_exactly_one_beat() -> None:
    beats = [name for name, service in SERVICES.items() if "beat" in service.get("command", [])]
    assert beats == ["beat"]
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root(name: str) -> None:
    assert str(SERVICES[name]["user"]).split(":")[0] not in {"", "0", "root"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_may_write_beside_its_data_or_gain_a_right(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    _, _, tag = SERVICES[name]["image"].rpartition(":")
    assert tag not in {"", "latest"}
    assert tag[0].isdigit()


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare"}))
def test_every_lasting_service_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_web_server_is_published_and_only_to_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if service.get("ports")}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_the_file_nobody_commits(name: str) -> None:
    assert SERVICES[name]["env_file"] == [".env"]
    assert not {"SECRET_KEY", "PSEUDONYM_KEY"} & set(SERVICES[name]["environment"])
    assert ".env" in (ROOT / ".gitignore").read_text().split()


def test_the_image_drops_root_and_installs_from_the_hashed_lock() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER counterweight" in lines
    assert not any(line.startswith("COPY --chown") for line in lines)  # what runs cannot change itself
    assert any("apt-get install" in line and {"chromium", "postgresql-client"} <= set(line.split()) for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert any("--require-hashes --no-deps -r requirements.lock" in line for line in lines)
