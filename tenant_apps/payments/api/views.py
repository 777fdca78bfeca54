"""API of payments, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders import payments_due
from tenant_apps.orders.permissions import READERS
from tenant_apps.payments import selectors, services, terms
from tenant_apps.payments.inputs import (
    AnswerTermInput,
    AskTermInput,
    ClockSerializer,
    DueListSerializer,
    DueQuery,
    InstructionListSerializer,
    InstructionQuery,
    InstructionSerializer,
    RequestPaymentInput,
    TermSerializer,
)
from tenant_apps.payments.rules import TERM_ANSWERERS, TERM_ASKERS


@documented(
    summary="Payment instructions the caller may see, newest first",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Instructions(ReadView):
    access = Access("payments.list", posts=READERS)
    query_serializer = InstructionQuery
    output_serializer = InstructionListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.instructions_for(actor=actor_of(request), **self.query(request))


@documented(summary="One payment instruction")
class InstructionDetail(ReadView):
    access = Access("payments.detail", posts=READERS)
    output_serializer = InstructionSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.instruction_for(actor=actor_of(request), instruction_id=path["instruction_id"])


@documented(
    summary="The payer asks the treasury to pay an order",
    description=(
        "The payee is the order's supplier. Refused with `incompatible-posts` for the acceptor of the goods and with "
        "`wrong-state` while a payment is under way or made; sending follows after the answer."
    ),
)
class RequestPayment(WriteView):
    access = Access("payments.request", posts=frozenset({Post.BUYER_PAYER}))
    input_serializer = RequestPaymentInput
    output_serializer = InstructionSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        row = services.request_payment(actor=actor, order_id=path["order_id"], now=utc_now(), **data)
        return selectors.view_of(actor=actor, row=row)


@documented(
    summary="What small and medium suppliers are owed by when, with late interest",
    description="Longest overdue first, with the sums of each tab; `next_after` of one page is `after` of the next.",
)
class PaymentsDue(ReadView):
    access = Access("payments.due", posts=READERS)
    query_serializer = DueQuery
    output_serializer = DueListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return payments_due.due_list(actor=actor_of(request), now=utc_now(), **self.query(request))


@documented(summary="The payment clock of one order: last day, late interest, who must act, the agreed term")
class PaymentClock(ReadView):
    access = Access("payments.clock", posts=READERS)
    output_serializer = ClockSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.clock_for(actor=actor_of(request), order_id=path["order_id"], now=utc_now())


@documented(
    summary="The buyer asks a small or medium supplier for a longer term of payment",
    description="31 to 60 days, before the goods are accepted (Order 802 art. 9); else `payment-term-not-open`.",
)
class AskTerm(WriteView):
    access = Access("payments.ask_term", posts=TERM_ASKERS)
    input_serializer = AskTermInput
    output_serializer = TermSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return terms.ask(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="The supplier agrees to the longer term, or refuses it with a reason")
class AnswerTerm(WriteView):
    access = Access("payments.answer_term", posts=TERM_ANSWERERS)
    input_serializer = AnswerTermInput
    output_serializer = TermSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return terms.answer(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)
