"""An order that began in another system arrives in the state it had there, with its money frozen or spent.

No rule judges it: it was decided where it was placed. From here on it takes the ordinary steps. The caller knows that
the order is not here yet, and keeps its old number in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kernel.actor import Actor
from kernel.clock import SHANGHAI, local_date
from kernel.lifecycle import Deadline
from kernel.problems import NotFound
from shared_apps.products import selectors as library
from shared_apps.rulebook.deciding_policies import SMALL_SIZES, SME_SIZES
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from shared_apps.rulebook.selectors import calendar, recent_rule_set
from shared_apps.suppliers.selectors import suppliers_by_id
from tenant_apps.budgets.selectors import lines_by_id
from tenant_apps.budgets.services import freeze, spend
from tenant_apps.commitments.reading import books
from tenant_apps.commitments.rules import LineShare, parts_of
from tenant_apps.commitments.services import commit
from tenant_apps.journal.services import record
from tenant_apps.orders.events import order_facts
from tenant_apps.orders.models import LineProgress, Order, OrderFunding, OrderLine, Shipment
from tenant_apps.orders.rules import (
    CLOSE_DEADLINE,
    Draw,
    OrderAmounts,
    OrderState,
    allocate,
    due_at,
    number_stem,
    order_amounts,
)
from tenant_apps.orders.services.judging import SupplierNotJoined, line_snapshot
from tenants.database.context import current_tenant
from tenants.database.rows import create_row, insert_rows

# People of the other system who have no account here: nobody's id, another one for each post, so that posts which must
# stay apart are not one person's.
NO_CLERK, NO_APPROVER, NO_SENDER = -1, -2, -3
# What has become of every line, whole, by the state an order arrives in.
_COUNTS = {
    OrderState.SHIPPED: ("shipped",),
    OrderState.RETURNED: ("shipped", "refused", "returned"),
    OrderState.GOODS_ACCEPTED: ("shipped", "accepted"),
    OrderState.PAID: ("shipped", "accepted"),
}
ARRIVES_IN = (
    OrderState.PLACED,
    OrderState.ACCEPTED,
    OrderState.SHIPPED,
    OrderState.RETURNED,
    OrderState.GOODS_ACCEPTED,
    OrderState.PAID,
)


@dataclass(frozen=True, slots=True)
class ArrivingLine:
    """`title` is what was ordered there; the library's own words stand beside it."""

    offer_id: int
    title: str
    quantity: int
    price: Decimal
    freight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingOrder:
    """`funding` is (budget line, amount); a person's id is None for somebody without an account here."""

    old_number: str
    state: str
    unit_id: int
    unit_name: str
    organisation_id: int
    supplier_id: int
    mode: str
    clerk_id: int | None
    clerk_name: str
    approver_id: int | None
    approver_name: str
    acceptor_id: int | None
    acceptor_name: str
    days: Mapping[str, date]  # placed_on, accepted_on, shipped_on, received_on, paid_on
    carrier: str
    waybill: str
    lines: Sequence[ArrivingLine]
    funding: Sequence[tuple[int, Decimal]]
    fiscal_year: int
    delivery_address: str
    contact_name: str
    contact_phone: str
    note: str


def take_over(*, actor: Actor, arriving: ArrivingOrder, now: datetime) -> Order:
    """Writes the order, one journal row, and freezes its money; spends it when it is paid there.

    Inside the caller's tenant transaction, the region's alias as the mall. Raises BudgetInsufficient, NotFound for
    offers and suppliers that are not in the library, SupplierNotJoined.
    """
    if arriving.state not in ARRIVES_IN:
        raise RuntimeError(f"orders do not arrive in state {arriving.state}")
    order, amounts, supplier_size = _order(arriving, now)
    draws = allocate(totals=[line.total for line in amounts.lines], sources=arriving.funding)
    codes = _add_lines(order, arriving, draws)
    if order.state == OrderState.SHIPPED:
        # What was judged or sent back there has no finding here: only a shipment that is still to be inspected is one.
        Shipment.objects.create(
            order=order,
            lines=[{"line": at, "quantity": line.quantity} for at, line in enumerate(arriving.lines, start=1)],
            carrier=arriving.carrier,
            waybill=arriving.waybill,
            shipped_by_id=NO_SENDER,
            shipped_by_name=order.supplier_name[:40],
            shipped_at=order.shipped_at or now,
        )
    record(
        actor=actor,
        event="orders.taken_over",
        object_type="order",
        object_id=order.pk,
        facts={**order_facts(order), "old_number": arriving.old_number, "placed_on": arriving.days["placed_on"]},
        now=now,
    )
    _commit(order, supplier_size, codes, draws)
    freeze(actor=actor, order_id=order.pk, claims=dict(arriving.funding), now=now)
    if order.state == OrderState.PAID:
        spend(actor=actor, order_id=order.pk, now=now)
    return order


def _order(arriving: ArrivingOrder, now: datetime) -> tuple[Order, OrderAmounts, str]:
    supplier = suppliers_by_id(ids=[arriving.supplier_id]).get(arriving.supplier_id)
    if supplier is None:
        raise NotFound(supplier_id=arriving.supplier_id)
    if supplier.organisation_id is None:
        raise SupplierNotJoined(supplier=supplier.name)
    amounts = order_amounts([(line.price, line.quantity, line.freight) for line in arriving.lines])
    moments = {name: datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI) for name, day in arriving.days.items()}
    order = create_row(
        Order,
        number_stem=number_stem(tenant_code=current_tenant().code[:6], on=local_date(now)),
        unit_id=arriving.unit_id,
        unit_name=arriving.unit_name,
        organisation_id=arriving.organisation_id,
        fiscal_year=arriving.fiscal_year,
        module=ONLINE_SUPERMARKET,
        mode=arriving.mode,
        supplier_id=supplier.id,
        supplier_code=supplier.uscc,
        supplier_name=supplier.name,
        supplier_organisation_id=supplier.organisation_id,
        supplier_is_sme=supplier.is_sme,
        clerk_id=NO_CLERK if arriving.clerk_id is None else arriving.clerk_id,
        clerk_name=arriving.clerk_name,
        approver_id=NO_APPROVER if arriving.approver_id is None else arriving.approver_id,
        approver_name=arriving.approver_name,
        acceptor_id=arriving.acceptor_id,
        acceptor_name=arriving.acceptor_name,
        state=arriving.state,
        goods_amount=amounts.goods,
        freight_amount=amounts.freight,
        total_amount=amounts.total,
        area_code=current_tenant().code[:6],
        delivery_address=arriving.delivery_address,
        contact_name=arriving.contact_name,
        contact_phone=arriving.contact_phone,
        note=arriving.note,
        submitted_at=moments["placed_on"],
        placed_at=moments["placed_on"],
        accepted_at=moments.get("accepted_on"),
        shipped_at=moments.get("shipped_on"),
        goods_accepted_at=moments.get("received_on"),
        paid_at=moments.get("paid_on"),
        changed_at=now,
        next_due_at=_due(arriving.state, moments, now),
    )
    return order, amounts, supplier.size


def _due(state: str, moments: Mapping[str, datetime], now: datetime) -> datetime | None:
    """The supplier can answer here since today only; a paid order closes as if it had been paid here."""
    if state == OrderState.PLACED:
        days = recent_rule_set(level=current_tenant().level, on=local_date(now)).accept_working_days
        deadline = Deadline(working_days=days, rule="R-ACCEPT")
        return due_at(deadline=deadline, entered_at=now, calendar=calendar())
    if state == OrderState.PAID:
        return due_at(deadline=CLOSE_DEADLINE, entered_at=moments["paid_on"], calendar=calendar())
    return None


def _add_lines(order: Order, arriving: ArrivingOrder, draws: Sequence[Draw]) -> list[str]:
    """What was ordered there in the library's words of today, at the price of there; the lines' item codes.

    What the market's price was on that day nobody knows here: the reference is the price itself.
    """
    views = library.offers(offer_ids={line.offer_id for line in arriving.lines}, area=order.area_code)
    if missing := {line.offer_id for line in arriving.lines} - set(views):
        raise NotFound(offer_ids=sorted(missing))
    ids = insert_rows(
        OrderLine,
        [
            {
                **line_snapshot(views[line.offer_id]),
                "order_id": order.pk,
                "position": position,
                "title": line.title,
                "price": line.price,
                "reference_price": line.price,
                "quantity": line.quantity,
                "amount": line.price * line.quantity,
                "freight": line.freight,
            }
            for position, line in enumerate(arriving.lines, start=1)
        ],
    )
    insert_rows(
        OrderFunding,
        [
            {"order_line_id": ids[draw.line][0], "budget_line_id": draw.budget_line_id, "amount": draw.amount}
            for draw in draws
        ],
    )
    counts = _COUNTS.get(OrderState(order.state), ())
    if counts:
        LineProgress.objects.bulk_create(
            [
                LineProgress(order_line_id=line_id, ordered=line.quantity, **dict.fromkeys(counts, line.quantity))
                for (line_id,), line in zip(ids, arriving.lines, strict=True)
            ]
        )
    return [views[line.offer_id].category_code for line in arriving.lines]


def _commit(order: Order, supplier_size: str, codes: Sequence[str], draws: Sequence[Draw]) -> None:
    """Counts it among what the unit has bought this year: purchases of one item in several parts are added up, wherever
    they were placed (Implementing Regulation art. 28). Whether it was green is not known here.
    """
    lines = lines_by_id({draw.budget_line_id for draw in draws})
    totals: dict[int, Decimal] = {}
    for draw in draws:
        totals[draw.line] = totals.get(draw.line, Decimal(0)) + draw.amount
    parts = parts_of(
        lines=[LineShare(code, totals[at]) for at, code in enumerate(codes)],
        draws=[(draw.line, lines[draw.budget_line_id].budget_item, draw.amount) for draw in draws],
        is_sme=supplier_size in SME_SIZES,
        is_small=supplier_size in SMALL_SIZES,
    )
    commit(
        order_id=order.pk,
        parts=parts,
        read=books(unit_id=order.unit_id, fiscal_year=order.fiscal_year, line_ids=list(lines)),
        line_ids=list(lines),
        now=order.submitted_at,
    )
