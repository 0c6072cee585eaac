"""The attack: somebody knows who got which code, has a copy of the whole database before and after every single answer and after the
end, every line that was logged, and the keys of the site. Only the file with the key of the wave is not theirs. What can they learn?
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client

from kpi.models import Team
from tests.wellbeing.pulse_help import AFTER, all_answered, codes_of, opened
from wellbeing import tasks
from wellbeing.models import Asked, Parcel, Pulse, PulseCode, SealedAnswer, WellbeingAnswer
from wellbeing.pulse import codes as code_words
from wellbeing.pulse import keys, sealing
from wellbeing.pulse.questionnaire import packed

pytestmark = pytest.mark.django_db
Row = dict[str, object]
Dump = dict[str, list[Row]]
PLACES = {"sqlite": {"rowid": "rowid"}, "postgresql": {"ctid": "ctid::text", "xmin": "xmin::text"}}
CODES, SEALED = PulseCode._meta.db_table, SealedAnswer._meta.db_table


def dump() -> Dump:
    """Every table with every column, and where its rows lie."""
    places, found = PLACES[connection.vendor], {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            wanted = ", ".join(f"{sql} AS at_{name}" for name, sql in places.items())
            cursor.execute(f"SELECT {wanted}, * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall()]
    return found


def plain(cell: object) -> object:
    return bytes(cell) if isinstance(cell, memoryview) else cell


def content(rows: list[Row]) -> set[str]:
    """Without where they lie."""
    return {repr({name: cell for name, cell in row.items() if not name.startswith("at_")}) for row in rows}


def text_of(dumps: list[Dump]) -> str:
    return "\n".join(repr(rows) for found in dumps for rows in found.values())


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Everything anybody logs, as it would be written, and every argument."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {vars(record)}")

    handler, root = Keep(logging.DEBUG), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def attacked(lark: Team, clock: time_machine.Traveller, logged: list[str]) -> tuple[list[str], list[Dump], list[str]]:
    """Codes in the order in which they were used through the page, the dumps around each, and the log. Everybody answers differently."""
    pulse = opened({lark: 12})
    handed = codes_of(pulse, lark)
    dumps = [dump()]
    for place, code in enumerate(handed):
        logged.append(f"-- {place}")
        sent = all_answered("4") | {
            "who5_1": str(place % 6),
            "cbi_work_1": str(1 + place // 6),
            "step": "answer",
            "code": code_words.written(code),
        }
        assert Client(REMOTE_ADDR=f"192.0.2.{place}").post("/pulse/", sent).status_code == 303
        dumps.append(dump())
    clock.move_to(AFTER)
    tasks.pulse()
    dumps.append(dump())
    return handed, dumps, logged


def test_between_two_answers_nothing_changes_but_one_code_and_one_sealed_answer(attacked: tuple[list[str], list[Dump], list[str]]) -> None:
    _handed, dumps, _logged = attacked
    for before, after in pairwise(dumps[:-1]):
        changed = {table: len(after[table]) - len(before[table]) for table in after if content(before[table]) != content(after[table])}
        assert changed == {CODES: -1, SEALED: 1}


def test_no_dump_and_no_log_holds_a_code_or_anything_made_of_it_without_the_key_of_the_wave(
    attacked: tuple[list[str], list[Dump], list[str]],
) -> None:
    handed, dumps, logged = attacked
    everything = (text_of(dumps) + "\n".join(logged)).casefold()
    known = [settings.SECRET_KEY.encode()[:64], settings.PSEUDONYM_KEY[:64], b""]
    for code in handed:
        guesses = {sealing.digest(key, code) for key in known if key} | {code, code_words.written(code)}
        for form in (code, code_words.written(code), f"pulse code{code}"):
            guesses |= {hashlib.blake2b(form.encode(), key=key, digest_size=size).hexdigest() for key in known for size in (8, 16, 32, 64)}
            guesses |= {hashlib.new(name, form.encode()).hexdigest() for name in ("sha256", "sha1", "md5", "sha512")}
        assert [guess for guess in guesses if guess.casefold() in everything] == []


def test_a_sealed_answer_says_nothing_and_the_key_is_gone_when_answers_are_readable(
    attacked: tuple[list[str], list[Dump], list[str]],
) -> None:
    _handed, dumps, _logged = attacked
    sealed = [row["sealed"] for found in dumps for row in found[SEALED]]
    assert {len(one) for one in sealed} == {len(sealing.seal(bytes(32), packed({})))}
    assert len(set(sealed)) == 12
    known = [settings.SECRET_KEY.encode()[:64], settings.PSEUDONYM_KEY[:64]]
    for one in sealed:
        for key in known:
            with pytest.raises(sealing.Broken):
                sealing.unseal(key, one)
    assert keys.read(Pulse.objects.get().key_name) is None
    assert not any(model.objects.exists() for model in (PulseCode, SealedAnswer, Parcel))


def test_answers_lie_in_another_order_under_names_that_were_never_seen_before(attacked: tuple[list[str], list[Dump], list[str]]) -> None:
    _handed, dumps, logged = attacked
    rows = list(WellbeingAnswer.objects.filter(instrument="who5").order_by("pk"))
    burnt = {row.respondent: row.items for row in WellbeingAnswer.objects.filter(instrument="cbi_work")}
    place_of = {row.pk: int(str(row.items)[0]) + 6 * (int(str(burnt[row.respondent])[0]) - 1) for row in rows}
    assert sorted(place_of.values()) == list(range(12)), "each answer tells its own in this test, so that the order can be seen"
    assert list(place_of.values()) != list(range(12))
    assert [place_of[row.pk] for row in sorted(rows, key=lambda row: row.respondent)] != list(range(12))
    assert [place_of[row.pk] for row in sorted(rows, key=lambda row: row.external_id)] != list(range(12))
    earlier = text_of(dumps[:-1])
    assert [row.pk for row in rows if str(row.respondent) in earlier] == []
    assert [row.pk for row in rows if str(row.respondent) in "\n".join(logged)] == []
    written = {(row.run_id, row.first_run_id, row.source_id, row.wave_id, row.team_id) for row in rows}
    assert len(written) == 1, "one import, one transaction"


def test_no_column_of_the_survey_holds_a_moment_a_person_or_an_address(attacked: tuple[list[str], list[Dump], list[str]]) -> None:
    ours = [PulseCode, SealedAnswer, Asked, Parcel]
    fields = [field for model in ours for field in model._meta.concrete_fields]
    assert [field for field in fields if isinstance(field, models.DateTimeField | models.GenericIPAddressField)] == []
    related = {field.related_model for model in (PulseCode, SealedAnswer) for field in model._meta.concrete_fields if field.is_relation}
    assert related == {Asked}
    assert not apps.get_model("sessions.Session").objects.exists()


def test_the_log_names_no_address_and_no_path_between_answers(attacked: tuple[list[str], list[Dump], list[str]]) -> None:
    _handed, _dumps, logged = attacked
    fieldwork = logged[: logged.index("-- 11")]
    ours = [line for line in fieldwork if not line.startswith("--") and "django.db.backends" not in line and "asyncio" not in line]
    assert ours == []
    assert "192.0.2." not in "\n".join(logged)


def test_codes_are_stored_in_an_order_that_says_nothing_of_the_sheet(lark: Team, clock: time_machine.Traveller) -> None:
    pulse = opened({lark: 12})
    handed = codes_of(pulse, lark)
    key = keys.read(pulse.key_name)
    assert key is not None
    places = {row["digest"]: str(row.get("at_rowid") or row.get("at_ctid")) for row in dump()[CODES]}
    stored = sorted(places, key=lambda digest: [int(number) for number in re.findall(r"\d+", places[digest])])
    assert stored == sorted(stored)
    assert sorted(sealing.digest(key, code) for code in handed) == stored
