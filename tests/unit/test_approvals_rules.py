"""Flows of approval: what a flow may be, which stages a total goes through, what opens next."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.posts import Post
from kernel.problems import InvalidInput
from tenant_apps.approvals.rules import (
    PLAIN,
    STAGES_MAX,
    STEPS_MAX,
    Band,
    Flow,
    FlowStep,
    Standing,
    StepState,
    check_flow,
    is_last,
    is_plain,
    opens_next,
)

LAST = FlowStep("审批", Post.BUYER_APPROVER)
MONEY = FlowStep("财务", Post.BUYER_PAYER)
ZERO = Decimal(0)


def flow(*stages: tuple[FlowStep, ...], start: str = "0") -> Flow:
    return Flow((Band(Decimal(start), tuple(stages)),))


GOOD = {
    "one step": flow((LAST,)),
    "two stages": flow((MONEY,), (LAST,)),
    "beside each other": flow((MONEY, FlowStep("复核", Post.BUYER_APPROVER)), (LAST,)),
    "a certain person": flow((FlowStep("财务", Post.BUYER_PAYER, (7,)),), (LAST,)),
    "two bands": Flow((Band(ZERO, ((LAST,),)), Band(Decimal("5000.00"), ((MONEY,), (LAST,))))),
}
BAD = {
    "no band": Flow(()),
    "not from 0": flow((LAST,), start="1"),
    "bands out of order": Flow((Band(ZERO, ((LAST,),)), Band(Decimal(5), ((LAST,),)), Band(Decimal(5), ((LAST,),)))),
    "too many bands": Flow(tuple(Band(Decimal(n), ((LAST,),)) for n in range(7))),
    "no stage": flow(),
    "an empty stage": flow((), (LAST,)),
    "too many stages": flow(*(((FlowStep(str(n), Post.BUYER_PAYER),)) for n in range(STAGES_MAX)), (LAST,)),
    "too many steps": flow(tuple(FlowStep(str(n), Post.BUYER_PAYER) for n in range(STEPS_MAX + 1)), (LAST,)),
    "the payer decides": flow((LAST,), (MONEY,)),
    "the bureau decides": flow((FlowStep("财政", Post.TIER_SUPERVISOR),)),
    "two decide": flow((LAST, FlowStep("二", Post.BUYER_APPROVER))),
    "a post that looks at nothing": flow((FlowStep("经办", Post.BUYER_CLERK),), (LAST,)),
    "no name": flow((FlowStep(" ", Post.BUYER_PAYER),), (LAST,)),
    "a name too long": flow((FlowStep("长" * 21, Post.BUYER_PAYER),), (LAST,)),
    "one name twice": flow((FlowStep("审批", Post.BUYER_PAYER),), (LAST,)),
    "two people": flow((FlowStep("财务", Post.BUYER_PAYER, (7, 8)),), (LAST,)),
    "the bureau looks": flow((FlowStep("财政", Post.TIER_SUPERVISOR),), (LAST,)),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_flow_that_can_be(name: str) -> None:
    check_flow(GOOD[name])
    assert Flow.from_json(GOOD[name].as_json()) == GOOD[name]


@pytest.mark.parametrize("name", BAD)
def test_a_flow_that_cannot_be(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_flow(BAD[name])
    assert list(refused.value.errors) == ["bands"]


def test_without_a_flow_one_approver_decides() -> None:
    assert Flow.from_json(None) == PLAIN
    assert is_plain(PLAIN.stages_for(Decimal("1.00")))
    assert not is_plain(GOOD["two stages"].stages_for(Decimal("1.00")))
    assert not is_plain(((FlowStep("", Post.BUYER_APPROVER, (7,)),),))


amounts = st.decimals(min_value=0, max_value=10**6, places=2)


@given(starts=st.sets(amounts.filter(bool), max_size=5), total=amounts)
def test_a_total_goes_by_the_highest_band_it_reaches(starts: set[Decimal], total: Decimal) -> None:
    bounds = [ZERO, *sorted(starts)]
    made = Flow(
        tuple(Band(start, ((FlowStep(str(number), Post.BUYER_APPROVER),),)) for number, start in enumerate(bounds))
    )
    check_flow(made)
    number = int(made.stages_for(total)[0][0].name)
    assert bounds[number] <= total
    assert number == len(bounds) - 1 or total < bounds[number + 1]


def standing(key: int, stage: int, state: StepState = StepState.WAITING) -> Standing:
    return Standing(key, stage, str(key), Post.BUYER_APPROVER, (), state, None)


def test_a_stage_opens_when_all_before_are_taken() -> None:
    first, beside, last = standing(1, 1, StepState.OPEN), standing(2, 1, StepState.OPEN), standing(3, 2)
    assert opens_next((first, beside, last), first) is None
    taken = standing(2, 1, StepState.APPROVED)
    assert opens_next((first, taken, last), first) == 2
    assert not is_last((first, beside, last), first)
    assert is_last((first, beside, last), last)
