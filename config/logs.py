"""One log line is one event with keys. Free text never gets in: neither names nor comments nor an exception's message."""

import logging
import re
import traceback
from datetime import UTC, datetime

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
CODE = re.compile(r"[\w.:/+%=\[\]-]{1,80}")


def keyed(value: object) -> str:
    """Numbers and codes as they are; of anything else only its kind and length."""
    if value is None or isinstance(value, bool | int | float):
        return str(value)
    written = str(value)
    return written if CODE.fullmatch(written) else f"<{type(value).__name__}:{len(written)}>"


class KeyedLine(logging.Formatter):
    """`2026-04-13T08:00:00Z level=INFO logger=kpi.ingest event="import.done" run=12 new=3`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        event = " ".join(str(record.msg).split()).replace('"', "'")  # the template: its arguments may hold free text
        parts = [moment, f"level={record.levelname}", f"logger={record.name}", f'event="{event}"']
        parts += [f"{key}={keyed(value)}" for key, value in self._facts(record).items()]
        return " ".join(parts)

    def _facts(self, record: logging.LogRecord) -> dict[str, object]:
        """What the caller gave as `extra`, the arguments of the template, and where an exception came from."""
        facts = {key: value for key, value in vars(record).items() if key not in STANDARD and key != "request"}
        arguments = record.args if isinstance(record.args, tuple) else ()
        facts |= {f"arg{place}": value for place, value in enumerate(arguments, start=1)}
        if record.exc_info and record.exc_info[0]:
            facts["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            facts["at"] = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
        return facts
