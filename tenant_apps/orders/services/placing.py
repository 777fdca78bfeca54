"""From a clerk's wish to an order that waits for approval: one transaction, one journal row.

Statements of a direct purchase: see the README.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import fiscal_year, local_date
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import Conflict, NotFound
from shared_apps.rulebook.rules import RuleSet
from shared_apps.rulebook.selectors import recent_rule_set
from tenant_apps.approvals.rules import FlowStep, Stage, Standing
from tenant_apps.approvals.steps import AskedOrder, begin, flow_beside, stages_of
from tenant_apps.budgets.funding import lines_with
from tenant_apps.budgets.rules import LineView
from tenant_apps.budgets.services import BudgetInsufficient
from tenant_apps.commitments import services as ledger
from tenant_apps.commitments.reading import Books, books_beside, books_from
from tenant_apps.journal.services import record
from tenant_apps.orders.events import order_facts
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.orders.rules import (
    ORDER_LIFECYCLE,
    Draw,
    FundingMismatch,
    Occasion,
    OrderState,
    PurchaseMode,
    allocate,
    number_stem,
)
from tenant_apps.orders.services.judging import Judgement, PurchaseRequest, Wanted, judge, line_snapshot, require_joined
from tenant_apps.orders.services.refusals import Refusal, refusal_kept, require_allowed, store_decisions
from tenant_apps.policies.in_force import Local, local_beside, local_from
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_atomic
from tenants.database.rows import create_row, insert_statement


class NothingToOrder(Conflict):
    """The cart has no line of this supplier: it was sent already, or emptied in another window."""

    code = "nothing-to-order"
    title = _("There is nothing to order from this supplier")


class FundingDiffers(Conflict):
    """What the budget lines give is not what the order costs: a price changed, or the amounts were wrong."""

    code = "funding-mismatch"
    title = _("The amounts of the budget lines do not add up to the order's total")


class ModuleClosed(Conflict):
    code = "module-closed"
    title = _("The finance bureau has not opened this part of the mall")


# -- submit ----------------------------------------------------------------------------------------------------------
def submit(*, actor: Actor, request: PurchaseRequest, take: Callable[[], Sequence[Wanted]], now: datetime) -> Order:
    """Ask the unit's approver for one order from one supplier.

    `take` hands the goods over inside the transaction (a cart gives its lines up); a refusal gives them back.
    Raises RuleRefused with every rule's decision, which is kept; NothingToOrder, FundingDiffers, BudgetInsufficient,
    SupplierNotJoined, ModuleClosed; NotFound for units and budget lines that are not the clerk's.
    """
    organisation_id = clerk_organisation(actor=actor, unit_id=request.unit_id)
    with refusal_kept(), tenant_atomic(savepoint=False):
        return _submit(actor, request, organisation_id, take(), now)


def preview(*, actor: Actor, request: PurchaseRequest, wanted: Sequence[Wanted], now: datetime) -> Judgement:
    """What would be decided if this were submitted now. Writes nothing."""
    clerk_organisation(actor=actor, unit_id=request.unit_id)
    return judged(request, wanted, looked_up(request, fiscal_year(now)), region=recent_rule_set, now=now)


def clerk_organisation(*, actor: Actor, unit_id: int) -> int:
    """The organisation in which the actor is clerk of the unit. Raises NotFound for others."""
    for held in actor.held:
        if held.post == Post.BUYER_CLERK and held.unit_id == unit_id:
            return held.organisation_id
    raise NotFound(unit_id=unit_id)


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the tenant's room holds of a purchase: `flow` as `approvals.steps.flow_beside` read it."""

    budget: dict[int, LineView]
    local: Local
    books: Books
    flow: Any


def looked_up(request: PurchaseRequest, year: int) -> LookedUp:
    """The budget lines named, this level's own rules, the unit's ledger of the year and flow, in one statement."""
    ids = [line_id for line_id, _amount in request.funding]
    local, parameters = local_beside(request.module)
    books, more = books_beside(unit_id=request.unit_id, fiscal_year=year, line_ids=ids)
    flow, whose = flow_beside(unit_id=request.unit_id)
    beside = f"jsonb_build_object('local', {local}, 'books', {books}, 'flow', {flow})"
    budget, stored = lines_with(ids, beside=(beside, [*parameters, *more, *whose]))
    found = stored or {"local": None, "books": None, "flow": None}
    return LookedUp(
        budget,
        local_from(found["local"], module=request.module),
        books_from(found["books"], unit_id=request.unit_id, fiscal_year=year),
        found["flow"],
    )


def judged(
    request: PurchaseRequest,
    wanted: Sequence[Wanted],
    found: LookedUp,
    *,
    region: Callable[..., RuleSet],
    now: datetime,
    own: bool = False,
) -> Judgement:
    """What every rule says of the purchase. Raises NothingToOrder, NotFound for strange budget lines."""
    if not wanted:
        raise NothingToOrder(supplier_id=request.supplier_id)
    budget = found.budget
    strangers = [
        line_id
        for line_id, _amount in request.funding
        if line_id not in budget or budget[line_id].unit_id != request.unit_id or not budget[line_id].is_open
    ]
    if strangers:
        raise NotFound(budget_line_ids=strangers)
    return judge(
        request=request,
        wanted=wanted,
        budget=budget,
        rules=found.local.rules(on=local_date(now), region=region),
        level=current_tenant().level,
        books=found.books,
        now=now,
        own=own,
    )


def _submit(
    actor: Actor, request: PurchaseRequest, organisation_id: int, wanted: Sequence[Wanted], now: datetime
) -> Order:
    found = looked_up(request, fiscal_year(now))
    if not found.local.is_open:
        raise ModuleClosed(module=request.module)
    # The region's rules of a moment ago will do: the approval decides them again on those of now.
    judgement = judged(request, wanted, found, region=recent_rule_set, now=now)
    refusal = Refusal(
        occasion=Occasion.SUBMIT,
        order_id=None,
        unit_id=request.unit_id,
        actor=actor,
        fingerprint=judgement.fingerprint,
        at=now,
    )
    require_allowed(judgement, refusal)
    draws = _funded(request, judgement)
    order = _new_order(actor, request, organisation_id, judgement, now)
    _add_lines(order, judgement, draws)
    judgement = _committed(order, judgement, refusal, now)
    store_decisions(judgement_decisions=judgement.decisions, refusal=replace(refusal, order_id=order.pk))
    stages = stages_of(found.flow, total=order.total_amount)
    if stages:
        begin_round(order=order, stages=stages, round=1, now=now)
    record(
        actor=actor,
        event="orders.submitted",
        object_type="order",
        object_id=order.pk,
        facts={**order_facts(order), **told_of(stages), "agreed": agreed_facts(judgement)},
        now=now,
    )
    return order


def begin_round(*, order: Order, stages: Sequence[Stage], round: int, now: datetime) -> None:
    """The order's approval begins, or begins again: one statement."""
    begin(of=asked_order(order), round=round, stages=stages, now=now)


def asked_order(order: Order) -> AskedOrder:
    """What the steps of an approval keep of their order."""
    return AskedOrder(order.pk, order.unit_id, order.organisation_id, order.clerk_id)


def agreed_facts(judgement: Judgement) -> list[dict[str, Any]]:
    """What was bargained: the offer's price of now beside the one agreed, line by line."""
    if judgement.purchase.mode != PurchaseMode.BARGAIN:
        return []
    return [
        {"offer_id": want.offer_id, "listed": judgement.offers[want.offer_id].price, "agreed": want.agreed_price}
        for want in judgement.wanted
    ]


def told_of(stages: Sequence[Stage]) -> dict[str, Any]:
    """Whom the first steps wait for, where the flow asks others than the unit's approvers."""
    return told_of_steps(stages[0]) if stages else {}


def told_of_steps(steps: Sequence[FlowStep | Standing]) -> dict[str, Any]:
    """Whom open steps wait for, as the journal tells it: a post, and the people where some are named."""
    asked = [{"post": str(step.post), "user_ids": list(step.user_ids)} for step in steps]
    return {"next_post": asked[0]["post"], "waits_for": asked}


def _committed(order: Order, judgement: Judgement, refusal: Refusal, now: datetime) -> Judgement:
    """Enters the order in the ledger of the year; decides again where somebody wrote there since it was read.

    Two submissions that each fit, and together do not, cannot both pass: the second finds the first one's sum.
    """
    fresh = ledger.commit(
        order_id=order.pk,
        parts=judgement.parts,
        read=judgement.books,
        line_ids=list(judgement.budget),
        now=now,
    )
    if fresh is not None:
        judgement = judgement.again(fresh)
        require_allowed(judgement, refusal)
    return judgement


# The lines are the new ones, by position; the fundings keep the order in which they were drawn.
_FUNDED = """WITH line AS ({lines})
INSERT INTO orders_orderfunding (order_line_id, budget_line_id, amount)
SELECT line.id, draw.budget_line_id, draw.amount
  FROM unnest(%s::int[], %s::bigint[], %s::numeric[])
       WITH ORDINALITY AS draw (position, budget_line_id, amount, place)
  JOIN line ON line.position = draw.position
 ORDER BY draw.place
"""


def _add_lines(order: Order, judgement: Judgement, draws: Sequence[Draw]) -> None:
    """The order's lines and what pays for each: one statement."""
    offers = judgement.offers
    lines, values = insert_statement(
        OrderLine,
        [
            {
                "order_id": order.pk,
                "position": position,
                "price": offers[want.offer_id].price if want.agreed_price is None else want.agreed_price,
                "quantity": want.quantity,
                "amount": amounts.amount,
                "freight": amounts.freight,
                **line_snapshot(offers[want.offer_id]),
            }
            for position, (want, amounts) in enumerate(
                zip(judgement.wanted, judgement.amounts.lines, strict=True), start=1
            )
        ],
        returning=("id", "position"),
    )
    drawn = [(draw.line + 1, draw.budget_line_id, draw.amount) for draw in draws]
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_FUNDED.format(lines=lines), [*values, *map(list, zip(*drawn, strict=True))])


def _funded(request: PurchaseRequest, judgement: Judgement) -> tuple[Draw, ...]:
    """The draws on the budget lines; refuses early what the budget could not give now (nothing is frozen yet)."""
    try:
        draws = allocate(totals=[line.total for line in judgement.amounts.lines], sources=request.funding)
    except FundingMismatch as error:
        given = sum((amount for _line_id, amount in request.funding), ZERO)
        raise FundingDiffers(needed=judgement.amounts.total, given=given) from error
    short = [
        (line_id, amount, judgement.budget[line_id].available)
        for line_id, amount in request.funding
        if amount > judgement.budget[line_id].available
    ]
    if short:
        raise BudgetInsufficient(
            lines=[
                {"line_id": line_id, "asked": amount, "available": available, "short": True}
                for line_id, amount, available in short
            ],
            asked=sum((amount for _line_id, amount, _available in short), ZERO),
            available=sum((available for _line_id, _amount, available in short), ZERO),
        )
    return draws


def _new_order(
    actor: Actor, request: PurchaseRequest, organisation_id: int, judgement: Judgement, now: datetime
) -> Order:
    if actor.user_id is None:
        raise NotFound(unit_id=request.unit_id)
    supplier = judgement.offers[judgement.wanted[0].offer_id]
    first_line = judgement.budget[request.funding[0][0]]
    return create_row(
        Order,
        number_stem=number_stem(tenant_code=current_tenant().code[:6], on=local_date(now)),
        unit_id=request.unit_id,
        unit_name=first_line.unit_name,
        organisation_id=organisation_id,
        fiscal_year=fiscal_year(now),
        module=request.module,
        mode=request.mode,
        choice_reason=request.choice_reason,
        bargain_id=request.bargain_id,
        supplier_id=supplier.supplier_id,
        supplier_code=supplier.supplier_code,
        supplier_name=supplier.supplier_name,
        supplier_organisation_id=require_joined(supplier),
        supplier_is_sme=supplier.supplier_is_sme,
        clerk_id=actor.user_id,
        clerk_name=actor.name,
        state=ORDER_LIFECYCLE.next(OrderState.DRAFT, "submit").target,
        goods_amount=judgement.amounts.goods,
        freight_amount=judgement.amounts.freight,
        total_amount=judgement.amounts.total,
        area_code=request.area_code,
        compared=[
            {
                "offer_id": view.offer_id,
                "product_code": view.product_code,
                "title": view.title,
                "supplier_name": view.supplier_name,
                "price": str(view.price),
            }
            for view in judgement.compared
        ],
        delivery_address=request.delivery_address,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        note=request.note,
        submitted_at=now,
        changed_at=now,
    )
