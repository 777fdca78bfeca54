"""Each step of a bargain: one transaction, one journal row. Its row is locked first, then its clock is asked."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, system_in
from kernel.clock import database_now, local_date
from kernel.lifecycle import Deadline
from kernel.posts import Post
from kernel.problems import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from shared_apps.products import selectors as library
from shared_apps.products.read_models import OfferView
from shared_apps.rulebook.selectors import calendar, recent_rule_set
from tenant_apps.bargains import rules
from tenant_apps.bargains.events import EVENTS, bargain_facts
from tenant_apps.bargains.models import Bargain, BargainLine, BargainMove
from tenant_apps.bargains.rules import (
    BARGAIN_LIFECYCLE,
    CAME_TO_NOTHING,
    RUNNING,
    BargainState,
    LinePrices,
    NotDownwards,
    PriceFault,
    Side,
)
from tenant_apps.bargains.selectors import bargain_for, side_of
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.selectors import units_of
from tenant_apps.journal.services import record
from tenant_apps.orders.rules import due_at
from tenant_apps.orders.services.again import LINES_MAX as BACK_MAX
from tenant_apps.orders.services.judging import require_joined
from tenant_apps.storefront.selectors import buyer_id, require_clerk
from tenant_apps.storefront.services import CartFull, OfferUnavailable, add_to_cart, take_lines
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_atomic

logger = logging.getLogger(__name__)
Prices = Mapping[int, Decimal]


class BargainChanged(Conflict):
    """The other side took a step in the meantime."""

    code = "bargain-changed"
    title = _("The bargain has changed in the meantime")


class BargainTooLate(Conflict):
    """The time to answer is over; equality is late."""

    code = "bargain-too-late"
    title = _("The time to answer this bargain is over")


class BargainRuns(Conflict):
    """One bargain at a time with a supplier."""

    code = "bargain-runs"
    title = _("The unit bargains with this supplier already")


class CountersUsedUp(Conflict):
    """The supplier counters at most twice."""

    code = "counters-used-up"
    title = _("The supplier has countered twice: accept its last prices or end the bargain")


class NothingToBargain(Conflict):
    code = "nothing-to-bargain"
    title = _("The cart has nothing of this supplier that can be bargained about")


# -- beginning -------------------------------------------------------------------------------------------------------
def propose(*, actor: Actor, unit_id: int, supplier_id: int, prices: Prices, note: str, now: datetime) -> Bargain:
    """A clerk asks for lower prices for all of the supplier's goods in the cart, which leave it.

    Raises NothingToBargain, BargainRuns, InvalidInput for a price that is not lower, SupplierNotJoined.
    """
    require_clerk(actor=actor, unit_id=unit_id)
    unit = next(unit for unit in units_of(actor, Post.BUYER_CLERK) if unit.id == unit_id)
    due = _due_at(now, answer=True)
    try:
        with tenant_atomic():
            return _begin(actor, unit, supplier_id, prices, note.strip(), due, now)
    except IntegrityError as error:
        if "bargain_one_running" in str(error):
            raise BargainRuns(supplier_id=supplier_id) from error
        raise


def _begin(
    actor: Actor, unit: UnitView, supplier_id: int, prices: Prices, note: str, due: datetime, now: datetime
) -> Bargain:
    taken = take_lines(actor=actor, unit_id=unit.id, supplier_id=supplier_id)
    area = taken[0].area_code if taken else ""
    offers = library.offers(offer_ids=[line.offer_id for line in taken], area=area) if taken else {}
    sound = all(
        line.on_shelf and line.offer_id in offers and offers[line.offer_id].available
        and offers[line.offer_id].takes(line.quantity)
        for line in taken
    )  # fmt: skip
    if not taken or not sound or len(taken) > rules.LINES_MAX:
        raise NothingToBargain(supplier_id=supplier_id, most=rules.LINES_MAX)
    goods = [(line.offer_id, line.quantity, offers[line.offer_id].price) for line in taken]
    asked = _checked(rules.asking, rules.listed(goods), prices)
    supplier = offers[taken[0].offer_id]
    bargain = Bargain.objects.create(
        number_stem=rules.number_stem(tenant_code=current_tenant().code[:6], on=local_date(now)),
        unit_id=unit.id,
        unit_name=unit.name,
        organisation_id=unit.organisation_id,
        area_code=area,
        supplier_id=supplier_id,
        supplier_code=supplier.supplier_code,
        supplier_name=supplier.supplier_name,
        supplier_organisation_id=require_joined(supplier),
        clerk_id=buyer_id(actor),
        clerk_name=actor.name,
        state=BARGAIN_LIFECYCLE.initial,
        proposed_at=now,
        changed_at=now,
        next_due_at=due,
        **_amounts(asked),
    )
    BargainLine.objects.bulk_create(_rows(bargain, asked, offers))
    _say(actor, bargain, "propose", Side.BUYER, asked, note, now)
    return bargain


def _rows(bargain: Bargain, lines: Sequence[LinePrices], offers: Mapping[int, OfferView]) -> list[BargainLine]:
    return [
        BargainLine(
            bargain=bargain,
            position=position,
            offer_id=line.offer_id,
            product_code=offers[line.offer_id].product_code,
            title=offers[line.offer_id].title,
            unit=offers[line.offer_id].unit,
            quantity=line.quantity,
            listed=line.listed,
            asked=line.asked,
            offered=line.offered,
        )
        for position, line in enumerate(lines, start=1)
    ]


# -- going on --------------------------------------------------------------------------------------------------------
def counter(
    *, actor: Actor, bargain_id: int, prices: Prices, now: datetime, note: str = "", version: int | None = None
) -> Bargain:
    """The supplier goes down, not as far as was asked; at most twice. Raises CountersUsedUp, InvalidInput."""
    return _price_step(actor, bargain_id, "counter", Side.SUPPLIER, prices, note, now, version)


def propose_again(
    *, actor: Actor, bargain_id: int, prices: Prices, now: datetime, note: str = "", version: int | None = None
) -> Bargain:
    """The clerk asks anew, while the supplier has a counter left. Raises CountersUsedUp, InvalidInput."""
    return _price_step(actor, bargain_id, "propose_again", Side.BUYER, prices, note, now, version)


def _price_step(
    actor: Actor,
    bargain_id: int,
    action: str,
    side: Side,
    prices: Prices,
    note: str,
    now: datetime,
    version: int | None,
) -> Bargain:
    due = _due_at(now, answer=True)
    with tenant_atomic(savepoint=False):
        bargain, lines = _held(actor, bargain_id, action, version)
        if not rules.may_counter(bargain.counters):
            raise CountersUsedUp(most=rules.COUNTERS_MAX)
        said = _checked(rules.countering if side == Side.SUPPLIER else rules.asking, lines, prices)
        _keep_prices(bargain, said)
        counters = bargain.counters + (side == Side.SUPPLIER)
        _move(bargain, action, now, counters=counters, next_due_at=due, **_amounts(said))
        _say(actor, bargain, action, side, said, note.strip(), now)
    return bargain


def accept(*, actor: Actor, bargain_id: int, now: datetime, version: int | None = None) -> Bargain:
    """Who has the turn takes the other's last prices: the supplier those asked, the clerk those offered."""
    good_until = _due_at(now, answer=False)
    with tenant_atomic(savepoint=False):
        bargain, lines = _held(actor, bargain_id, "accept", version)
        side = Side.SUPPLIER if bargain.state == BargainState.PROPOSED else Side.BUYER
        one = rules.agreed(lines, by=side)
        _keep_prices(bargain, one)
        _move(bargain, "accept", now, good_until=good_until, next_due_at=None, **_amounts(one))
        _say(actor, bargain, "accept", side, one, "", now)
    return bargain


def decline(*, actor: Actor, bargain_id: int, reason: str, now: datetime, version: int | None = None) -> Bargain:
    """The supplier stays at its listed prices and says why."""
    said = reason.strip()
    if not said:
        raise InvalidInput(errors={"reason": [gettext("Give the reason.")]})
    return _end(actor, bargain_id, "decline", Side.SUPPLIER, said, now, version)


def withdraw(*, actor: Actor, bargain_id: int, now: datetime, version: int | None = None) -> Bargain:
    """The clerk ends it."""
    return _end(actor, bargain_id, "withdraw", Side.BUYER, "", now, version)


def _end(
    actor: Actor, bargain_id: int, action: str, side: Side, note: str, now: datetime, version: int | None
) -> Bargain:
    with tenant_atomic(savepoint=False):
        bargain, lines = _held(actor, bargain_id, action, version)
        _move(bargain, action, now, next_due_at=None)
        _say(actor, bargain, action, side, lines, note, now, priced=False)
    return bargain


# -- time ------------------------------------------------------------------------------------------------------------
def sweep_due(*, now: datetime, limit: int = 200) -> int:
    """Ends what nobody answered in time, oldest first, one transaction each; returns how many."""
    due = Bargain.objects.filter(next_due_at__lte=now, state__in=RUNNING).order_by("next_due_at", "id")
    ended = 0
    for bargain_id in due.values_list("id", flat=True)[:limit]:
        try:
            ended += _expire(bargain_id, now)
        except DomainError as refusal:
            logger.info("timer of bargain %s did not apply: %s", bargain_id, refusal.code)
        except DatabaseError:
            logger.exception("timer of bargain %s failed", bargain_id)
    return ended


def _expire(bargain_id: int, now: datetime) -> bool:
    """Whether it was still due; what somebody is working on is left for the next sweep."""
    with tenant_atomic(savepoint=False):
        rows = Bargain.objects.filter(pk=bargain_id, next_due_at__lte=now)
        bargain = rows.select_for_update(no_key=True, skip_locked=True).first()
        if bargain is None:
            return False
        _move(bargain, "expire", now, next_due_at=None)
        _say(system_in(current_tenant().code), bargain, "expire", Side.SYSTEM, (), "", now, priced=False)
    return True


# -- the goods -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class BackInCart:
    """How many of the goods are in the cart again, and the titles of those that cannot be bought now."""

    unit_id: int
    added: int
    missing: Sequence[str]


def back_to_cart(*, actor: Actor, bargain_id: int, now: datetime) -> BackInCart:
    """The goods of a bargain that came to nothing go into the clerk's cart, at today's prices.

    Raises NotFound for strangers and for a bargain that runs or was agreed.
    """
    bargain = bargain_for(actor=actor, bargain_id=bargain_id)
    if bargain.state not in CAME_TO_NOTHING:
        raise NotFound(bargain_id=bargain_id)
    require_clerk(actor=actor, unit_id=bargain.unit_id)
    lines = list(bargain.lines.order_by("position")[:BACK_MAX])
    missing: list[str] = []
    for line in lines:
        try:
            add_to_cart(actor=actor, unit_id=bargain.unit_id, offer_id=line.offer_id, quantity=line.quantity, now=now)
        except (NotFound, OfferUnavailable, InvalidInput, CartFull):
            missing.append(line.title)
    return BackInCart(bargain.unit_id, len(lines) - len(missing), missing)


# -- parts -----------------------------------------------------------------------------------------------------------
def _held(actor: Actor, bargain_id: int, action: str, version: int | None) -> tuple[Bargain, tuple[LinePrices, ...]]:
    """The bargain locked, with its lines' prices: the actor may take `action` now.

    Raises NotFound, NotPermitted, WrongState, BargainChanged, BargainTooLate by the database's clock.
    """
    bargain_for(actor=actor, bargain_id=bargain_id)
    bargain = Bargain.objects.select_for_update(no_key=True).get(pk=bargain_id)
    side = side_of(actor=actor, bargain=bargain)
    if not any(move.action == action and _is_of(move.posts, side) for move in BARGAIN_LIFECYCLE.transitions):
        raise NotPermitted(action=action)
    if not _is_of(BARGAIN_LIFECYCLE.next(bargain.state, action).posts, side):
        raise NotPermitted(action=action)
    if version is not None and version != bargain.version:
        raise BargainChanged(state=bargain.state)
    if bargain.next_due_at is not None and database_now(TENANT_ALIAS) >= bargain.next_due_at:
        raise BargainTooLate(due_at=bargain.next_due_at)
    lines = bargain.lines.order_by("position").values_list("offer_id", "quantity", "listed", "asked", "offered")
    return bargain, tuple(LinePrices(*line) for line in lines)


def _is_of(posts: Collection[Post | None], side: Side | None) -> bool:
    return posts == {Side.BUYER: rules.BUYER, Side.SUPPLIER: rules.SUPPLIER}.get(side) if side else False


def _checked(check: Any, lines: Sequence[LinePrices], prices: Prices) -> tuple[LinePrices, ...]:
    """The prices as said, or InvalidInput that names each one that is wrong."""
    try:
        return tuple(check(lines, prices))
    except NotDownwards as wrong:
        text = str(FAULTS[wrong.fault])
        errors = {f"price_{offer_id}": [text] for offer_id in wrong.offers} or {"prices": [text]}
        raise InvalidInput(errors=errors) from wrong


FAULTS = {
    PriceFault.NOT_OF_THIS: _("Say a price for each of the goods, and for no others."),
    PriceFault.ABOVE: _("Not above the supplier's last price: prices only go down."),
    PriceFault.BELOW_ASKED: _("Not below what the buyer asks: accept it instead."),
    PriceFault.NOTHING_LOWER: _("At least one price must be lower than the supplier's last."),
}


def _keep_prices(bargain: Bargain, lines: Sequence[LinePrices]) -> None:
    said = {line.offer_id: line for line in lines}
    rows = list(bargain.lines.all())
    for row in rows:
        row.asked, row.offered = said[row.offer_id].asked, said[row.offer_id].offered
    BargainLine.objects.bulk_update(rows, ["asked", "offered"])


def _amounts(lines: Sequence[LinePrices]) -> dict[str, Decimal]:
    return {f"{which}_amount": rules.amount(lines, which) for which in ("listed", "asked", "offered")}


def _move(bargain: Bargain, action: str, now: datetime, **changes: Any) -> None:
    """Guarded by the state and version that were read under the lock. Raises BargainChanged."""
    step = BARGAIN_LIFECYCLE.next(bargain.state, action)
    values = {"state": step.target, "changed_at": now, "version": bargain.version + 1, **changes}
    if Bargain.objects.filter(pk=bargain.pk, state=bargain.state, version=bargain.version).update(**values) != 1:
        raise BargainChanged(state=bargain.state)
    for name, value in values.items():
        setattr(bargain, name, value)


def _say(
    actor: Actor,
    bargain: Bargain,
    action: str,
    side: Side,
    lines: Sequence[LinePrices],
    note: str,
    now: datetime,
    *,
    priced: bool = True,
) -> None:
    """One row of the talk and one of the journal."""
    which = "asked" if side == Side.BUYER else "offered"
    BargainMove.objects.create(
        bargain=bargain,
        action=action,
        side=side,
        prices=[{"offer_id": line.offer_id, "price": str(getattr(line, which))} for line in lines] if priced else [],
        amount=getattr(bargain, f"{which}_amount"),
        note=note,
        moved_by_id=actor.user_id,
        moved_by_name="" if actor.is_system else actor.name,
        moved_at=now,
    )
    record(
        actor=actor,
        event=EVENTS[action],
        object_type="bargain",
        object_id=bargain.pk,
        facts=bargain_facts(bargain),
        now=now,
    )


def _due_at(now: datetime, *, answer: bool) -> datetime:
    """The first moment that is late, by the rule in force (R-BARGAIN). Raises CalendarYearMissing."""
    in_force = recent_rule_set(level=current_tenant().level, on=local_date(now))
    days = in_force.bargain_answer_days if answer else in_force.bargain_order_days
    return due_at(deadline=Deadline(working_days=days, rule="R-BARGAIN"), entered_at=now, calendar=calendar())
