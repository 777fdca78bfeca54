"""API of late interest: what is owed of an order, and the steps of paying it."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.money import ZERO
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.selectors import order_for
from tenant_apps.payments import interest
from tenant_apps.payments.inputs import (
    AskInterestInput,
    DecideInterestInput,
    InterestPaymentSerializer,
    InterestSerializer,
    NoInput,
    PayInterestAgainInput,
)


@documented(summary="Late interest of one order: counted to the day it was paid, and what was paid of it")
class LateInterest(ReadView):
    access = Access("payments.interest", posts=READERS)
    output_serializer = InterestSerializer

    def read(self, request: Request, **path: Any) -> Any:
        owed = interest.owed_of(order=order_for(actor=actor_of(request), order_id=path["order_id"]))
        if owed is None:
            return {"days_late": 0, "interest": ZERO, "paid": ZERO, "left": ZERO, "payments": []}
        return {
            "days_late": owed.due.days_late,
            "interest": owed.due.interest,
            "paid": owed.paid,
            "left": owed.left,
            "payments": owed.rows,
        }


@documented(
    summary="The payer asks that late interest be paid from a budget line of the unit",
    description="Order 802 art. 17. The amount is counted by the platform; refused with `no-interest-owed`.",
)
class AskInterest(WriteView):
    access = Access("payments.ask_interest", posts=interest.PAYERS)
    input_serializer = AskInterestInput
    output_serializer = InterestPaymentSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return interest.ask(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(
    summary="An approver has late interest paid, or rejects it with a reason",
    description="Freezes the budget and instructs the treasury. Never who asked: `incompatible-posts`.",
)
class DecideInterest(WriteView):
    access = Access("payments.decide_interest", posts=interest.APPROVERS)
    input_serializer = DecideInterestInput
    output_serializer = InterestPaymentSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return interest.decide(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="The payer asks the treasury again after a payment of late interest failed")
class PayInterestAgain(WriteView):
    access = Access("payments.interest_again", posts=interest.PAYERS)
    input_serializer = PayInterestAgainInput
    output_serializer = InterestPaymentSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return interest.pay_again(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="The payer takes a payment of late interest back, before approval or after it failed")
class WithdrawInterest(WriteView):
    access = Access("payments.withdraw_interest", posts=interest.PAYERS)
    input_serializer = NoInput
    output_serializer = InterestPaymentSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return interest.withdraw(actor=actor_of(request), order_id=path["order_id"], now=utc_now())
