"""What the treasury's answers do: to the order, or to the payment of its late interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from tenant_apps.orders.services import paying
from tenant_apps.payments import interest_steps
from tenant_apps.payments.models import PaymentInstruction


class Steps(Protocol):
    """Inside the transaction that writes the answer to the instruction; each writes one journal row."""

    def note_sent(self, *, now: datetime) -> None: ...

    def confirm(self, *, now: datetime) -> None: ...

    def refuse(self, *, reason: str, now: datetime) -> None: ...

    def come_back(self, *, reason: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class _OrderSteps:
    order_id: int

    def note_sent(self, *, now: datetime) -> None:
        paying.note_sent(order_id=self.order_id, now=now)

    def confirm(self, *, now: datetime) -> None:
        paying.confirm_payment(order_id=self.order_id, now=now)

    def refuse(self, *, reason: str, now: datetime) -> None:
        paying.fail_payment(order_id=self.order_id, reason=reason, now=now)

    def come_back(self, *, reason: str, now: datetime) -> None:
        paying.return_payment(order_id=self.order_id, reason=reason, now=now)


@dataclass(frozen=True, slots=True)
class _InterestSteps:
    interest_id: int

    def note_sent(self, *, now: datetime) -> None:
        interest_steps.note_sent(interest_id=self.interest_id, now=now)

    def confirm(self, *, now: datetime) -> None:
        interest_steps.confirm(interest_id=self.interest_id, now=now)

    def refuse(self, *, reason: str, now: datetime) -> None:
        interest_steps.fail(interest_id=self.interest_id, reason=reason, now=now)

    come_back = refuse


def steps_of(instruction: PaymentInstruction) -> Steps:
    if instruction.interest_id is None:
        return _OrderSteps(instruction.order_id)
    return _InterestSteps(instruction.interest_id)


def purpose_of(instruction: PaymentInstruction) -> str:
    """What the payee's bank statement says the money is for."""
    if instruction.interest_id is None:
        return instruction.order_number
    return _("Late interest of %(order)s") % {"order": instruction.order_number}
