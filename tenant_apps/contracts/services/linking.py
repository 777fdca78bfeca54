"""The order by which the goods of a signed supplement are bought."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.lifecycle import WrongState
from kernel.problems import Conflict, NotFound
from tenant_apps.contracts.models import Contract, ContractVersion, SupplementOrder
from tenant_apps.contracts.rules import BINDING, CLERK, UNSIGNED, VersionKind, beyond_supplement
from tenant_apps.contracts.selectors import visible_to
from tenant_apps.contracts.services.holding import locked
from tenant_apps.journal.services import record
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.services import contracting
from tenant_apps.orders.services.holding import person_id
from tenants.database.context import tenant_atomic

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order


class OrderNotOfSupplement(Conflict):
    """Another unit's or supplier's, older than the supplement, of other goods, more of them, or dearer."""

    code = "order-not-of-supplement"
    title = _("The order is not what the supplementary contract adds")


class SupplementOrdered(Conflict):
    code = "supplement-ordered"
    title = _("The supplementary contract has its order already")


def link_order(*, actor: Actor, version_id: int, order_id: int, now: datetime) -> ContractVersion:
    """The clerk names the order that buys what a signed supplement adds.

    From then on the supplement is that order's contract: none of its own is drafted, so that what is added counts once
    towards the tenth of art. 49. Raises NotFound, WrongState, SupplementOrdered, OrderNotOfSupplement.
    """
    with tenant_atomic(savepoint=False):
        found = ContractVersion.objects.filter(visible_to(actor), pk=version_id)
        first_id = found.values_list("contract__order_id", flat=True).first()
        if first_id is None:
            raise NotFound(version_id=version_id)
        # The contract's order is the older one: orders are locked in the order of their ids.
        first = contracting.hold_for_contract(
            actor=actor, order_id=first_id, action="link", posts=CLERK, states=frozenset(OrderState)
        )
        order = contracting.hold_for_contract(
            actor=actor, order_id=order_id, action="link", posts=CLERK, states=contracting.LINKABLE
        )
        row = locked(version_id)
        if row.kind != VersionKind.SUPPLEMENT or row.state not in BINDING:
            raise WrongState(lifecycle="contract version", state=row.state, action="link", possible=[])
        before = SupplementOrder.objects.filter(contract_version=row).first()
        if before is not None:
            raise SupplementOrdered(order_number=before.order_number)
        _require_fits(row, first, order)
        SupplementOrder.objects.create(
            contract_version=row,
            order_id=order.pk,
            order_number=str(order.number),
            named_by_id=person_id(actor),
            named_by_name=actor.name,
            named_at=now,
        )
        record(
            actor=actor,
            event="contracts.supplement_ordered",
            object_type="contract",
            object_id=row.contract_id,
            facts={"number": row.number, "order_id": order.pk, "order_number": str(order.number)},
            now=now,
        )
        contracting.note_supplement(actor=actor, order=order, number=row.number, now=now)
    return row


def _require_fits(row: ContractVersion, first: Order, order: Order) -> None:
    """Five statements with the orders' lines."""
    same = (order.unit_id, order.supplier_id) == (first.unit_id, first.supplier_id) and order.pk != first.pk
    if not same or row.signed_at is None or order.submitted_at < row.signed_at:
        raise OrderNotOfSupplement(order_number=str(order.number))
    own = Contract.objects.filter(order_id=order.pk, versions__state__in=sorted(UNSIGNED | BINDING))
    under = SupplementOrder.objects.filter(order_id=order.pk)
    if own.exists() or under.exists():
        raise OrderNotOfSupplement(order_number=str(order.number))
    products = {line.position: line.product_id for line in contracting.lines_of(order_id=first.pk)}
    asked = [(line.product_id, line.quantity, line.price) for line in contracting.lines_of(order_id=order.pk)]
    if beyond_supplement(content=row.content, products=products, asked=asked):
        raise OrderNotOfSupplement(order_number=str(order.number))
