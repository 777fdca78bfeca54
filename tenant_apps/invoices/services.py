"""Recording invoices, having them verified, and taking them back. One transaction and one journal row a step.

Lock order: the order, then its invoices. The verifier is asked between transactions: the invoice is claimed, the
verifier asked, the answer written; a worker that dies in between leaves a claim that runs out.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, system_in
from kernel.clock import local_date
from kernel.money import ZERO
from kernel.problems import Conflict, DomainError, InvalidInput, NotFound
from tenant_apps.budgets.selectors import organisation_codes
from tenant_apps.invoices.elsewhere import refuse_used_elsewhere
from tenant_apps.invoices.events import invoice_facts
from tenant_apps.invoices.models import Invoice, RedInvoice
from tenant_apps.invoices.provider import VERIFIER, Answer, Finding, InvoiceVerifier, VerifierUnavailable
from tenant_apps.invoices.rules import (
    CLAIM,
    COUNTED,
    INVOICE_LIFECYCLE,
    NOT_FOUND_MOST,
    InvoiceFacts,
    InvoiceState,
    Party,
    ask_again_at,
    faults,
    fingerprint,
    is_number,
    left_to_invoice,
)
from tenant_apps.invoices.words import FAULTS
from tenant_apps.journal.services import record
from tenant_apps.orders.services import invoicing
from tenant_apps.orders.services.holding import person_id
from tenants.database.context import current_tenant, tenant_atomic

logger = logging.getLogger(__name__)
USCC_LENGTH = 18


class InvoiceKnown(Conflict):
    """The number was recorded before, on this order or another one of the mall."""

    code = "invoice-known"
    title = _("This invoice has been recorded already")


class InvoiceChanged(Conflict):
    """Another worker wrote the verifier's answer first, or somebody reversed it."""

    code = "invoice-changed"
    title = _("The invoice has changed in the meantime")


@dataclass(frozen=True, slots=True)
class Verified:
    """What one round of asking did; `waiting` has no answer yet."""

    verified: int = 0
    refused: int = 0
    waiting: int = 0


def record_invoice(
    *,
    actor: Actor,
    order_id: int,
    number: str,
    issued_on: date,
    net: Decimal,
    tax: Decimal,
    seller_name: str,
    seller_code: str,
    buyer_name: str,
    now: datetime,
    code: str = "",
    buyer_code: str = "",
    version: int | None = None,
) -> Invoice:
    """The supplier records one invoice of accepted goods; it is verified by itself afterwards.

    Raises InvalidInput for what does not fit the order (parties, day, more than is left to invoice), InvoiceKnown for
    a number the mall has, InvoiceElsewhere for one that another mall counts on, WrongState before acceptance and after
    payment began.
    """
    with tenant_atomic(savepoint=False):
        order = invoicing.hold_for_invoice(actor=actor, order_id=order_id, version=version)
        facts = InvoiceFacts(
            code=code,
            number=number,
            issued_on=issued_on,
            net=net,
            tax=tax,
            seller=Party(name=seller_name, code=seller_code),
            buyer=Party(name=buyer_name, code=buyer_code),
        )
        counted = Invoice.objects.filter(order_id=order.id, state__in=COUNTED).values_list("total", flat=True)
        left = left_to_invoice(payable=order.payable_amount, counted=counted)
        _refuse_faults(facts, order, left=left, now=now)
        digest = fingerprint(code=code, number=number)
        _refuse_known(digest)
        refuse_used_elsewhere(digest)
        try:
            with tenant_atomic():
                invoice = Invoice.objects.create(
                    order_id=order.id,
                    order_number=order.number,
                    unit_id=order.unit_id,
                    organisation_id=order.organisation_id,
                    supplier_organisation_id=order.supplier_organisation_id,
                    code=code,
                    number=number,
                    fingerprint=digest,
                    issued_on=issued_on,
                    net=net,
                    tax=tax,
                    total=facts.total,
                    seller_name=seller_name,
                    seller_code=seller_code,
                    buyer_name=buyer_name,
                    buyer_code=buyer_code,
                    state=INVOICE_LIFECYCLE.initial,
                    recorded_by_id=person_id(actor),
                    recorded_by_name=actor.name,
                    recorded_at=now,
                    verifier=VERIFIER.connect().name,
                    next_due_at=now,
                )
        except IntegrityError as error:
            if "invoice_counts_once" in str(error):
                raise InvoiceKnown(number=number) from error
            raise
        _tell(actor, invoice, "invoices.recorded", now)
    return invoice


def reverse_invoice(
    *, actor: Actor, invoice_id: int, number: str, issued_on: date, reason: str, now: datetime, code: str = ""
) -> Invoice:
    """A red-letter invoice takes a verified one back, whole; the order waits for an invoice again.

    Raises InvalidInput, InvoiceKnown, NotFound, and WrongState when the invoice is not verified or payment has begun.
    """
    if not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    if not is_number(code=code, number=number):
        raise InvalidInput(errors={"number": [str(FAULTS["number"])]})
    if issued_on > local_date(now):
        raise InvalidInput(errors={"issued_on": [str(FAULTS["future"])]})
    with tenant_atomic(savepoint=False):
        found = Invoice.objects.filter(pk=invoice_id).values_list("order_id", flat=True).first()
        if found is None:
            raise NotFound(invoice_id=invoice_id)
        order = invoicing.hold_for_reversal(actor=actor, order_id=found)
        invoice = Invoice.objects.get(pk=invoice_id)
        step = INVOICE_LIFECYCLE.next(invoice.state, "reverse")
        digest = fingerprint(code=code, number=number)
        _refuse_known(digest)
        RedInvoice.objects.create(
            invoice=invoice,
            code=code,
            number=number,
            fingerprint=digest,
            issued_on=issued_on,
            reason=reason.strip(),
            recorded_by_id=person_id(actor),
            recorded_by_name=actor.name,
            recorded_at=now,
        )
        _move(invoice, step.target, state_reason=reason.strip())
        _tell(actor, invoice, "invoices.reversed", now, reason=reason.strip())
        invoicing.note_reversed(actor=actor, order=order, reason=reason.strip(), now=now)
    return invoice


def verify_due(*, now: datetime, limit: int = 50, provider: InvoiceVerifier | None = None) -> Verified:
    """Asks about every recorded invoice whose turn it is, oldest first."""
    provider = provider or VERIFIER.connect()
    done = {"verified": 0, "refused": 0, "waiting": 0}
    for _turn in range(limit):
        invoice = _claim(now)
        if invoice is None:
            break
        done[_ask(invoice, provider, now)] += 1
    return Verified(**done)


def _claim(now: datetime) -> Invoice | None:
    """The oldest invoice whose turn it is, marked as being asked about until the claim runs out."""
    with tenant_atomic():
        invoice = (
            Invoice.objects.filter(state=InvoiceState.RECORDED, next_due_at__lte=now)
            .order_by("next_due_at", "id")
            .select_for_update(skip_locked=True, no_key=True)
            .first()
        )
        if invoice is None:
            return None
        Invoice.objects.filter(pk=invoice.pk).update(next_due_at=now + CLAIM, attempts=F("attempts") + 1)
        invoice.attempts += 1
        return invoice


def _ask(invoice: Invoice, provider: InvoiceVerifier, now: datetime) -> str:
    try:
        answer = provider.verify(facts_of(invoice))
    except VerifierUnavailable as error:
        return _wait(invoice, now, error=str(error))
    if answer.finding == Finding.NOT_FOUND_YET and invoice.attempts < NOT_FOUND_MOST:
        return _wait(invoice, now, error="")
    try:
        with tenant_atomic():
            return _settle(invoice, answer, now)
    except DomainError as refusal:
        logger.warning("answer for invoice %s not written: %s", invoice.pk, refusal.code)
        return "waiting"


def _settle(invoice: Invoice, answer: Answer, now: datetime) -> str:
    """Writes the verifier's word; the last verified invoice of an order's whole sum moves the order on."""
    actor = system_in(current_tenant().code)
    order = invoicing.hold_for_verifier(order_id=invoice.order_id)
    if answer.finding == Finding.MATCHES:
        _move(invoice, INVOICE_LIFECYCLE.next(invoice.state, "verify").target, settled_at=now, next_due_at=None)
        _tell(actor, invoice, "invoices.verified", now)
        verified = Invoice.objects.filter(order_id=invoice.order_id, state=InvoiceState.VERIFIED)
        if sum(verified.values_list("total", flat=True), ZERO) == order.payable_amount:
            invoicing.note_invoiced(actor=actor, order=order, now=now)
        return "verified"
    reason = (answer.reason or str(_("The authority does not know this invoice")))[:300]
    step = INVOICE_LIFECYCLE.next(invoice.state, "refuse")
    _move(invoice, step.target, settled_at=now, next_due_at=None, state_reason=reason)
    _tell(actor, invoice, "invoices.refused", now, reason=reason)
    return "refused"


def _move(invoice: Invoice, target: str, **changes: object) -> None:
    """The guarded UPDATE of one step. Raises InvoiceChanged when another was first."""
    moved = Invoice.objects.filter(pk=invoice.pk, state=invoice.state, version=invoice.version).update(
        state=target, version=F("version") + 1, **changes
    )
    if moved != 1:
        raise InvoiceChanged(invoice_id=invoice.pk)
    invoice.state = target


def _wait(invoice: Invoice, now: datetime, *, error: str) -> str:
    Invoice.objects.filter(pk=invoice.pk, state=invoice.state, version=invoice.version).update(
        next_due_at=ask_again_at(attempts=invoice.attempts, now=now), last_error=error[:300]
    )
    return "waiting"


def facts_of(invoice: Invoice) -> InvoiceFacts:
    """What the verifier is asked about."""
    return InvoiceFacts(
        code=invoice.code,
        number=invoice.number,
        issued_on=invoice.issued_on,
        net=invoice.net,
        tax=invoice.tax,
        seller=Party(name=invoice.seller_name, code=invoice.seller_code),
        buyer=Party(name=invoice.buyer_name, code=invoice.buyer_code),
    )


def buyer_of(*, organisation_id: int, unit_name: str) -> Party:
    """The unit as an invoice names it: its organisation, whose code counts where it is a credit code."""
    code, name = organisation_codes().get(organisation_id, ("", unit_name))
    return Party(name=name, code=code if len(code) == USCC_LENGTH else "")


def _refuse_faults(facts: InvoiceFacts, order: invoicing.InvoicedOrder, *, left: Decimal, now: datetime) -> None:
    seller = Party(name=order.supplier_name, code=order.supplier_code)
    buyer = buyer_of(organisation_id=order.organisation_id, unit_name=order.unit_name)
    if found := faults(facts, seller=seller, buyer=buyer, today=local_date(now), left=left):
        words = {
            "name": {"seller": seller.name, "buyer": buyer.name},
            "code": {"seller": seller.code, "buyer": buyer.code},
        }
        errors: dict[str, list[str]] = {}
        for field, fault in found.items():
            side, _sep, part = field.partition("_")
            errors[field] = [str(FAULTS[fault]) % {"known": words.get(part, {}).get(side, ""), "left": left}]
        raise InvalidInput(errors=errors)


def _refuse_known(digest: str) -> None:
    if (
        Invoice.objects.filter(fingerprint=digest).exclude(state=InvoiceState.REFUSED).exists()
        or RedInvoice.objects.filter(fingerprint=digest).exists()
    ):
        raise InvoiceKnown


def _tell(actor: Actor, invoice: Invoice, event: str, now: datetime, *, reason: str | None = None) -> None:
    record(
        actor=actor,
        event=event,
        object_type="invoice",
        object_id=invoice.pk,
        facts=invoice_facts(invoice, reason=reason),
        now=now,
    )
