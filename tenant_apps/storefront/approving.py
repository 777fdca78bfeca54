"""A local approval beside the region's: off by default, within the region's bound, each decision with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, NotFound, NotPermitted
from shared_apps.products.shelf_bounds import local_approval_allowed
from shared_apps.suppliers.selectors import SupplierView, list_suppliers, suppliers_by_id
from tenant_apps.journal.services import record
from tenant_apps.storefront.models import LocalApproval, SupplierApproval
from tenants.database.context import tenant_atomic

SWITCHERS = frozenset({Post.TIER_SUPERVISOR})
DECIDERS = frozenset({Post.TIER_SUPERVISOR, Post.CPB_OPERATOR})
EXPORTED_MAX = 10_000


class ApprovalNotAllowed(Conflict):
    """The region does not let malls approve suppliers themselves."""

    code = "local-approval-not-allowed"
    title = _("The region does not allow a local approval of suppliers")


class NobodyApproved(Conflict):
    """Switched on now, the mall would show nothing."""

    code = "no-supplier-approved"
    title = _("No supplier is approved here yet")


class ApprovalChanged(Conflict):
    """Somebody else decided since the page was opened."""

    code = "local-approval-changed"
    title = _("Somebody else changed this in the meantime")


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """`is_on` is the bureau's word; `counts` says whether the region's bound lets it count."""

    is_on: bool
    allowed: bool
    reason: str
    changed_at: datetime | None
    changed_by_name: str
    version: int

    @property
    def counts(self) -> bool:
        return self.is_on and self.allowed


@dataclass(frozen=True, slots=True)
class SupplierDecision:
    """A supplier of the library as this level sees it; no `decided_at`: nobody has decided yet."""

    supplier: SupplierView
    is_approved: bool
    reason: str
    decided_at: datetime | None
    decided_by_name: str
    version: int


@dataclass(frozen=True, slots=True)
class DecisionList:
    decisions: tuple[SupplierDecision, ...]
    next_after: int | None


def approval_policy() -> ApprovalPolicy:
    """Two statements."""
    row, allowed = LocalApproval.objects.first(), local_approval_allowed()
    if row is None:
        return ApprovalPolicy(False, allowed, "", None, "", 0)
    return ApprovalPolicy(row.is_on, allowed, row.reason, row.changed_at, row.changed_by_name, row.version)


def decisions(*, text: str = "", approved_only: bool = False, after: int = 0) -> DecisionList:
    """The library's admitted suppliers with this level's decisions, a page at a time; or those approved here alone."""
    if approved_only:
        rows = {row.supplier_id: row for row in SupplierApproval.objects.filter(is_approved=True)}
        known = suppliers_by_id(ids=list(rows))
        shown = sorted((one for one in known.values() if text in one.name or text == one.uscc), key=lambda one: one.id)
        return DecisionList(tuple(_decision(one, rows[one.id]) for one in shown), None)
    page = list_suppliers(text=text, standing="admitted", after=after)
    rows = {row.supplier_id: row for row in SupplierApproval.objects.filter(pk__in=[one.id for one in page.suppliers])}
    return DecisionList(tuple(_decision(one, rows.get(one.id)) for one in page.suppliers), page.next_after)


def exported_decisions(*, text: str = "", approved_only: bool = False) -> Iterator[SupplierDecision]:
    """The same list for a file, at most EXPORTED_MAX rows, a page of the list at a time."""
    after, told = 0, 0
    while told < EXPORTED_MAX:
        page = decisions(text=text, approved_only=approved_only, after=after)
        yield from page.decisions[: EXPORTED_MAX - told]
        told += len(page.decisions)
        if page.next_after is None:
            return
        after = page.next_after


def _decision(supplier: SupplierView, row: SupplierApproval | None) -> SupplierDecision:
    if row is None:
        return SupplierDecision(supplier, False, "", None, "", 0)
    return SupplierDecision(supplier, row.is_approved, row.reason, row.decided_at, row.decided_by_name, row.version)


def switch_local_approval(*, actor: Actor, is_on: bool, reason: str, version: int, now: datetime) -> ApprovalPolicy:
    """Turns the policy on or off; one journal row. What is so already changes nothing.

    Raises ApprovalNotAllowed and NobodyApproved for turning it on, ApprovalChanged when `version` is not the one now.
    """
    if not (actor.is_system or actor.posts & SWITCHERS):
        raise NotPermitted(action="switch_local_approval")
    if is_on and not local_approval_allowed():
        raise ApprovalNotAllowed
    with tenant_atomic():
        row = LocalApproval.objects.select_for_update().first()
        before = row.version if row else 0
        if version != before:
            raise ApprovalChanged(seen=version, now=before)
        if is_on and not SupplierApproval.objects.filter(is_approved=True).exists():
            raise NobodyApproved
        if (row.is_on if row else False) != is_on:
            row = row or LocalApproval(id=1)
            row.is_on, row.reason, row.changed_at, row.version = is_on, reason, now, before + 1
            row.changed_by_id, row.changed_by_name = actor.user_id, "" if actor.is_system else actor.name
            row.save(force_insert=before == 0)
            record(
                actor=actor,
                event="storefront.local_approval_switched",
                object_type="local_approval",
                object_id=1,
                facts={"is_on": is_on, "reason": reason, "version": row.version},
                now=now,
            )
    return approval_policy()


def decide_supplier(
    *, actor: Actor, supplier_id: int, is_approved: bool, reason: str, version: int, now: datetime
) -> SupplierDecision:
    """Approves a supplier for this mall, or takes the approval back; one journal row.

    Decisions are prepared while the policy is off. Raises NotFound for a supplier the region has not, ApprovalChanged.
    """
    if not (actor.is_system or actor.posts & DECIDERS):
        raise NotPermitted(action="decide_supplier")
    supplier = suppliers_by_id(ids=[supplier_id]).get(supplier_id)
    if supplier is None:
        raise NotFound(supplier_id=supplier_id)
    with tenant_atomic():
        row = SupplierApproval.objects.select_for_update().filter(pk=supplier_id).first()
        before = row.version if row else 0
        if version != before:
            raise ApprovalChanged(seen=version, now=before)
        row = row or SupplierApproval(supplier_id=supplier_id)
        row.is_approved, row.reason, row.decided_at, row.version = is_approved, reason, now, before + 1
        row.decided_by_id, row.decided_by_name = actor.user_id, "" if actor.is_system else actor.name
        row.save(force_insert=before == 0)
        record(
            actor=actor,
            event="storefront.supplier_decided",
            object_type="supplier",
            object_id=supplier_id,
            facts={
                "supplier_id": supplier_id,
                "supplier_code": supplier.uscc,
                "supplier_name": supplier.name,
                "is_approved": is_approved,
                "reason": reason,
            },
            now=now,
        )
    return _decision(supplier, row)
