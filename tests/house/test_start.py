"""Fault J92: with settings nobody should run on, nothing starts; one sentence names the variable and the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "PRODUCTION": "true",
    "SECRET_KEY": "q7Zr0vWbX2kL9mT4yN8sD1fG6hJ3pA5cE0uI7oB2wR4xV9zK1tM",
    "PSEUDONYM_KEY": "h8Yt3nQ5wL0zX7cV2bM4kJ9gF6dS1aPe",
    "ALLOWED_HOSTS": "kpi.example.org",
    "DATABASE_URL": "postgres://kpi:pw@127.0.0.1:5432/kpi",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}
REFUSED = {
    "no key": ({"SECRET_KEY": ""}, "SECRET_KEY is not set: give 50 random characters or more"),
    "short key": ({"SECRET_KEY": "abc"}, "SECRET_KEY is too short or a sample"),
    "repeated key": ({"SECRET_KEY": "ab" * 30}, "SECRET_KEY is too short or a sample"),
    "the demo's key": ({"SECRET_KEY": "demo-" * 12}, "SECRET_KEY is too short or a sample"),
    "no pseudonym key": ({"PSEUDONYM_KEY": ""}, "PSEUDONYM_KEY is not set: give 32 random characters or more"),
    "DEBUG on": ({"DEBUG": "true"}, "DEBUG and PRODUCTION exclude each other"),
    "DEBUG unclear": ({"DEBUG": "maybe"}, "DEBUG='maybe' is not understood: write true or false."),
    "PRODUCTION unclear": ({"PRODUCTION": "sure"}, "PRODUCTION='sure' is not understood: write true or false."),
    "any host": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS holds '*'"),
    "any host among others": ({"ALLOWED_HOSTS": "kpi.example.org, *"}, "ALLOWED_HOSTS holds '*'"),
    "no host": ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set: name the hosts of this site"),
    "one key for both": ({"PSEUDONYM_KEY": GOOD["SECRET_KEY"]}, "SECRET_KEY and PSEUDONYM_KEY exclude each other"),
    "eager jobs": ({"CELERY_EAGER": "true"}, "CELERY_EAGER and PRODUCTION exclude each other: start a worker"),
    "a token that can be guessed": ({"METRICS_TOKEN": "secret"}, "METRICS_TOKEN is too short or a sample"),
    "eager jobs unclear": ({"CELERY_EAGER": "maybe"}, "CELERY_EAGER='maybe' is not understood: write true or false."),
    "redis without scheme": ({"REDIS_URL": "localhost:6379"}, "REDIS_URL is not understood: write redis://host:6379/0"),
    "redis with a word as port": ({"REDIS_URL": "redis://localhost:port/0"}, "REDIS_URL is not understood: write redis://host:6379/0"),
    "redis with a word as number": ({"REDIS_URL": "redis://localhost:6379/zero"}, "REDIS_URL is not understood: write redis://host:6379/0"),
    "mysql": ({"DATABASE_URL": "mysql://localhost/kpi"}, "DATABASE_URL is not understood: write postgres://"),
    "database with a word as port": ({"DATABASE_URL": "postgres://h:port/kpi"}, "DATABASE_URL is not understood: write postgres://"),
    "database without a name": ({"DATABASE_URL": "postgres://localhost:5432"}, "DATABASE_URL names no database: write postgres://"),
    "group size": ({"WELLBEING_MIN_GROUP": "3"}, "WELLBEING_MIN_GROUP='3' is not understood: write a whole number from 5 to 100."),
    "group size in words": ({"WELLBEING_MIN_GROUP": "ten"}, "write a whole number from 5 to 100."),
    "a currency nobody has": ({"CURRENCY": "EURO"}, "CURRENCY='EURO' is not understood: write the code of a currency (ISO 4217)"),
    "retention shorter than a day takes to be final": (
        {"RETENTION_DAYS": "27"},
        "RETENTION_DAYS='27' is not understood: write a whole number from 28 to 366.",
    ),
    "a second factor for a role there is not": (
        {"SECOND_FACTOR_FOR": "administrator,admins"},
        "SECOND_FACTOR_FOR holds 'admins', which is not understood: write some of executive, manager,",
    ),
    "a second factor without a key": ({"SECOND_FACTOR_FOR": "administrator"}, "SECOND_FACTOR_FOR is set, but CONNECTION_KEY is not"),
    "log level": ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD' is not understood: write one of DEBUG, INFO, WARNING, ERROR."),
    "data folder that is a file": ({"DATA_DIR": __file__}, "DATA_DIR: the folder"),
}
COMMANDS = {
    "manage.py": ["manage.py", "check"],
    "gunicorn": ["-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"],
    "celery worker": ["-m", "celery", "-A", "config", "worker"],
    "celery beat": ["-m", "celery", "-A", "config", "beat"],
    "demo": ["-m", "config.demo"],
}


def start(command: list[str], environment: dict[str, str], folder: Path) -> "subprocess.CompletedProcess[str]":
    base = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=base | GOOD | environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_setting_nobody_should_run_on_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    environment, sentence = REFUSED[name]
    done = start(COMMANDS["manage.py"], environment, tmp_path)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "pw@" not in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_process_ends_with_the_sentence_and_without_a_traceback(name: str, tmp_path: Path) -> None:
    done = start(COMMANDS[name], {"SECRET_KEY": ""}, tmp_path)
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def sample() -> dict[str, str]:
    """The environment of .env.example, its empty secrets filled in as it says."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return given | {name: GOOD[name] for name in ("SECRET_KEY", "PSEUDONYM_KEY")}


def test_the_deployment_check_finds_nothing_in_the_documented_environment(tmp_path: Path) -> None:
    done = start(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], sample(), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_outside_production_a_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    for _ in range(2):
        assert start(["manage.py", "check"], dict.fromkeys(GOOD, ""), tmp_path).returncode == 0
        kept = (tmp_path / "secret_key").read_text()
    assert len(kept) == 64
    assert (tmp_path / "secret_key").read_text() == kept
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_data_folder_nobody_may_write_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that came back read-only; whoever runs the tests as root may write anywhere else."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert env.folder("DATA_DIR", Path()) == tmp_path
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR: the folder .* cannot be written: give it to the user who runs this"):
        env.folder("DATA_DIR", Path())
