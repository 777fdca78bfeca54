"""Orders in the shape that the page components read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.clock import local, utc_now
from kernel.money import round_half_up
from shared_apps.rulebook.wording import MODULES, ShownDecision, shown
from tenant_apps.journal.selectors import HistoryEntry
from tenant_apps.orders.deadlines import Limit, Used
from tenant_apps.orders.models import Order
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.selectors import DecisionView, OrderDossier
from tenant_apps.orders.words import EVENTS, MODES, NEXT_STEPS, STATES
from webkit.tables import csv_response


def state_choices() -> list[tuple[str, str]]:
    return [(state.value, str(STATES[state][0])) for state in OrderState if state != OrderState.DRAFT]


def module_label(order: Order) -> str:
    return str(MODULES.get(order.module, order.module))


def mode_label(order: Order) -> str:
    return str(MODES[order.mode])


def timeline_entries(history: Iterable[HistoryEntry]) -> list[dict[str, Any]]:
    """What happened, for the timeline; an event that has no words here is not an order's."""
    entries = []
    for entry in history:
        if entry.event in EVENTS:
            title, icon, colour = EVENTS[entry.event]
            entries.append(
                {
                    "title": title,
                    "at": entry.at,
                    "who": entry.actor_name if entry.organisation_name else _("the system"),
                    "organisation": entry.organisation_name,
                    "note": entry.facts.get("reason") or entry.facts.get("old_number") or "",
                    "icon": icon,
                    "colour": colour,
                }
            )
    return entries


def upcoming_entry(dossier: OrderDossier) -> dict[str, Any] | None:
    """What is due and who must act."""
    if dossier.upcoming is None:
        return None
    post, state = dossier.upcoming.post, dossier.order.state
    return {
        "title": NEXT_STEPS.get(state, STATES[state][0]),
        "who": post.label if post else _("the system"),
        "due_at": dossier.upcoming.due_at,
        "note": warning_of(dossier.upcoming.limit),
    }


USED_WORDS = {
    Used.NONE: "",
    Used.HALF: gettext_lazy("More than half of the time is used."),
    Used.MOST: gettext_lazy("More than four fifths of the time are used."),
    Used.OVER: gettext_lazy("Overdue: the time is over."),
}


def warning_of(limit: Limit | None) -> str:
    """How far a limit has run, from half of it on."""
    return str(USED_WORDS[limit.used(utc_now())]) if limit else ""


def shown_decisions(views: Sequence[DecisionView]) -> list[ShownDecision]:
    """Rule cards, refused ones first."""
    cards = [shown(view.decision, decided_at=view.decided_at) for view in views]
    return sorted(cards, key=lambda card: card.allowed)


def tax_inside(dossier: OrderDossier) -> Any:
    """The value-added tax contained in the lines' amounts, rounded half up line by line."""
    return sum(round_half_up(line.amount * line.vat_rate / (1 + line.vat_rate)) for line in dossier.lines)


def orders_csv(orders: Iterable[Order], *, today: date) -> HttpResponse:
    """The list for spreadsheets."""
    header = [
        _("Order number"), _("State"), _("Unit"), _("Supplier"), _("Credit code"), _("Goods amount"), _("Freight"),
        _("Total"), _("Clerk"), _("Approver"), _("Submitted at"),
    ]  # fmt: skip
    rows = (
        (
            order.number, STATES[order.state][0], order.unit_name, order.supplier_name, order.supplier_code,
            order.goods_amount, order.freight_amount, order.total_amount, order.clerk_name, order.approver_name,
            f"{local(order.submitted_at):%Y-%m-%d %H:%M}",
        )
        for order in orders
    )  # fmt: skip
    return csv_response(f"orders-{today:%Y%m%d}.csv", header, rows)
