"""Order list and order page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_query
from kernel.problems import as_problem
from shared_apps.rulebook.wording import shown_all
from tenant_apps.orders import selectors
from tenant_apps.orders.actions import buttons_for
from tenant_apps.orders.panels import panels_of
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.serializers import OrderQuery
from tenant_apps.orders.services import again
from tenant_apps.orders.services.refusals import RuleRefused
from tenant_apps.orders.web import presenting


@page("orders.list_page", posts=READERS)
def order_list(request: HttpRequest) -> HttpResponse:
    query = read_query(OrderQuery, request)
    found = selectors.orders_for(actor=actor_of(request), **query)
    filters = {name: query[name] for name in ("state", "search") if query.get(name)}
    return render(
        request,
        "orders/list.html",
        {
            "orders": found.orders,
            "query": query,
            "filtered": bool(filters),
            "states": presenting.state_choices(),
            "next_url": f"?{urlencode(filters | {'after': found.next_after})}" if found.next_after else "",
            "first_url": f"?{urlencode(filters)}" if query.get("after") else "",
            "export_url": f"{reverse('orders:export')}?{urlencode(filters)}",
        },
    )


@page("orders.export", posts=READERS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(OrderQuery, request)
    query.pop("after", None)
    found = selectors.orders_to_export(actor=actor_of(request), **query)
    return presenting.orders_csv(found, today=local_date(utc_now()))


@page("orders.order_page", posts=READERS)
def order_page(request: HttpRequest, order_id: int) -> HttpResponse:
    actor = actor_of(request)
    dossier = selectors.dossier_for(actor=actor, order_id=order_id)
    order = dossier.order
    return render(
        request,
        "orders/order.html",
        {
            "order": order,
            "dossier": dossier,
            "module_label": presenting.module_label(order),
            "mode_label": presenting.mode_label(order),
            "decisions": presenting.shown_decisions(dossier.latest_decisions),
            "refused": any(not view.decision.allowed for view in dossier.latest_decisions),
            "timeline": presenting.timeline_entries(dossier.history),
            "upcoming": presenting.upcoming_entry(dossier),
            "tax": presenting.tax_inside(dossier),
            "may_order_again": again.may_order_again(actor=actor, order=order),
            "buttons": buttons_for(actor=actor, order=order),
            "panels": panels_of(actor=actor, order=order, events={entry.event for entry in dossier.history}),
        },
    )


def refused_page(request: HttpRequest, refused: RuleRefused, *, back_url: str) -> HttpResponse:
    """Why the rules refuse, each with its article and what would make it pass."""
    return render(
        request,
        "orders/refused.html",
        {
            "problem": as_problem(refused, request.path),
            "decisions": shown_all(refused.decisions, decided_at=refused.refusal.at),
            "back_url": back_url,
        },
        status=refused.status,
    )
