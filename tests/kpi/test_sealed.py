"""What is sealed opens with its key, for its purpose, unchanged; what was sealed in the form of before opens still, and is sealed anew."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from kpi import sealed
from kpi.accounts import device
from kpi.models import Connection, SecondFactor
from kpi.pulls import sealing
from tests import factories
from wellbeing.pulse import sealing as pulse

KEY, PURPOSE = b"k" * 40, b"a purpose"
FORMER = "a former key of the site, of 32 letters or more"
# Sealed by the code of before 2026-11-28: a secret, that of a device of the person 7, answers.
OF_A_CONNECTION = (
    "gAAAAABrCj6w9-rpdvqilMLdsNpKGXD9Q22s9vg5eyptEhiVnzF1SXGL86tmqHjNggrh6Aa-m-qG4v3xjB9xOrOpzx6fMQgTx2kAgCkP59be0I4riDAYx4zQt1m59XSpt-OqYa4i59haEJpu"
    "VrTtr-Gma2nSBVHQZzWjcnrRdRCtzyGrU-hV9SWv4lALWUF9xlSxt2o7zLau"
)
OF_A_DEVICE = (
    "gAAAAABrCj6wYxva4dI9K0MIPnTBsVkO2nBB6i3hg3MZ5tekqEgMFIE9gWlHu61e0Wsd5xc6d_W5gjewGcPMxVwqJOlt7YCyvkGa1V6oNpIa56vUvs2VGfcrCaBquW54TuXm_6JugXIiEiPp"
    "0tQpyBtcou-m2E-Kbw=="
)
OF_THE_PULSE = "df68434d94ceafa2ba30e0352d61bbb26271034c7ab5adf351fffce468526c21f3bafa4ce8"
WAVE = bytes(range(32))


@given(st.binary(max_size=300))
def test_what_is_sealed_comes_back_and_is_as_much_longer_whatever_it_says(text: bytes) -> None:
    kept = sealed.seal(KEY, PURPOSE, text)
    assert sealed.unseal(KEY, PURPOSE, kept) == text
    assert len(kept) == len(text) + sealed.NONCE + sealed.TAG
    assert sealed.seal(KEY, PURPOSE, text) != kept


def test_another_key_another_purpose_or_one_changed_bit_opens_nothing() -> None:
    kept = sealed.seal(KEY, PURPOSE, b"a secret")
    changed = [kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :] for at in range(len(kept))]
    for key, purpose, text in (
        (b"o" * 40, PURPOSE, kept),
        (KEY, b"another", kept),
        *((KEY, PURPOSE, text) for text in (*changed, kept[:-1], b"")),
    ):
        with pytest.raises(sealed.Broken):
            sealed.unseal(key, purpose, text)


@pytest.fixture
def former(settings) -> None:  # type: ignore[no-untyped-def]
    settings.CONNECTION_KEYS = ("n" * 40, FORMER)


def test_secrets_of_before_open_and_the_command_seals_them_anew(db: None, former: None) -> None:
    connection = factories.ConnectionFactory(sealed=OF_A_CONNECTION)
    factories.SecondFactorFactory(user=factories.UserFactory(pk=7), sealed=OF_A_DEVICE)
    assert sealing.unseal(connection) == "s3cret"
    secret = device.unseal(7, OF_A_DEVICE)
    out = StringIO()
    call_command("reseal_secrets", stdout=out)
    assert out.getvalue() == "2 sealed under the present key.\n"
    kept = Connection.objects.get(), SecondFactor.objects.get()
    assert all(row.sealed.startswith(sealing.FORM) for row in kept)
    assert (sealing.unseal(kept[0]), device.unseal(7, kept[1].sealed)) == ("s3cret", secret)


def test_what_is_no_seal_at_all_opens_nothing(former: None) -> None:
    for text in ("", sealing.FORM, f"{sealing.FORM}äöü", f"{sealing.FORM}AAAA", "gAAAA", OF_A_DEVICE):
        with pytest.raises(sealed.Broken):
            sealing.keys_for(sealing.PURPOSE).unseal(text)


def test_answers_of_a_wave_that_was_open_before_are_read_and_are_as_long_as_those_of_now() -> None:
    before = bytes.fromhex(OF_THE_PULSE)
    assert pulse.unseal(WAVE, before) == b"44444"
    now = pulse.seal(WAVE, b"44444")
    assert (len(now), now.startswith(pulse.FORM), before.startswith(pulse.FORM)) == (len(before), True, False)
    with pytest.raises(pulse.Broken):
        pulse.unseal(bytes(32), before)
    lookalike = pulse.FORM + before[4:]
    with pytest.raises(pulse.Broken):
        pulse.unseal(WAVE, lookalike)
