"""The instruction's process and its timing; the simulated treasury's table of behaviours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.lifecycle import WrongState
from tenant_apps.payments.rules import (
    FAILED,
    LIVE,
    OPEN,
    PAYMENT_LIFECYCLE,
    InstructionState,
    masked_account,
    number_stem,
    retry_at,
)
from tenant_apps.payments.simulator import BY_ENDING, DELAYED_BY, WORDS, Scenario, scenario_of, settling_time

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
POSSIBLE = {
    ("requested", "send"): "sent",
    ("requested", "refuse"): "refused",
    ("sent", "confirm"): "confirmed",
    ("sent", "refuse"): "refused",
    ("sent", "return"): "returned",
    ("confirmed", "return"): "returned",
}


def test_every_state_with_every_action() -> None:
    for state, action, allowed in PAYMENT_LIFECYCLE.product():
        assert allowed is ((state, action) in POSSIBLE)
        if allowed:
            assert PAYMENT_LIFECYCLE.next(state, action).target == POSSIBLE[state, action]
        else:
            with pytest.raises(WrongState):
                PAYMENT_LIFECYCLE.next(state, action)


def test_an_instruction_is_live_or_has_failed() -> None:
    assert set(InstructionState) == LIVE | FAILED
    assert not LIVE & FAILED
    assert OPEN < LIVE
    # What was confirmed may still come back.
    assert PAYMENT_LIFECYCLE.terminal == FAILED


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 10), (2, 30), (3, 60), (4, 300), (5, 600), (6, 600), (1000, 600), (0, 600)]
)
def test_an_unreachable_treasury_is_tried_less_and_less_often(attempts: int, seconds: int) -> None:
    assert retry_at(attempts=attempts, now=NOW) == NOW + timedelta(seconds=seconds)


def test_numbers_and_masks() -> None:
    assert number_stem(tenant_code="653101", on=date(2026, 3, 2)) == "ZF65310120260302"
    assert masked_account("6501000011112200") == "**** 2200"


@pytest.mark.parametrize(
    ("account", "scenario"),
    [
        ("6501000011112200", Scenario.PAYS),
        ("6501000011112201", Scenario.REFUSES),
        ("6501000011112202", Scenario.DELAYS),
        ("6501000011112203", Scenario.RETURNS),
        ("6501000011112204", Scenario.UNAVAILABLE),
        ("6501000011112205", Scenario.LOSES_ANSWER),
        ("6501000011112206", Scenario.COMES_BACK),
        ("6501000011112207", Scenario.PAYS),
    ],
)
def test_the_account_decides_what_the_simulator_does(account: str, scenario: Scenario) -> None:
    assert scenario_of(account) == scenario


def test_every_behaviour_has_words() -> None:
    assert set(WORDS) == set(BY_ENDING)
    assert {*BY_ENDING.values(), Scenario.PAYS} == set(Scenario)
    assert settling_time(Scenario.DELAYS) == DELAYED_BY
