"""Reading bargains, always starting from the actor: a stranger's is absent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.keysets import page_of_rows
from kernel.posts import Post
from kernel.problems import Conflict, NotFound
from tenant_apps.bargains.models import Bargain, BargainLine, BargainMove
from tenant_apps.bargains.rules import BARGAIN_LIFECYCLE, BUYER, RUNNING, SUPPLIER, BargainState, Side, may_counter
from tenant_apps.orders.permissions import SUPPLIER_POSTS, visible_with_order
from tenant_apps.orders.selectors import order_of_bargain

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 10_000


class BargainNotGood(Conflict):
    """It was not agreed, is of another purchase, or the time to order is over."""

    code = "bargain-not-good"
    title = _("No order can be made of this bargain")


@dataclass(frozen=True, slots=True)
class BargainList:
    """One page, newest first. `next_after` when there are more."""

    bargains: Sequence[Bargain]
    next_after: int | None


def bargains_for(*, actor: Actor, state: str = "", search: str = "", after: int | None = None) -> BargainList:
    """Bargains the actor may see, newest first. One statement."""
    return BargainList(*page_of_rows(_found(actor, state, search), after=after, size=PAGE_SIZE))


def bargains_to_export(*, actor: Actor, state: str = "", search: str = "") -> Iterator[Bargain]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    return iter(_found(actor, state, search)[:EXPORT_ROWS_MAX])


def bargain_for(*, actor: Actor, bargain_id: int) -> Bargain:
    """Raises NotFound, the same for absent and for strangers. One statement."""
    row = Bargain.objects.filter(visible_with_order(actor), pk=bargain_id).first()
    if row is None:
        raise NotFound(bargain_id=bargain_id)
    return row


def running_with(*, actor: Actor, unit_id: int, supplier_id: int) -> Bargain | None:
    """The unit's one running bargain with the supplier. One statement."""
    rows = Bargain.objects.filter(visible_with_order(actor), unit_id=unit_id, supplier_id=supplier_id)
    return rows.filter(state__in=RUNNING).first()


def lines_of(bargain: Bargain) -> list[BargainLine]:
    """One statement; the caller has reached the bargain."""
    return list(bargain.lines.order_by("position"))


def moves_of(bargain: Bargain) -> list[BargainMove]:
    """What was said, oldest first. One statement; the caller has reached the bargain."""
    return list(bargain.moves.order_by("id"))


def ordered_by(*, actor: Actor, bargain: Bargain) -> Order | None:
    """The order that was made of the bargain and not given up, where the actor may see it. One statement."""
    if bargain.state != BargainState.ACCEPTED:
        return None
    return order_of_bargain(actor=actor, bargain_id=bargain.pk)


def of_order(*, bargain_id: int) -> tuple[Bargain, list[BargainLine]] | None:
    """The bargain an order was made of; the caller has reached the order. Two statements."""
    bargain = Bargain.objects.filter(pk=bargain_id).first()
    return (bargain, lines_of(bargain)) if bargain else None


def side_of(*, actor: Actor, bargain: Bargain) -> Side | None:
    """For which side the actor may speak; None for readers only."""
    if any(actor.has(post, organisation_id=bargain.supplier_organisation_id) for post in SUPPLIER_POSTS):
        return Side.SUPPLIER
    if actor.has(Post.BUYER_CLERK, unit_id=bargain.unit_id, organisation_id=bargain.organisation_id):
        return Side.BUYER
    return None


def actions_of(*, bargain: Bargain, side: Side | None) -> frozenset[str]:
    """What the side may do now, by the table and the counters that are left."""
    posts = {Side.BUYER: BUYER, Side.SUPPLIER: SUPPLIER}.get(side) if side else None
    moves = {move.action for move in BARGAIN_LIFECYCLE.actions(bargain.state, posts or ())}
    return frozenset(moves if may_counter(bargain.counters) else moves - {"counter", "propose_again"})


@dataclass(frozen=True, slots=True)
class AgreedGoods:
    """One offer, how many, and the agreed price of a piece."""

    offer_id: int
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Agreement:
    bargain_id: int
    number: str
    area_code: str
    good_until: datetime
    goods: tuple[AgreedGoods, ...]


def agreement_for(
    *, actor: Actor, bargain_id: int, unit_id: int, supplier_id: int, now: datetime, lock: bool = False
) -> Agreement:
    """What was agreed, for an order of this unit from this supplier. One statement.

    `lock` inside the order's transaction: of two orders of one agreement the later one waits, and then meets the
    order's own constraint. Raises NotFound for strangers, BargainNotGood.
    """
    rows = BargainLine.objects.filter(bargain_id=bargain_id).select_related("bargain").order_by("position")
    found = list(rows.select_for_update(no_key=True, of=("bargain",)) if lock else rows)
    bargain = found[0].bargain if found else None
    if bargain is None or side_of(actor=actor, bargain=bargain) != Side.BUYER:
        raise NotFound(bargain_id=bargain_id)
    until = bargain.good_until if bargain.state == BargainState.ACCEPTED else None
    if until is None or now >= until or (bargain.unit_id, bargain.supplier_id) != (unit_id, supplier_id):
        raise BargainNotGood(good_until=bargain.good_until)
    goods = tuple(AgreedGoods(line.offer_id, line.quantity, line.offered) for line in found)
    return Agreement(bargain.pk, str(bargain.number), bargain.area_code, until, goods)


def _found(actor: Actor, state: str, search: str) -> QuerySet[Bargain]:
    rows = Bargain.objects.filter(visible_with_order(actor)).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(
            Q(number__startswith=search.upper()) | Q(supplier_name__icontains=search) | Q(unit_name__icontains=search)
        )
    return rows
