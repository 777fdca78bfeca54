"""Drafts of contracts and supplements: written, reworked, offered, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotFound
from kernel.sm3 import sm3_hex
from tenant_apps.contracts import papers
from tenant_apps.contracts.models import Contract, ContractDocument, ContractVersion, SupplementOrder
from tenant_apps.contracts.provider import SIGNER
from tenant_apps.contracts.rules import (
    BINDING,
    CLERK,
    PAYMENT_DAYS_MOST,
    SME_PAYMENT_DAYS_MOST,
    UNSIGNED,
    VERSION_LIFECYCLE,
    Room,
    VersionKind,
    VersionState,
    number_stem,
    supplement_room,
)
from tenant_apps.contracts.selectors import last_ordinal, version_for
from tenant_apps.contracts.services.holding import ContractChanged, given, hold, move, order_states, tell
from tenant_apps.files.services import store_file
from tenant_apps.orders.services import contracting
from tenant_apps.orders.services.holding import person_id
from tenants.database.context import current_tenant, tenant_atomic


class ContractOpen(Conflict):
    """There is a text that is not signed yet, or the order has its contract."""

    code = "contract-open"
    title = _("This order has a contract or a draft of one already")


class ContractNotFiled(Conflict):
    """First things first: what is signed is published and filed before more is agreed on."""

    code = "contract-not-filed"
    title = _("What is signed is published and filed before a supplement follows")


class SupplementTooLarge(Conflict):
    """All supplements together are at most a tenth of the contract. Government Procurement Law art. 49."""

    code = "supplement-too-large"
    title = _("All supplementary contracts together would be more than a tenth of the contract")


class OrderUnderSupplement(Conflict):
    """What a supplement adds counts once: the order that buys it has no contract of its own."""

    code = "order-under-supplement"
    title = _("The order was placed under a supplementary contract")


def draft_contract(*, actor: Actor, order_id: int, now: datetime) -> ContractVersion:
    """The clerk has the contract of an accepted order written. Raises WrongState, ContractOpen.

    Also OrderUnderSupplement.
    """
    with tenant_atomic(savepoint=False):
        order = contracting.hold_for_contract(
            actor=actor, order_id=order_id, action="draft", posts=CLERK, states=contracting.DRAFTABLE
        )
        if SupplementOrder.objects.filter(order_id=order.pk).exists():
            raise OrderUnderSupplement(order_id=order.pk)
        contract = Contract.objects.filter(order_id=order.pk).first()
        versions = _versions(contract)
        if any(state in UNSIGNED or state in BINDING for state in versions):
            raise ContractOpen(order_id=order.pk)
        if contract is None:
            contract = Contract.objects.create(
                number_stem=number_stem(tenant_code=current_tenant().code[:6], on=local_date(now)),
                order_id=order.pk,
                order_number=str(order.number),
                unit_id=order.unit_id,
                unit_name=order.unit_name,
                organisation_id=order.organisation_id,
                supplier_organisation_id=order.supplier_organisation_id,
                supplier_name=order.supplier_name,
                opened_at=now,
            )
        content = papers.main_content(contracting.text_of(order))
        return _write(actor, contract, VersionKind.MAIN, len(versions) + 1, content, now)


def draft_supplement(
    *, actor: Actor, contract_id: int, lines: Sequence[tuple[int, int]], reason: str, now: datetime
) -> ContractVersion:
    """More of a signed contract's goods: (position, pieces added).

    Raises SupplementTooLarge, ContractOpen, ContractNotFiled.
    """
    why = given(reason)
    with tenant_atomic(savepoint=False):
        order_id = Contract.objects.filter(pk=contract_id).values_list("order_id", flat=True).first()
        if order_id is None:
            raise NotFound(contract_id=contract_id)
        contracting.hold_for_contract(
            actor=actor, order_id=order_id, action="supplement", posts=CLERK, states=contracting.DELIVERED
        )
        contract = Contract.objects.get(pk=contract_id)
        rows = list(ContractVersion.objects.filter(contract=contract).select_related("document").order_by("ordinal"))
        main = next((row for row in rows if row.kind == VersionKind.MAIN and row.state in BINDING), None)
        if main is None or any(row.state in UNSIGNED for row in rows):
            raise ContractOpen(contract_id=contract_id)
        if any(row.state in BINDING and row.state != VersionState.FILED for row in rows):
            raise ContractNotFiled(contract_id=contract_id)
        content = papers.supplement_content(
            main.document.content, _added(main, lines), number=str(contract.number), reason=why
        )
        room = room_of(rows)
        if Decimal(content["total"]) > room.left:
            raise SupplementTooLarge(left=room.left, most=room.most, asked=Decimal(content["total"]))
        return _write(actor, contract, VersionKind.SUPPLEMENT, len(rows) + 1, content, now)


def room_of(rows: Sequence[ContractVersion]) -> Room:
    """What the contract's supplements may still come to."""
    main = next(row.amount for row in rows if row.kind == VersionKind.MAIN and row.state in BINDING)
    supplements = (row.amount for row in rows if row.kind == VersionKind.SUPPLEMENT and row.state in BINDING)
    return supplement_room(main=main, supplements=supplements)


def rework(
    *,
    actor: Actor,
    version_id: int,
    payment_days: int,
    delivery_on: date | None,
    terms: str,
    now: datetime,
    version: int | None = None,
) -> ContractVersion:
    """The clerk changes a contract's draft. Raises InvalidInput for a period beyond the law's, WrongState."""
    with tenant_atomic(savepoint=False):
        held = hold(actor=actor, version_id=version_id, action="rework", version=version)
        if held.row.kind != VersionKind.MAIN:
            raise ContractChanged(kind=held.row.kind)
        is_sme = held.row.content["supplier"]["is_sme"]
        _check_terms(payment_days, delivery_on, is_sme=is_sme, now=now)
        content = held.row.content | {
            "payment_days": payment_days,
            "delivery_on": delivery_on.isoformat() if delivery_on else None,
            "terms": terms.strip(),
        }
        return move(actor=actor, row=held.row, step=held.step, event="contracts.reworked", now=now, content=content)


def offer(*, actor: Actor, version_id: int, now: datetime, version: int | None = None) -> ContractVersion:
    """The draft becomes the text both are to sign: its PDF is made, kept, and its digest told to the journal.

    The PDF is made before the locks are taken; a draft that changed meanwhile is refused. Raises ContractChanged,
    CharactersMissing, WrongState.
    """
    seen = version_for(actor=actor, version_id=version_id)
    VERSION_LIFECYCLE.next(seen.state, "offer")
    is_simulated = SIGNER.is_simulated()
    pdf = papers.pdf_of(content=seen.content, kind=seen.kind, number=seen.number, is_simulated=is_simulated, at=now)
    with tenant_atomic(savepoint=False):
        held = hold(
            actor=actor,
            version_id=version_id,
            action="offer",
            version=seen.version if version is None else version,
            states=order_states(seen.kind),
        )
        if held.row.version != seen.version:
            raise ContractChanged(state=held.row.state)
        file = store_file(
            actor=actor,
            name=f"{seen.number}.pdf",
            content=pdf,
            purpose="contracts.document",
            organisation_id=seen.contract.organisation_id,
            now=now,
        )
        ContractDocument.objects.create(
            contract_version=held.row,
            content=seen.content,
            wording=papers.WORDING,
            file_key=file.key,
            sm3=sm3_hex(pdf),
            is_simulated=is_simulated,
            made_at=now,
        )
        return move(actor=actor, row=held.row, step=held.step, event="contracts.offered", now=now, sm3=sm3_hex(pdf))


def supersede(*, actor: Actor, version_id: int, now: datetime, version: int | None = None) -> ContractVersion:
    """The clerk takes an offered text back to work on: a new draft follows it, signatures given do not count for it."""
    with tenant_atomic(savepoint=False):
        held = hold(actor=actor, version_id=version_id, action="supersede", version=version)
        move(actor=actor, row=held.row, step=held.step, event="contracts.superseded", now=now)
        last = last_ordinal(contract_id=held.row.contract_id)
        return _write(actor, held.row.contract, held.row.kind, last + 1, held.row.content, now)


def withdraw(
    *, actor: Actor, version_id: int, reason: str, now: datetime, version: int | None = None
) -> ContractVersion:
    """Either side gives the text up before both have signed; the clerk a draft too. With a reason."""
    why = given(reason)[:300]
    with tenant_atomic(savepoint=False):
        held = hold(actor=actor, version_id=version_id, action="withdraw", version=version)
        return move(actor=actor, row=held.row, step=held.step, event="contracts.withdrawn", now=now, reason=why)


def _write(
    actor: Actor, contract: Contract, kind: str, ordinal: int, content: dict[str, Any], now: datetime
) -> ContractVersion:
    row = ContractVersion.objects.create(
        contract=contract,
        ordinal=ordinal,
        kind=kind,
        state=VersionState.DRAFT,
        content=content,
        amount=Decimal(content["total"]),
        drafted_by_id=person_id(actor),
        drafted_by_name=actor.name,
        drafted_at=now,
        changed_at=now,
    )
    tell(actor=actor, row=row, event="contracts.drafted", now=now)
    return row


def _versions(contract: Contract | None) -> list[str]:
    if contract is None:
        return []
    return list(ContractVersion.objects.filter(contract=contract).values_list("state", flat=True))


def _added(main: ContractVersion, lines: Sequence[tuple[int, int]]) -> dict[int, int]:
    known = {line["position"] for line in main.document.content["lines"]}
    added = {position: quantity for position, quantity in lines if quantity > 0}
    if not added or not set(added) <= known or len({position for position, _ in lines}) != len(lines):
        raise InvalidInput(errors={"lines": [str(_("Name lines of the contract, each once, and at least one piece."))]})
    return added


def _check_terms(payment_days: int, delivery_on: date | None, *, is_sme: bool, now: datetime) -> None:
    errors: dict[str, list[str]] = {}
    most = SME_PAYMENT_DAYS_MOST if is_sme else PAYMENT_DAYS_MOST
    if not 1 <= payment_days <= most:
        errors["payment_days"] = [str(_("At most %(most)s days.")) % {"most": most}]
    if delivery_on is not None and delivery_on < local_date(now):
        errors["delivery_on"] = [str(_("The day has passed."))]
    if errors:
        raise InvalidInput(errors=errors)
