"""One log line is one event with keys. Free text never gets in: neither names nor comments nor an exception's message.

What our own modules say are codes and numbers. Of the libraries' lines only what stands in their source is repeated: a text they put
together holds whatever they put into it, and so do its arguments.
"""

import json
import linecache
import logging
import math
import re
import traceback
from datetime import UTC, datetime
from functools import lru_cache

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("line", "json")
OURS = frozenset({"kpi", "wellbeing", "staffing", "config"})
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
CODE = re.compile(r"[\w.:/+%=\[\]<>-]{1,80}")
JOINED = re.compile(r"[\"']\s*\n\s*[rbuRBU]?[\"']")  # a text in two pieces is one text
LINES_OF_A_CALL = 12


def keyed(value: object, *, ours: bool = True) -> object:
    """Numbers, and codes of our own, as they are; of anything else only its kind and length."""
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    written = str(value)
    return written if ours and CODE.fullmatch(written) else f"<{type(value).__name__}:{len(written)}>"


def event_of(record: logging.LogRecord) -> str:
    """The template; its arguments may hold free text."""
    written = str(record.msg)
    if not (is_ours(record) or record.args or _stands_in(record.pathname, record.lineno, written)):
        return f"<text:{len(written)}>"
    return " ".join(written.split()).replace('"', "'")


def is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


@lru_cache(maxsize=512)
def _stands_in(path: str, line: int, text: str) -> bool:
    """Whether a text stands in the source word for word where it was said, within the call or a constant of the file."""
    lines = linecache.getlines(path)
    near = JOINED.sub("", "".join(lines[max(0, line - LINES_OF_A_CALL) : line + LINES_OF_A_CALL]))
    said = text.strip()
    return bool(said) and (said in near or said in JOINED.sub("", "".join(lines)))


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """What the caller gave as `extra`, the arguments of the template, and where an exception came from."""
    given = {key: value for key, value in vars(record).items() if key not in STANDARD and key != "request"}
    arguments = record.args if isinstance(record.args, tuple) else ()
    given |= {f"arg{place}": value for place, value in enumerate(arguments, start=1)}
    facts = {key: keyed(value, ours=is_ours(record) or key in {"request_id", "job", "job_id"}) for key, value in given.items()}
    if record.exc_info and record.exc_info[0]:
        facts["error"] = record.exc_info[0].__name__
        frames = traceback.extract_tb(record.exc_info[2])
        facts["at"] = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    return facts


def moment_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class KeyedLine(logging.Formatter):
    """`2026-04-13T08:00:00Z level=INFO logger=kpi.ingest event="import.done" run=12 new=3`."""

    def format(self, record: logging.LogRecord) -> str:
        parts = [moment_of(record), f"level={record.levelname}", f"logger={record.name}", f'event="{event_of(record)}"']
        parts += [f"{key}={value}" for key, value in facts_of(record).items()]
        return " ".join(parts)


class JsonLine(logging.Formatter):
    """The same as one JSON object, for whoever collects the lines of many machines."""

    def format(self, record: logging.LogRecord) -> str:
        head = {"at": moment_of(record), "level": record.levelname, "logger": record.name, "event": event_of(record)}
        facts = facts_of(record)
        if "at" in facts:
            facts["error_at"] = facts.pop("at")
        return json.dumps({**facts, **head}, allow_nan=False, default=str)
