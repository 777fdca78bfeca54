"""Deciding on what was proposed: brands, SPUs, products, certificates. One transaction and one journal row each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.lifecycle import Lifecycle
from kernel.problems import InvalidInput, NotFound
from shared_apps.products.certificates import refresh_labels
from shared_apps.products.models import Brand, Product, ProductCertificate, Spu
from shared_apps.products.permissions import REVIEWERS, require, require_stranger
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import (
    CERTIFICATE_LIFECYCLE,
    PRODUCT_LIFECYCLE,
    PROPOSAL_LIFECYCLE,
    ProposalState,
    Subject,
)
from shared_apps.products.services.identity import NotApproved
from shared_apps.products.services.proposing import ProposalChanged
from shared_apps.products.services.steps import Thing, add_step
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import suppliers_by_id
from tenants.database.context import region_atomic

DECISIONS = ("approve", "return", "refuse", "revoke")
_WITH_REASON = frozenset({"return", "refuse", "revoke"})


@dataclass(frozen=True, slots=True)
class _Kind:
    model: Any
    lifecycle: Lifecycle
    above: tuple[str, ...] = ()


KINDS: dict[str, _Kind] = {
    Subject.BRAND: _Kind(Brand, PROPOSAL_LIFECYCLE),
    Subject.SPU: _Kind(Spu, PROPOSAL_LIFECYCLE, ("brand",)),
    Subject.PRODUCT: _Kind(Product, PRODUCT_LIFECYCLE, ("spu", "spu__brand", "proposal")),
    Subject.CERTIFICATE: _Kind(ProductCertificate, CERTIFICATE_LIFECYCLE, ("product",)),
}


def decide(
    *, actor: Actor, subject: str, subject_id: int, action: str, version: int, now: datetime, reason: str = ""
) -> Thing:
    """Approves, returns, refuses or revokes the version that was read.

    Raises NotFound, WrongState, ProposalChanged, NotApproved while what stands above it is not approved,
    InvalidInput without a needed reason, NotPermitted also for a member of the proposing supplier.
    """
    require(actor, REVIEWERS, action)
    kind = KINDS.get(subject)
    if kind is None or action not in kind.lifecycle.action_names or action not in DECISIONS:
        raise NotFound(subject=subject, action=action)
    if action in _WITH_REASON and not reason.strip():
        raise InvalidInput(errors={"reason": [gettext("Say why.")]})
    with region_atomic():
        thing: Any = _locked(kind, subject_id)
        move = kind.lifecycle.next(thing.state, action)
        _require_stranger(actor, thing, action)
        if thing.version != version:
            raise ProposalChanged(read=version, present=thing.version)
        if action == "approve":
            _require_above(thing)
        thing.state, thing.version = move.target, thing.version + 1
        thing.save(update_fields=["state", "version"])
        add_step(thing, actor=actor, action=action, now=now, reason=reason)
        if isinstance(thing, Product):
            refresh_products(product_ids=(thing.pk,), now=now)
        elif isinstance(thing, ProductCertificate) and refresh_labels(
            product_ids=(thing.product_id,), on=local_date(now)
        ):
            refresh_products(product_ids=(thing.product_id,), now=now)
        record(
            actor=actor,
            event="products.decided",
            object_type=subject,
            object_id=thing.pk,
            facts={
                "subject": subject,
                "name": name_of(thing),
                "action": action,
                "state": thing.state,
                "reason": reason,
            },
            now=now,
        )
    done: Thing = thing
    return done


def name_of(thing: Thing) -> str:
    """What the thing is called in the journal and on pages."""
    if isinstance(thing, Product):
        return f"{thing.code} {thing.title}"
    if isinstance(thing, Spu):
        return f"{thing.brand.name} {thing.model}"
    if isinstance(thing, ProductCertificate):
        return f"{thing.product.code} {thing.number}"
    return thing.name


def _locked(kind: _Kind, subject_id: int) -> Any:
    thing = kind.model.objects.select_for_update(of=("self",)).select_related(*kind.above).filter(pk=subject_id).first()
    if thing is None:
        raise NotFound(id=subject_id)
    return thing


def _require_stranger(actor: Actor, thing: Any, action: str) -> None:
    proposer = getattr(getattr(thing, "proposal", None), "supplier_id", None)
    proposer = proposer if isinstance(thing, Product) else thing.supplier_id
    supplier = suppliers_by_id(ids=[proposer]).get(proposer) if proposer else None
    require_stranger(actor, supplier.organisation_id if supplier else None, action)


def _require_above(thing: Thing) -> None:
    """An SPU needs its brand, a product its SPU and the brand."""
    above: list[Brand | Spu] = []
    if isinstance(thing, Spu):
        above = [thing.brand]
    elif isinstance(thing, Product) and thing.spu is not None:
        above = [thing.spu.brand, thing.spu]
    for one in above:
        if one.state != ProposalState.APPROVED:
            raise NotApproved(name=name_of(one))
