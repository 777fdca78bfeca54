"""Asking for signatures and following what the signature service says. The service is called between transactions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, system_in
from kernel.posts import Post
from kernel.problems import Conflict, DomainError, InvalidInput, NotPermitted
from kernel.wakeups import wake
from shared_apps.rulebook.selectors import calendar
from tenant_apps.contracts.events import signature_facts
from tenant_apps.contracts.models import ContractVersion, Signature
from tenant_apps.contracts.provider import (
    SIGNER,
    SignatureService,
    SignerUnavailable,
    SigningOutcome,
    SigningRequest,
    SigningStatus,
)
from tenant_apps.contracts.rules import (
    CLAIM,
    FILE_DEADLINE,
    LIVE_SIGNATURES,
    POLL_EVERY,
    PUBLISH_DEADLINE,
    SIGNABLE,
    SIGNATURE_LIFECYCLE,
    SUPPLIER,
    VERSION_LIFECYCLE,
    Side,
    SignatureState,
    VersionKind,
    VersionState,
    retry_at,
)
from tenant_apps.contracts.services.holding import ContractChanged, hold, hold_for_system, move, order_states
from tenant_apps.journal.services import record
from tenant_apps.orders.permissions import holds
from tenant_apps.orders.rules import due_at
from tenant_apps.orders.services import contracting
from tenant_apps.orders.services.holding import person_id
from tenants.database.context import current_tenant, tenant_atomic, tenant_on_commit

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

logger = logging.getLogger(__name__)
CERTIFICATE_DIGITS = (8, 32)


class SignedAlready(Conflict):
    """The side has signed, or has asked to and waits for the service."""

    code = "signed-already"
    title = _("Your side has signed this version, or its signature is under way")


class SignerWroteIt(NotPermitted):
    """Who wrote the draft does not sign it for the unit."""

    code = "signer-wrote-it"
    title = _("Who wrote the contract does not sign it")


@dataclass(frozen=True, slots=True)
class Followed:
    """What one round did; `waiting` could not be reached or has no answer yet."""

    sent: int = 0
    signed: int = 0
    refused: int = 0
    lapsed: int = 0
    waiting: int = 0


def ask_to_sign(
    *, actor: Actor, version_id: int, certificate: str, now: datetime, version: int | None = None
) -> Signature:
    """One side's person asks for the side's signature; the service is asked after the commit.

    Raises SignedAlready, SignerWroteIt, WrongState, InvalidInput for a certificate that cannot be one.
    """
    least, most = CERTIFICATE_DIGITS
    if not (certificate.isascii() and certificate.isdigit() and least <= len(certificate) <= most):
        raise InvalidInput(errors={"certificate": [str(_("Write the certificate's number in 8 to 32 digits."))]})
    with tenant_atomic(savepoint=False):
        held = hold(actor=actor, version_id=version_id, action="ask_to_sign", version=version)
        row = held.row
        if held.order.state not in order_states(row.kind):
            raise ContractChanged(order_state=str(held.order.state))
        side = side_of(actor=actor, order=held.order)
        if side == Side.BUYER and row.drafted_by_id == person_id(actor):
            raise SignerWroteIt
        if Signature.objects.filter(contract_version=row, side=side, state__in=LIVE_SIGNATURES).exists():
            raise SignedAlready(side=side.value)
        signature = Signature.objects.create(
            contract_version=row,
            side=side,
            state=SIGNATURE_LIFECYCLE.initial,
            signer_id=person_id(actor),
            signer_name=actor.name,
            certificate=certificate,
            digest=row.document.sm3,
            provider=SIGNER.connect().name,
            requested_at=now,
            next_due_at=now,
        )
        _tell(actor, row, signature, "contracts.signing_asked", now)
        tenant_on_commit(wake_signing)
    return signature


def side_of(*, actor: Actor, order: Order) -> Side:
    """For whom the actor signs: the supplier's people for the supplier."""
    return Side.SUPPLIER if any(holds(actor=actor, post=post, order=order) for post in SUPPLIER) else Side.BUYER


def wake_signing() -> None:
    """Tells the worker that a signature waits."""
    # The task calls the service beside this one: the name is looked up when it is needed.
    from tenant_apps.contracts.tasks import follow_tenant

    wake(follow_tenant.enqueue, tenant=current_tenant().code)


def follow_due(*, now: datetime, limit: int = 50, provider: SignatureService | None = None) -> Followed:
    """Hands waiting requests to the service and asks about those it has, oldest first."""
    provider = provider or SIGNER.connect()
    done = {"sent": 0, "signed": 0, "refused": 0, "lapsed": 0, "waiting": 0}
    for _turn in range(limit):
        signature = _claim(now)
        if signature is None:
            break
        act = _send if signature.state == SignatureState.REQUESTED else _poll
        done[act(signature, provider, now)] += 1
    return Followed(**done)


def _claim(now: datetime) -> Signature | None:
    """The oldest signature whose turn it is, marked as being worked on until the claim runs out."""
    with tenant_atomic():
        signature = (
            Signature.objects.filter(next_due_at__lte=now)
            .select_related("contract_version__contract", "contract_version__document")
            .order_by("next_due_at", "id")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .first()
        )
        if signature is None:
            return None
        Signature.objects.filter(pk=signature.pk).update(next_due_at=now + CLAIM, attempts=F("attempts") + 1)
        signature.attempts += 1
        return signature


def _send(signature: Signature, provider: SignatureService, now: datetime) -> str:
    if signature.contract_version.state not in SIGNABLE:
        return _written(signature, lambda: _lapse(signature, now), "lapsed")
    try:
        receipt = provider.ask(_as_request(signature))
    except SignerUnavailable as error:
        return _wait(signature, until=retry_at(attempts=signature.attempts, now=now), error=str(error))

    def note() -> None:
        with tenant_atomic():
            _step(
                signature,
                "send",
                provider_reference=receipt.reference,
                sent_at=now,
                last_error="",
                next_due_at=now + POLL_EVERY,
                attempts=0,
            )
            _tell(_system(), signature.contract_version, signature, "contracts.signing_sent", now)

    return _written(signature, note, "sent")


def _poll(signature: Signature, provider: SignatureService, now: datetime) -> str:
    try:
        outcome = provider.poll(signature.provider_reference)
    except SignerUnavailable as error:
        return _wait(signature, until=retry_at(attempts=signature.attempts, now=now), error=str(error))
    if outcome.status == SigningStatus.PENDING:
        return _wait(signature, until=now + POLL_EVERY, error="")
    if outcome.status == SigningStatus.REFUSED:
        return _written(signature, lambda: _refuse(signature, outcome, now), "refused")
    done: list[str] = []
    written = _written(signature, lambda: done.append(_confirm(signature, outcome, now)), "signed")
    return done[0] if done else written


def _confirm(signature: Signature, outcome: SigningOutcome, now: datetime) -> str:
    """The signature counts, unless its version was withdrawn or its order ended meanwhile."""
    contract = signature.contract_version.contract
    with tenant_atomic():
        row, order = hold_for_system(version_id=signature.contract_version_id, order_id=contract.order_id)
        if row.state not in SIGNABLE or order.state not in order_states(row.kind):
            _lapse(signature, now)
            return "lapsed"
        _step(signature, "confirm", value=outcome.value[:400], settled_at=now, next_due_at=None, last_error="")
        _tell(_system(), row, signature, "contracts.signing_confirmed", now)
        _sign(row, order, signature, now)
    return "signed"


def _sign(row: ContractVersion, order: Order, signature: Signature, now: datetime) -> None:
    actor = _system()
    if row.state == VersionState.OFFERED:
        step = VERSION_LIFECYCLE.next(row.state, "sign_first")
        other = Post.SUPPLIER_SALES if signature.side == Side.BUYER else Post.BUYER_APPROVER
        move(actor=actor, row=row, step=step, event="contracts.part_signed", now=now, next_post=other)
        return
    days = calendar()
    move(
        actor=actor,
        row=row,
        step=VERSION_LIFECYCLE.next(row.state, "sign_last"),
        event="contracts.signed",
        now=now,
        sm3=signature.digest,
        signed_at=now,
        publish_due_at=due_at(deadline=PUBLISH_DEADLINE, entered_at=now, calendar=days),
        file_due_at=due_at(deadline=FILE_DEADLINE, entered_at=now, calendar=days),
    )
    if row.kind == VersionKind.MAIN:
        contracting.note_signed(actor=actor, order=order, payment_days=row.content["payment_days"], now=now)


def _refuse(signature: Signature, outcome: SigningOutcome, now: datetime) -> None:
    reason = outcome.reason[:300] or str(_("The signature service gave no reason"))
    with tenant_atomic():
        _step(signature, "refuse", state_reason=reason, settled_at=now, next_due_at=None, last_error="")
        _tell(_system(), signature.contract_version, signature, "contracts.signing_refused", now, reason=reason)


def _lapse(signature: Signature, now: datetime) -> None:
    with tenant_atomic():
        _step(signature, "lapse", settled_at=now, next_due_at=None, last_error="")
        _tell(_system(), signature.contract_version, signature, "contracts.signing_lapsed", now)


def _step(signature: Signature, action: str, **changes: Any) -> None:
    """The guarded UPDATE of one step. Raises ContractChanged when another worker was first."""
    target = SIGNATURE_LIFECYCLE.next(signature.state, action).target
    moved = Signature.objects.filter(pk=signature.pk, state=signature.state, version=signature.version).update(
        state=target, version=F("version") + 1, **changes
    )
    if moved != 1:
        raise ContractChanged(signature=signature.pk)
    signature.state = target


def _written(signature: Signature, write: Callable[[], None], done: str) -> str:
    """Runs a write; "waiting" when the row had moved on: the next round looks again."""
    try:
        write()
    except DomainError as refusal:
        logger.warning("answer for signature %s not written: %s", signature.pk, refusal.code)
        return "waiting"
    return done


def _wait(signature: Signature, *, until: datetime, error: str) -> str:
    Signature.objects.filter(pk=signature.pk, state=signature.state, version=signature.version).update(
        next_due_at=until, last_error=error[:300]
    )
    return "waiting"


def _as_request(signature: Signature) -> SigningRequest:
    row = signature.contract_version
    buyer = signature.side == Side.BUYER
    return SigningRequest(
        key=f"{row.number}-{signature.pk}",
        digest=signature.digest,
        certificate=signature.certificate,
        party=row.contract.unit_name if buyer else row.contract.supplier_name,
        document=row.number,
    )


def _system() -> Actor:
    return system_in(current_tenant().code)


def _tell(
    actor: Actor, row: ContractVersion, signature: Signature, event: str, now: datetime, *, reason: str | None = None
) -> None:
    record(
        actor=actor,
        event=event,
        object_type="contract",
        object_id=row.contract_id,
        facts=signature_facts(signature, reason=reason),
        now=now,
    )
