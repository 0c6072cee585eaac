"""A log line is one line with keys; whatever free text is handed to it stays out."""

import json
import linecache
import logging
import sys

from config.logs import JsonLine, KeyedLine


def line(message: str, *args: object, error: bool = False, **extra: object) -> str:
    record = logging.LogRecord("kpi.ingest", logging.INFO, __file__, 1, message, args, sys.exc_info() if error else None)
    vars(record).update(extra)
    return KeyedLine().format(record)


def test_an_event_is_one_line_with_its_keys() -> None:
    assert line("import.done", run=12, new=3).endswith(' level=INFO logger=kpi.ingest event="import.done" run=12 new=3')


def test_names_and_comments_are_only_counted() -> None:
    written = line("import.done %s", "Ana Sousa", comment="the bot\nwas rude", queue="billing")
    assert "Ana" not in written
    assert "rude" not in written
    assert "arg1=<str:9>" in written
    assert "queue=billing" in written
    assert "\n" not in written


def test_an_exception_is_named_by_type_and_place_not_by_its_message() -> None:
    try:
        raise ValueError("Ana Sousa is not a number")
    except ValueError:
        written = line("import.stopped", error=True)
    assert "error=ValueError at=" in written
    assert "Ana" not in written


def test_of_a_library_only_what_stands_in_its_source_is_repeated() -> None:
    def foreign(message: str, *args: object) -> str:
        code = compile(f"log.warning({message!r}, *args)", "library.py", "exec")
        linecache.cache["library.py"] = (1, None, ['log.warning("Not Found: %s", path)\n'], "library.py")
        record = logging.LogRecord("library", logging.WARNING, "library.py", code.co_firstlineno, message, args, None)
        return KeyedLine().format(record)

    assert foreign("Not Found: %s", "/mails/stop/secret-token/").endswith('event="Not Found: %s" arg1=<str:25>')
    assert foreign("Ana Sousa could not be reached").endswith('event="<text:30>"')


def test_as_json_a_line_holds_the_same_and_is_one_object() -> None:
    record = logging.LogRecord("kpi.ingest", logging.INFO, __file__, 1, "import.done\n", (), None)
    vars(record).update(run=12, comment="the bot was rude", share=float("nan"))
    written = json.loads(JsonLine().format(record))
    assert (written["event"], written["run"], written["comment"], written["share"]) == ("import.done", 12, "<str:16>", "nan")
