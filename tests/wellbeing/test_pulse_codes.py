"""Codes are typed by people in a hurry; the seal and the questionnaire keep what was meant."""

from __future__ import annotations

import pytest

from wellbeing.instruments import ITEM_COUNTS, ITEM_RANGES, SCORES, read_items
from wellbeing.pulse import codes, sealing
from wellbeing.pulse.questionnaire import LENGTH, PARTS, field, packed, read, unpacked

KEY = bytes(range(32))


@pytest.mark.parametrize("length", [codes.PRINTED, codes.LINK])
def test_a_code_is_understood_as_people_write_it(length: int) -> None:
    code = codes.make(length)
    shown = codes.written(code)
    assert len(shown.split("-")) * 4 == len(code) == length + 1
    typed = [shown.lower(), f" {shown.replace('-', ' ')} ", code, f"https://example.org/pulse/#{shown}"]
    assert [codes.read(text) for text in typed] == [code] * 4


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    found = {codes.read(text) for text in ("0110V0110V0" + letter for letter in codes.ALPHABET)} - {None}
    [code] = found
    assert code is not None
    assert codes.read(code.replace("0", "o").replace("1", "l").replace("V", "u")) == code


def test_every_single_slip_and_every_swap_of_neighbours_is_noticed() -> None:
    code = codes.make(codes.PRINTED)
    slips = {code[:at] + letter + code[at + 1 :] for at in range(len(code)) for letter in codes.ALPHABET} - {code}
    swaps = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(len(code) - 1)} - {code}
    assert [text for text in slips | swaps if codes.read(text)] == []


@pytest.mark.parametrize("text", ["", "K7QF", "#", "K7QF-3M2X-9TR!", "ä" * 12, "0" * 400])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert codes.read(text) is None


def test_a_link_holds_more_than_eighty_random_bits_and_a_printed_code_more_than_fifty() -> None:
    assert codes.LINK * codes.BITS > 80
    assert codes.PRINTED * codes.BITS > 50
    assert len({codes.make(codes.LINK) for _ in range(200)}) == 200


def test_the_same_answers_are_sealed_differently_and_come_back() -> None:
    one, other = sealing.seal(KEY, b"44444"), sealing.seal(KEY, b"44444")
    assert one != other
    assert b"44444" not in one
    assert {sealing.unseal(KEY, one), sealing.unseal(KEY, other)} == {b"44444"}
    long = bytes(200)
    assert sealing.unseal(KEY, sealing.seal(KEY, long)) == long


@pytest.mark.parametrize("changed", [0, 20, 34])
def test_what_was_changed_or_sealed_with_another_key_is_broken(changed: int) -> None:
    sealed = bytearray(sealing.seal(KEY, b"44444"))
    with pytest.raises(sealing.Broken):
        sealing.unseal(bytes(32), bytes(sealed))
    sealed[changed] ^= 1
    with pytest.raises(sealing.Broken):
        sealing.unseal(KEY, bytes(sealed))


def test_the_hash_of_a_code_needs_the_key() -> None:
    assert sealing.digest(KEY, "K7QF") != sealing.digest(bytes(32), "K7QF")


def test_every_question_has_the_answers_of_its_instrument() -> None:
    for part in PARTS:
        low, high = ITEM_RANGES[part.instrument]
        assert len(part.items) == ITEM_COUNTS[part.instrument]
        for item in part.items:
            assert sorted(int(value) for value, _ in item.options) == list(range(low, high + 1))


def test_the_best_answers_to_who5_score_100_and_the_worst_to_burnout_too() -> None:
    first = {part.instrument: ";".join(item.options[0][0] for item in part.items) for part in PARTS}
    assert SCORES["who5"](read_items(first["who5"])) == 100
    tired = ";".join(["5"] * 6 + ["1"])  # always tired, never enough energy: the last question is turned round
    assert SCORES["cbi_work"](read_items(tired)) == 100
    assert (SCORES["stress1"](read_items("1")), SCORES["autonomy2"](read_items("5;5"))) == (100, 100)
    assert SCORES["autonomy2"](read_items("5;")) is None


def test_answers_of_everybody_are_as_long_and_come_back_in_order() -> None:
    given = {"who5_1": "5", "who5_3": "0", "cbi_work_7": "1", "autonomy2_2": "3"}
    assert {len(packed(answers)) for answers in ({}, given)} == {LENGTH}
    assert unpacked(packed(given)) == {"who5": "5;;0;;", "cbi_work": ";;;;;;1", "autonomy2": ";3"}
    assert unpacked(packed({})) == {}


def test_of_a_form_only_answers_that_exist_are_read() -> None:
    sent = {field(PARTS[0], 0): "5", field(PARTS[0], 1): "6", field(PARTS[1], 0): "0", "who5_9": "1", "name": "Ada", "who5_2": "³"}
    assert read(sent) == {"who5_1": "5"}
