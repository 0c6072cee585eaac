"""The companion rule (metrics.md 0.4), case by case."""

import pytest

from kpi.gate import Claim, gate
from kpi.metric import Status

SAVING = Claim(18.4, Status.OK, "site-1")
GOOD = {"csat": Claim(0.82, Status.OK, "site-1"), "awi": Claim(58.3, Status.OK, "site-1"), "rq": Claim(78.4, Status.OK, "site-1")}


def test_a_saving_with_its_three_companions_is_shown() -> None:
    decision = gate(SAVING, GOOD)
    assert (decision.shown, decision.value, decision.status, decision.reasons) == (True, 18.4, Status.OK, ())


@pytest.mark.parametrize("name", ["csat", "awi", "rq"])
@pytest.mark.parametrize("status", [Status.INSUFFICIENT, Status.SUPPRESSED, Status.WITHHELD, Status.NO_DATA, Status.NOT_APPLICABLE])
def test_any_companion_without_a_value_withholds_it(name: str, status: Status) -> None:
    decision = gate(SAVING, {**GOOD, name: Claim(None, status, "site-1")})
    assert (decision.shown, decision.value, decision.status) == (False, None, Status.WITHHELD)
    assert decision.reasons == (f"{name}:{status}",)


@pytest.mark.parametrize("name", ["csat", "awi", "rq"])
def test_an_absent_companion_withholds_it(name: str) -> None:
    assert gate(SAVING, {key: claim for key, claim in GOOD.items() if key != name}).reasons == (f"{name}:absent",)


def test_reasons_come_in_the_order_csat_awi_rq() -> None:
    assert gate(SAVING, {}).reasons == ("csat:absent", "awi:absent", "rq:absent")


@pytest.mark.parametrize(("age", "reasons"), [(92, ()), (93, ("awi:stale",)), (None, ("awi:stale",))])
def test_wellbeing_may_be_carried_forward_for_92_days(age: int | None, reasons: tuple[str, ...]) -> None:
    carried = Claim(58.3, Status.CARRIED_FORWARD, "site-1", age)
    assert gate(SAVING, {**GOOD, "awi": carried}).reasons == reasons


@pytest.mark.parametrize("name", ["csat", "rq"])
def test_only_wellbeing_may_be_carried_forward(name: str) -> None:
    carried = Claim(70.0, Status.CARRIED_FORWARD, "site-1", 3)
    assert gate(SAVING, {**GOOD, name: carried}).reasons == (f"{name}:carried_forward_not_allowed",)


def test_a_companion_of_other_people_does_not_count() -> None:
    assert gate(SAVING, {**GOOD, "rq": Claim(78.4, Status.OK, "site-2")}).reasons == ("rq:other_scope",)


def test_a_negative_saving_is_gated_too() -> None:
    assert gate(Claim(-3.0, Status.OK, "site-1"), {}).value is None


def test_a_saving_that_could_not_be_estimated_keeps_its_own_status() -> None:
    decision = gate(Claim(None, Status.INSUFFICIENT, "site-1"), GOOD)
    assert (decision.shown, decision.status, decision.reasons) == (False, Status.INSUFFICIENT, ())


def test_a_companion_said_to_be_fine_but_without_a_value_is_absent() -> None:
    assert gate(SAVING, {**GOOD, "csat": Claim(None, Status.OK, "site-1")}).reasons == ("csat:absent",)
