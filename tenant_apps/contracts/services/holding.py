"""Takes the locks of a step, writes its guarded UPDATE and its journal row.

Lock order: the order, then the version, then its signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.lifecycle import Transition
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.contracts.events import version_facts
from tenant_apps.contracts.models import ContractVersion
from tenant_apps.contracts.rules import VERSION_LIFECYCLE, VersionKind, VersionState
from tenant_apps.contracts.selectors import visible_to
from tenant_apps.journal.services import record
from tenant_apps.orders.permissions import holds
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.services import contracting

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order


class ContractChanged(Conflict):
    """Somebody else took a step in the meantime, or the caller had looked at an older state."""

    code = "contract-changed"
    title = _("The contract has changed in the meantime")


@dataclass(frozen=True, slots=True)
class Held:
    row: ContractVersion
    order: Order
    step: Transition


def hold(
    *,
    actor: Actor,
    version_id: int,
    action: str,
    version: int | None = None,
    states: frozenset[OrderState] | None = None,
) -> Held:
    """Locks order and version; the actor may take `action` now. `states`: where the order of a main contract must be.

    Raises NotFound, NotPermitted, WrongState, ContractChanged.
    """
    found = ContractVersion.objects.filter(visible_to(actor), pk=version_id).values_list(
        "contract__order_id", flat=True
    )
    order_id = found.first()
    if order_id is None:
        raise NotFound(version_id=version_id)
    moves = [move for move in VERSION_LIFECYCLE.transitions if move.action == action]
    order = contracting.hold_for_contract(
        actor=actor,
        order_id=order_id,
        action=action,
        posts=frozenset(post for move in moves for post in move.posts if post is not None),
        states=frozenset(OrderState) if states is None else states,
    )
    row = locked(version_id)
    step = VERSION_LIFECYCLE.next(row.state, action)
    if not any(holds(actor=actor, post=post, order=order) for post in step.posts):
        raise NotPermitted(action=action)
    if version is not None and version != row.version:
        raise ContractChanged(state=row.state)
    return Held(row, order, step)


def hold_for_system(*, version_id: int, order_id: int) -> tuple[ContractVersion, Order]:
    """Locks order and version for the signature service's answer."""
    order = contracting.hold_for_signature(order_id=order_id)
    return locked(version_id), order


def move(
    *,
    actor: Actor,
    row: ContractVersion,
    step: Transition,
    event: str,
    now: datetime,
    reason: str | None = None,
    sm3: str | None = None,
    next_post: Post | None = None,
    **changes: Any,
) -> ContractVersion:
    """The guarded UPDATE of one step and its journal row. Raises ContractChanged when another was first."""
    values = {"state": step.target, "changed_at": now, **changes}
    if reason is not None:
        values["state_reason"] = reason
    moved = ContractVersion.objects.filter(pk=row.pk, state=row.state, version=row.version).update(
        version=F("version") + 1, **values
    )
    if moved != 1:
        raise ContractChanged(state=row.state)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    tell(actor=actor, row=row, event=event, now=now, reason=reason, sm3=sm3, next_post=next_post)
    return row


def tell(
    *,
    actor: Actor,
    row: ContractVersion,
    event: str,
    now: datetime,
    reason: str | None = None,
    sm3: str | None = None,
    next_post: Post | None = None,
) -> None:
    record(
        actor=actor,
        event=event,
        object_type="contract",
        object_id=row.contract_id,
        facts=version_facts(row, sm3=sm3, reason=reason, next_post=next_post),
        now=now,
    )


def given(text: str, field: str = "reason") -> str:
    """A reason that is owed, trimmed. Raises InvalidInput when there is none."""
    if not text.strip():
        raise InvalidInput(errors={field: [str(_("Give the reason."))]})
    return text.strip()


def order_states(kind: str) -> frozenset[OrderState]:
    """Where the order must be for a version of this kind to be offered and signed."""
    return contracting.SIGNABLE if kind == VersionKind.MAIN else contracting.DELIVERED


def locked(version_id: int) -> ContractVersion:
    rows = ContractVersion.objects.select_related("contract").select_for_update(no_key=True, of=("self",))
    return rows.get(pk=version_id)


__all__ = [
    "ContractChanged",
    "Held",
    "VersionState",
    "given",
    "hold",
    "hold_for_system",
    "locked",
    "move",
    "order_states",
    "tell",
]
