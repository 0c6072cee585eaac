"""The codes of a device are those of RFC 6238, and its secret opens with the site's key for its owner alone."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from kpi.accounts import device
from kpi.vendor import Problem
from tests.factories.accounts import SECRET


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_the_rfc(moment: int, code: str) -> None:
    assert device.code_at(SECRET, moment // 30) == code
    assert device.step_of(SECRET, code, moment) == moment // 30


def test_a_code_is_good_in_its_half_minute_and_the_next_and_no_longer() -> None:
    code = device.code_at(SECRET, 100)
    assert device.step_of(SECRET, code, 100 * 30) == 100
    assert device.step_of(SECRET, code, 101 * 30 + 29) == 100
    assert device.step_of(SECRET, code, 102 * 30) is None
    assert device.step_of(SECRET, code, 99 * 30 + 29) is None


@pytest.mark.parametrize("text", ["", "12345", "abcdef", "１２３４５６", "287082 287082"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert device.step_of(SECRET, text, 59) is None


def test_every_secret_has_160_random_bits() -> None:
    made = {device.new_secret() for _each in range(50)}
    assert len(made) == 50
    assert {len(secret) for secret in made} == {32}


def test_a_sealed_secret_opens_for_its_owner_and_under_its_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = device.seal(7, SECRET)
    assert SECRET not in sealed
    assert device.unseal(7, sealed) == SECRET
    with pytest.raises(Problem):
        device.unseal(8, sealed)
    monkeypatch.setattr(settings, "CONNECTION_KEYS", ["n" * 40])
    with pytest.raises(Problem):
        device.unseal(7, sealed)


def test_the_picture_says_site_and_person_and_reaches_for_nothing() -> None:
    parts = urlsplit(device.address_of(SECRET, "ada lovelace"))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Counterweight:ada%20lovelace")
    assert (asked["secret"], asked["issuer"], asked["digits"], asked["period"]) == ([SECRET], ["Counterweight"], ["6"], ["30"])
    drawn = device.picture_of(SECRET, "ada")
    assert drawn.startswith("<svg")
    assert not any(word in drawn for word in ("http://", "https://", "<script", "style=", "href"))
