"""Reading disputes, always starting from the actor: a stranger's is absent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.keysets import page_of_rows
from kernel.posts import Post
from kernel.problems import NotFound
from tenant_apps.disputes.models import Dispute, DisputeStatement
from tenant_apps.disputes.rules import MEDIATORS, Side
from tenant_apps.orders.permissions import SUPPLIER_POSTS, holds_here, visible_with_order

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class DisputeList:
    """One page, the nearest deadline first where they wait, else newest first. `next_after` when there are more."""

    disputes: Sequence[Dispute]
    next_after: int | None


def disputes_for(*, actor: Actor, state: str = "", search: str = "", after: int | None = None) -> DisputeList:
    """Disputes the actor may see, newest first. One statement."""
    return DisputeList(*page_of_rows(_found(actor, state, search), after=after, size=PAGE_SIZE))


def disputes_to_export(*, actor: Actor, state: str = "", search: str = "") -> Iterator[Dispute]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    return iter(_found(actor, state, search)[:EXPORT_ROWS_MAX])


def dispute_for(*, actor: Actor, dispute_id: int) -> Dispute:
    """Raises NotFound, the same for absent and for strangers. One statement."""
    row = Dispute.objects.filter(visible_with_order(actor), pk=dispute_id).first()
    if row is None:
        raise NotFound(dispute_id=dispute_id)
    return row


def statements_of(dispute: Dispute) -> list[DisputeStatement]:
    """What was put on record, oldest first. One statement; the caller has reached the dispute."""
    return list(dispute.statements.order_by("id"))


def of_order(*, order_id: int) -> list[Dispute]:
    """Disputes of an order the caller has reached, oldest first. One statement."""
    return list(Dispute.objects.filter(order_id=order_id).order_by("id"))


def is_paper_for(*, actor: Actor, key: str) -> bool:
    """Whether the actor sees a dispute in which this paper was put on record. One statement."""
    return DisputeStatement.objects.filter(
        paper_key=key, dispute__in=Dispute.objects.filter(visible_with_order(actor))
    ).exists()


def side_of(*, actor: Actor, dispute: Dispute) -> Side | None:
    """For which side the actor may speak; None for readers only."""
    if any(actor.has(post, organisation_id=dispute.supplier_organisation_id) for post in SUPPLIER_POSTS):
        return Side.SUPPLIER
    if any(
        actor.has(post, unit_id=dispute.unit_id, organisation_id=dispute.organisation_id)
        for post in (Post.BUYER_CLERK, Post.BUYER_APPROVER)
    ):
        return Side.BUYER
    return Side.MEDIATOR if any(holds_here(actor=actor, post=post) for post in MEDIATORS) else None


def _found(actor: Actor, state: str, search: str) -> QuerySet[Dispute]:
    rows = Dispute.objects.filter(visible_with_order(actor)).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(
            Q(order_number__startswith=search.upper())
            | Q(supplier_name__icontains=search)
            | Q(unit_name__icontains=search)
        )
    return rows
