"""The order's process and arithmetic."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import CalendarYearMissing
from kernel.working_days import Calendar
from tenant_apps.orders.rules import (
    ACCEPT_DEADLINE,
    CLOSE_DEADLINE,
    NEXT_POST,
    ORDER_LIFECYCLE,
    FundingMismatch,
    OrderState,
    allocate,
    due_at,
    next_post,
    number_stem,
    order_amounts,
)

README = Path(__file__).resolve().parents[2] / "tenant_apps/orders/README.md"
CALENDAR = Calendar(days={date(2026, 3, 7): True, date(2026, 3, 9): False}, years=frozenset({2026}))

# The whole table by hand: which actions each state takes. The product test below compares every pair.
EXPECTED: dict[str, set[str]] = {
    "draft": {"submit"},
    "pending_approval": {"approve", "approve_step", "send_back", "reject", "withdraw"},
    "sent_back": {"resubmit", "withdraw"},
    "rejected": set(),
    "withdrawn": set(),
    "placed": {"accept", "decline", "expire"},
    "declined": set(),
    "expired": set(),
    "accepted": {"ask_to_cancel", "cancel", "sign_contract", "ship", "dispute"},
    "cancelled": set(),
    "contracted": {"ship", "dispute"},
    "shipped": {
        "ship",
        "accept_goods",
        "accept_part",
        "refuse_goods",
        "inspect_shipment",
        "return_goods",
        "dispute",
    },
    "partly_accepted": {"ship", "return_goods", "ask_to_cancel_rest", "cancel_rest", "dispute"},
    "goods_accepted": {"return_goods", "invoice", "request_payment", "dispute"},
    "goods_refused": {"return_goods", "dispute"},
    "returned": {"ship", "terminate", "dispute"},
    "invoiced": {"reverse_invoice", "request_payment", "dispute"},
    "paying": {"send_payment", "confirm_payment", "fail_payment", "return_payment"},
    "payment_failed": {"request_payment", "dispute"},
    "paid": {"return_payment", "close", "dispute"},
    "closed": set(),
    "disputed": {
        "resume_supply",
        "resume_contract",
        "resume_acceptance",
        "resume_delivery",
        "resume_return",
        "resume_replacement",
        "resume_payment",
        "resume_invoiced",
        "resume_repayment",
        "resume_closing",
        "settle_part",
        "terminate",
    },
    "terminated": set(),
}


def test_the_expected_table_names_every_state() -> None:
    assert set(EXPECTED) == {state.value for state in OrderState}


@pytest.mark.parametrize(("state", "action", "allowed"), list(ORDER_LIFECYCLE.product()))
def test_every_state_takes_exactly_its_actions(state: str, action: str, allowed: bool) -> None:
    assert allowed == (action in EXPECTED[state])
    if allowed:
        assert ORDER_LIFECYCLE.next(state, action).target in OrderState
    else:
        with pytest.raises(WrongState):
            ORDER_LIFECYCLE.next(state, action)


@pytest.mark.parametrize(
    "path",
    [
        ["submit", "approve", "accept", "ship", "accept_goods", "request_payment", "confirm_payment", "close"],
        [
            "submit",
            "approve",
            "accept",
            "sign_contract",
            "ship",
            "accept_goods",
            "invoice",
            "request_payment",
            "confirm_payment",
            "close",
        ],
        ["submit", "approve", "accept", "ship", "refuse_goods", "return_goods", "ship", "accept_part", "ship"],
        ["submit", "approve", "accept", "dispute", "terminate"],
        [
            "submit",
            "approve",
            "accept",
            "ship",
            "ship",
            "inspect_shipment",
            "accept_part",
            "return_goods",
            "cancel_rest",
        ],
    ],
)
def test_the_roads_through_the_process_are_open(path: list[str]) -> None:
    state: str = OrderState.DRAFT
    for action in path:
        state = ORDER_LIFECYCLE.next(state, action).target


def test_nobody_but_the_buyers_approver_approves() -> None:
    assert ORDER_LIFECYCLE.next("pending_approval", "approve").posts == {Post.BUYER_APPROVER}
    supervisors = {Post.TIER_SUPERVISOR, Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR}
    # Supervisors run no purchases (Government Procurement Law art. 60).
    assert not any(supervisors & set(transition.posts) for transition in ORDER_LIFECYCLE.transitions)


def test_who_must_act_can_act() -> None:
    for state, post in NEXT_POST.items():
        assert next_post(state) == post
        assert ORDER_LIFECYCLE.actions(state, {post}), state
    assert next_post(OrderState.CLOSED) is None


def test_the_diagram_of_the_readme_is_the_table() -> None:
    assert f"```mermaid\n{ORDER_LIFECYCLE.mermaid()}```" in README.read_text(encoding="utf-8")


def test_the_answer_is_due_at_midnight_after_two_working_days() -> None:
    # Friday evening in Xinjiang; Saturday 7 March is made a working day, Monday 9 March a holiday.
    friday = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
    assert due_at(deadline=ACCEPT_DEADLINE, entered_at=friday, calendar=CALENDAR) == datetime(
        2026, 3, 10, 16, 0, tzinfo=UTC
    )


def test_an_order_closes_fifteen_days_after_payment() -> None:
    paid = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # 2 March in Xinjiang
    assert due_at(deadline=CLOSE_DEADLINE, entered_at=paid, calendar=CALENDAR) == datetime(
        2026, 3, 17, 16, 0, tzinfo=UTC
    )


def test_a_year_without_calendar_gives_no_deadline() -> None:
    with pytest.raises(CalendarYearMissing):
        due_at(deadline=ACCEPT_DEADLINE, entered_at=datetime(2026, 12, 31, 1, tzinfo=UTC), calendar=CALENDAR)


def test_a_number_begins_with_division_and_day() -> None:
    assert number_stem(tenant_code="653101", on=date(2026, 3, 2)) == "DD65310120260302"


def test_amounts_are_products_and_freight_is_once_a_line() -> None:
    amounts = order_amounts([(Decimal("18.50"), 3, Decimal("8.62")), (Decimal("0.01"), 1, Decimal("0.00"))])
    assert [line.total for line in amounts.lines] == [Decimal("64.12"), Decimal("0.01")]
    assert (amounts.goods, amounts.freight, amounts.total) == (Decimal("55.51"), Decimal("8.62"), Decimal("64.13"))


def test_a_total_beyond_the_column_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        order_amounts([(Decimal("9999999999999999.99"), 1, Decimal("0.01"))])


CENTS = st.integers(min_value=1, max_value=10**9)


def _yuan(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


@given(totals=st.lists(CENTS, min_size=1, max_size=12), cuts=st.lists(st.integers(0, 10**10), max_size=8))
def test_every_line_is_paid_and_every_source_used_up(totals: list[int], cuts: list[int]) -> None:
    whole = sum(totals)
    marks = sorted({cut % whole for cut in cuts} - {0})
    parts = [end - start for start, end in zip([0, *marks], [*marks, whole], strict=True)]
    sources = [(key, _yuan(part)) for key, part in enumerate(parts, start=100)]
    draws = allocate(totals=[_yuan(total) for total in totals], sources=sources)
    for line, total in enumerate(totals):
        assert sum(draw.amount for draw in draws if draw.line == line) == _yuan(total)
    for key, amount in sources:
        assert sum(draw.amount for draw in draws if draw.budget_line_id == key) == amount
    assert all(draw.amount > 0 for draw in draws)
    assert len({(draw.line, draw.budget_line_id) for draw in draws}) == len(draws)
    # Lines and sources are both taken in their order.
    assert [draw.line for draw in draws] == sorted(draw.line for draw in draws)
    assert len(draws) <= len(totals) + len(sources) - 1


@pytest.mark.parametrize(
    "sources",
    [
        [],
        [(1, Decimal("9.99"))],
        [(1, Decimal("10.01"))],
        [(1, Decimal("10.00")), (2, Decimal("0.00"))],
        [(1, Decimal("5.00")), (1, Decimal("5.00"))],
        [(1, Decimal("11.00")), (2, Decimal("-1.00"))],
    ],
)
def test_sources_that_do_not_fit_are_refused(sources: list[tuple[int, Decimal]]) -> None:
    with pytest.raises(FundingMismatch):
        allocate(totals=[Decimal("4.00"), Decimal("6.00")], sources=sources)
