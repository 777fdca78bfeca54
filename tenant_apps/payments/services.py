"""Asking the treasury to pay an order, and following what it says.

Lock order: the instruction, then its order, then the budget lines. The treasury is called between transactions: first
the instruction is claimed, then the treasury is asked, then what it said is written. A worker that dies in between
leaves a claim that runs out, and the same number is sent again; the treasury pays a number once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, DomainError, InvalidInput
from kernel.wakeups import wake
from tenant_apps.orders.services import paying
from tenant_apps.orders.services.holding import person_id
from tenant_apps.payments.models import PaymentInstruction
from tenant_apps.payments.provider import (
    TREASURY,
    Outcome,
    Payment,
    Receipt,
    Status,
    TreasuryProvider,
    TreasuryUnavailable,
)
from tenant_apps.payments.rules import (
    CLAIM,
    PAYMENT_LIFECYCLE,
    POLL_EVERY,
    InstructionState,
    number_stem,
    retry_at,
    watch_at,
)
from tenant_apps.payments.settling import purpose_of, steps_of
from tenants.database.context import current_tenant, tenant_atomic, tenant_on_commit

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

logger = logging.getLogger(__name__)
ACCOUNT_DIGITS = (8, 32)


class InstructionChanged(Conflict):
    """Another worker wrote the treasury's answer first."""

    code = "instruction-changed"
    title = _("The payment instruction has changed in the meantime")


@dataclass(frozen=True, slots=True)
class Worked:
    """What one round of sending or asking did; `waiting` could not be reached or has no answer yet.

    `returned` are payments whose money came back after they had been confirmed.
    """

    sent: int = 0
    confirmed: int = 0
    failed: int = 0
    waiting: int = 0
    returned: int = 0


def request_payment(
    *, actor: Actor, order_id: int, payee_bank: str, payee_account: str, now: datetime, version: int | None = None
) -> PaymentInstruction:
    """The payer asks for the order to be paid to its supplier; sending follows after the commit.

    The payee is the order's supplier, whatever the account. Raises IncompatiblePosts (the acceptor is never the payer),
    WrongState when a payment is under way or made, InvalidInput for an account that cannot be one.
    """
    check_account(payee_bank, payee_account)
    with tenant_atomic(savepoint=False):
        order = paying.start_payment(actor=actor, order_id=order_id, now=now, version=version)
        return instruct(
            actor=actor, order=order, amount=order.payable_amount, bank=payee_bank, account=payee_account, now=now
        )


def instruct(
    *,
    actor: Actor,
    order: Order,
    amount: Decimal,
    bank: str,
    account: str,
    now: datetime,
    interest_id: int | None = None,
) -> PaymentInstruction:
    """An instruction that waits to be sent, in the caller's transaction; sending is woken after the commit."""
    instruction = PaymentInstruction.objects.create(
        number_stem=number_stem(tenant_code=current_tenant().code[:6], on=local_date(now)),
        order_id=order.pk,
        order_number=str(order.number),
        unit_id=order.unit_id,
        unit_name=order.unit_name,
        organisation_id=order.organisation_id,
        supplier_id=order.supplier_id,
        supplier_organisation_id=order.supplier_organisation_id,
        amount=amount,
        interest_id=interest_id,
        payee_code=order.supplier_code,
        payee_name=order.supplier_name,
        payee_bank=bank.strip(),
        payee_account=account,
        state=PAYMENT_LIFECYCLE.initial,
        provider=TREASURY.connect().name,
        requested_by_id=person_id(actor),
        requested_by_name=actor.name,
        requested_at=now,
        next_due_at=now,
    )
    tenant_on_commit(wake_sending)
    return instruction


def wake_sending() -> None:
    """Tells the worker that an instruction waits."""
    # The task calls the service beside this one: the name is looked up when it is needed.
    from tenant_apps.payments.tasks import send_due

    wake(send_due.enqueue, tenant=current_tenant().code)


def send_due(*, now: datetime, limit: int = 50, provider: TreasuryProvider | None = None) -> Worked:
    """Hands every instruction that waits to the treasury, oldest first. Rows another worker has claimed are left."""
    provider = provider or TREASURY.connect()
    done = {"sent": 0, "failed": 0, "waiting": 0}
    for _turn in range(limit):
        instruction = _claim(InstructionState.REQUESTED, now)
        if instruction is None:
            break
        done[_send(instruction, provider, now)] += 1
    return Worked(**done)


def poll_due(*, now: datetime, limit: int = 50, provider: TreasuryProvider | None = None) -> Worked:
    """Asks the treasury what became of every sent instruction whose turn it is."""
    provider = provider or TREASURY.connect()
    done = {"confirmed": 0, "failed": 0, "waiting": 0}
    for _turn in range(limit):
        instruction = _claim(InstructionState.SENT, now)
        if instruction is None:
            break
        done[_poll(instruction, provider, now)] += 1
    return Worked(**done)


def watch_due(*, now: datetime, limit: int = 50, provider: TreasuryProvider | None = None) -> Worked:
    """Asks about confirmed payments whose turn it is: the payee's bank may have sent the money back since."""
    provider = provider or TREASURY.connect()
    done = {"returned": 0, "waiting": 0}
    for _turn in range(limit):
        instruction = _claim(InstructionState.CONFIRMED, now)
        if instruction is None:
            break
        done[_watch(instruction, provider, now)] += 1
    return Worked(**done)


def _claim(state: InstructionState, now: datetime) -> PaymentInstruction | None:
    """The oldest instruction whose turn it is, marked as being worked on until the claim runs out."""
    with tenant_atomic():
        instruction = (
            PaymentInstruction.objects.filter(state=state, next_due_at__lte=now)
            .order_by("next_due_at", "id")
            .select_for_update(skip_locked=True, no_key=True)
            .first()
        )
        if instruction is None:
            return None
        sending = int(state == InstructionState.REQUESTED)
        PaymentInstruction.objects.filter(pk=instruction.pk).update(
            next_due_at=now + CLAIM, attempts=F("attempts") + sending
        )
        instruction.attempts += sending
        return instruction


def _send(instruction: PaymentInstruction, provider: TreasuryProvider, now: datetime) -> str:
    try:
        answer = provider.send(_as_payment(instruction))
    except TreasuryUnavailable as error:
        _wait(instruction, until=retry_at(attempts=instruction.attempts, now=now), error=str(error))
        return "waiting"
    if isinstance(answer, Receipt):
        done = _written(lambda: _note_sent(instruction, answer, now), instruction)
        return "sent" if done else "waiting"
    done = _written(lambda: _settle(instruction, answer, now), instruction)
    return "failed" if done else "waiting"


def _poll(instruction: PaymentInstruction, provider: TreasuryProvider, now: datetime) -> str:
    try:
        outcome = provider.poll(instruction.provider_reference)
    except TreasuryUnavailable as error:
        _wait(instruction, until=retry_at(attempts=2, now=now), error=str(error))
        return "waiting"
    if outcome.status == Status.PENDING:
        _wait(instruction, until=now + POLL_EVERY, error="")
        return "waiting"
    if not _written(lambda: _settle(instruction, outcome, now), instruction):
        return "waiting"
    return "confirmed" if outcome.status == Status.CONFIRMED else "failed"


def _watch(instruction: PaymentInstruction, provider: TreasuryProvider, now: datetime) -> str:
    """`returned`, or `waiting` until the next time: also when the order cannot take the return up now."""
    confirmed_at = instruction.settled_at or now
    following = watch_at(confirmed_at=confirmed_at, now=now)
    try:
        outcome = provider.poll(instruction.provider_reference)
    except TreasuryUnavailable as error:
        _wait(instruction, until=following, error=str(error))
        return "waiting"
    if outcome.status != Status.RETURNED:
        _wait(instruction, until=following, error="")
        return "waiting"
    if _written(lambda: _settle(instruction, outcome, now), instruction):
        return "returned"
    # The order is closed or in dispute. Whoever opens the instruction sees that the money is back.
    _wait(instruction, until=following, error=outcome.reason)
    return "waiting"


def _note_sent(instruction: PaymentInstruction, receipt: Receipt, now: datetime) -> None:
    with tenant_atomic():
        _move(
            instruction,
            "send",
            provider_reference=receipt.reference,
            sent_at=now,
            last_error="",
            next_due_at=now + POLL_EVERY,
        )
        steps_of(instruction).note_sent(now=now)


def _settle(instruction: PaymentInstruction, outcome: Outcome, now: datetime) -> None:
    """Writes the treasury's last word: instruction, order or interest, journal and budget."""
    ended: dict[str, Any] = {"settled_at": now, "next_due_at": None, "last_error": ""}
    with tenant_atomic():
        if outcome.status == Status.CONFIRMED:
            _move(instruction, "confirm", **ended | {"next_due_at": watch_at(confirmed_at=now, now=now)})
            steps_of(instruction).confirm(now=now)
            return
        refused = outcome.status == Status.REFUSED
        reason = outcome.reason[:300] or str(_("The treasury gave no reason"))
        _move(instruction, "refuse" if refused else "return", state_reason=reason, **ended)
        steps = steps_of(instruction)
        (steps.refuse if refused else steps.come_back)(reason=reason, now=now)


def _move(instruction: PaymentInstruction, action: str, **changes: Any) -> None:
    """The guarded UPDATE of one step. Raises InstructionChanged when another worker was first."""
    step = PAYMENT_LIFECYCLE.next(instruction.state, action)
    moved = PaymentInstruction.objects.filter(
        pk=instruction.pk, state=instruction.state, version=instruction.version
    ).update(state=step.target, version=F("version") + 1, **changes)
    if moved != 1:
        raise InstructionChanged(number=str(instruction.number))


def _written(write: Callable[[], None], instruction: PaymentInstruction) -> bool:
    """Runs a write; False when the row had moved on: the next round looks again."""
    try:
        write()
    except DomainError as refusal:
        logger.warning("answer for payment %s not written: %s", instruction.number, refusal.code)
        return False
    return True


def _wait(instruction: PaymentInstruction, *, until: datetime | None, error: str) -> None:
    PaymentInstruction.objects.filter(pk=instruction.pk, state=instruction.state, version=instruction.version).update(
        next_due_at=until, last_error=error[:300]
    )


def _as_payment(instruction: PaymentInstruction) -> Payment:
    return Payment(
        number=str(instruction.number),
        amount=instruction.amount,
        payer_unit=instruction.unit_name,
        payee_code=instruction.payee_code,
        payee_name=instruction.payee_name,
        payee_bank=instruction.payee_bank,
        payee_account=instruction.payee_account,
        purpose=purpose_of(instruction),
    )


def check_account(bank: str, account: str) -> None:
    errors: dict[str, list[str]] = {}
    least, most = ACCOUNT_DIGITS
    if not (account.isascii() and account.isdigit() and least <= len(account) <= most):
        errors["payee_account"] = [str(_("Write the account in 8 to 32 digits."))]
    if not bank.strip():
        errors["payee_bank"] = [str(_("Write the bank of the account."))]
    if errors:
        raise InvalidInput(errors=errors)
