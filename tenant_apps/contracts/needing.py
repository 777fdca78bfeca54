"""Whether goods are shipped only under a signed contract, from what amount on: decided by the mall's bureau.

Off until it says so. A government procurement contract is in writing (Government Procurement Law art. 44); an order
that both sides confirmed here is a data message that can be called up at any time, which counts as writing (Civil Code
art. 469), so a paper of its own is a choice, not a condition. No amount was found that makes it one: a proposal.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, NotPermitted
from tenant_apps.contracts.models import ContractRule, ContractVersion
from tenant_apps.contracts.rules import BINDING, SIGNABLE, VersionKind
from tenant_apps.contracts.services.holding import given
from tenant_apps.journal.services import record
from tenant_apps.orders.permissions import holds_here
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.services import guarding
from tenant_apps.orders.services.holding import person_id
from tenants.database.context import tenant_atomic

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order


class ContractNeeded(Conflict):
    """The mall ships orders of this amount under a signed contract only."""

    code = "contract-needed"
    title = _("Goods of this order are shipped once its contract is signed")


class ContractOffered(Conflict):
    """An offered text could still be signed: it is withdrawn before the order is cancelled."""

    code = "contract-offered"
    title = _("A contract of this order waits for signatures")


def rule() -> ContractRule | None:
    """The mall's decision in force; None while it has never decided. One statement."""
    return ContractRule.objects.order_by("-id").first()


def is_needed(*, amount: Decimal) -> bool:
    found = rule()
    return found is not None and found.needed and amount >= found.from_amount


def decide(*, actor: Actor, needed: bool, from_amount: Decimal, reason: str, now: datetime) -> ContractRule:
    """The bureau says from what amount on shipping waits for the contract. Raises NotPermitted."""
    if not holds_here(actor=actor, post=Post.TIER_SUPERVISOR):
        raise NotPermitted
    why = given(reason)
    with tenant_atomic():
        row = ContractRule.objects.create(
            needed=needed,
            from_amount=from_amount,
            reason=why,
            decided_by_id=person_id(actor),
            decided_by_name=actor.name,
            decided_at=now,
        )
        record(
            actor=actor,
            event="contracts.rule_decided",
            object_type="contract_rule",
            object_id=row.pk,
            facts={"needed": needed, "from_amount": from_amount, "reason": why},
            now=now,
        )
    return row


def _shipping(order: Order) -> None:
    if order.state != OrderState.ACCEPTED or not is_needed(amount=order.total_amount):
        return
    own = Q(contract__order_id=order.pk, kind=VersionKind.MAIN)
    signed = ContractVersion.objects.filter(own | Q(ordered__order_id=order.pk), state__in=BINDING)
    if not signed.exists():
        raise ContractNeeded(order_id=order.pk)


def _cancelling(order: Order) -> None:
    if ContractVersion.objects.filter(contract__order_id=order.pk, state__in=SIGNABLE).exists():
        raise ContractOffered(order_id=order.pk)


def register() -> None:
    """Called once, at app start."""
    guarding.register("ship", "contract", _shipping)
    guarding.register("cancel", "contract", _cancelling)
