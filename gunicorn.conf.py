"""What gunicorn reads by itself when it is started here: its lines in our form, and a folder in which its processes count together."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from config.logs import FORMATS

_style = os.environ.get("LOG_FORMAT", "").strip() or ("json" if os.environ.get("PRODUCTION", "").strip().lower() == "true" else "line")
_formatter = {"line": "config.logs.KeyedLine", "json": "config.logs.JsonLine"}[_style if _style in FORMATS else "line"]

# An error of gunicorn's own would repeat the address that was asked for.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": _formatter}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "WARNING", "handlers": ["out"]},
    "loggers": {
        "gunicorn.error": {"handlers": ["out"], "propagate": False, "qualname": "gunicorn.error"},
        "gunicorn.access": {"level": "ERROR", "handlers": [], "propagate": False, "qualname": "gunicorn.access"},
    },
}

PREFIX = "counterweight-counts-"


def _new_folder() -> str:
    """One of our own; those of masters that were killed are cleared away."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = left.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdecimal() and not Path(f"/proc/{number}").exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


# Before anything of the site is imported: its measures look here when they are made.
_counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = _new_folder()


def child_exit(server: Any, worker: Any) -> None:
    """What a process that ended has counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    shutil.rmtree(_counts, ignore_errors=True)
