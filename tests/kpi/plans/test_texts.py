"""What everybody reads names nobody."""

import pytest

from kpi.plans.texts import person_in


@pytest.mark.parametrize(
    "text",
    [
        "ask ada.lovelace@example.org", "ada @ example.org", "ada (at) example org", "call +351 21 123 4567", "0043/1/5551234",
        "(0)30 123456",
        "call 555-123-4567", "tel 0211 / 45 67 89", "id 491701234567", "Ada Lovelace went on leave", "after ADA  lovelace, left",
    ],
)  # fmt: skip
def test_an_address_a_number_or_a_known_name_is_refused(text: str) -> None:
    assert person_in(text, ["Ada Lovelace", "Grace Hopper"])


@pytest.mark.parametrize(
    "text",
    [
        "AI assistant at full share", "12 500 contacts moved to Lisbon", "from 2026-03-30 to 2026-04-27", "since 30.03.2026 and 1/4/26",
        "1 200 000 letters sent", "Opening hours 08:00-20:00 from May", "Adaptive routing", "version 2.10.4 of the telephone system", "",
    ],
)  # fmt: skip
def test_what_happened_may_be_told_with_days_and_numbers(text: str) -> None:
    assert person_in(text, ["Ada Lovelace", "Ada"]) == ""
