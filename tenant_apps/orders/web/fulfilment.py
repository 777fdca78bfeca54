"""Pages of the supplier, the acceptor and of those who end an order. Each POST makes one service call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import KeyField, StrictSerializer, TextField, read_input, read_query
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, WrongState, as_problem
from tenant_apps.orders import papers, selectors, worklists
from tenant_apps.orders.fulfilment_inputs import (
    AcceptGoodsInput,
    AcceptPartInput,
    AskToCancelInput,
    DeclineInput,
    RefuseGoodsInput,
    ShipInput,
    TerminateInput,
    as_found,
    as_shipped,
)
from tenant_apps.orders.models import AcceptanceCertificate, Order, Shipment
from tenant_apps.orders.permissions import READERS, SUPPLIER_POSTS, is_possible
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.orders.services import again, ending, fulfilment
from tenant_apps.orders.web import delivery_forms as forms
from tenant_apps.orders.words import ACTIONS
from tenants.journaling.serving import document_response

SUPPLIER = frozenset(SUPPLIER_POSTS)
ACCEPTOR = frozenset({Post.BUYER_ACCEPTOR})
BUYER = frozenset({Post.BUYER_CLERK, Post.BUYER_APPROVER})

TAB_WORDS: dict[str, Promise] = {
    "to_accept": _("To accept"),
    "to_ship": _("To ship"),
    "to_invoice": _("To invoice"),
    "under_way": _("Under way"),
    "done": _("Paid and closed"),
    "ended": _("Ended without delivery"),
    "to_inspect": _("To inspect"),
    "refused": _("Refused"),
    "accepted": _("Accepted"),
    "to_pay": _("To pay"),
    "paid": _("Paid"),
}


class ListQuery(StrictSerializer):
    """`after` is the last id of the page before; `search` a number's beginning or part of a name."""

    tab = TextField(max_length=20, required=False)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


class SupplierQuery(ListQuery):
    tab = serializers.ChoiceField(choices=list(worklists.SUPPLIER_TABS), required=False, default="to_accept")  # type: ignore[assignment]


class AcceptanceQuery(ListQuery):
    tab = serializers.ChoiceField(choices=list(worklists.ACCEPTANCE_TABS), required=False, default="to_inspect")  # type: ignore[assignment]


@page("orders.supplier_orders", posts=SUPPLIER)
def supplier_orders(request: HttpRequest) -> HttpResponse:
    query = read_query(SupplierQuery, request)
    actor, now = actor_of(request), utc_now()
    found = worklists.supplier_list(actor=actor, **query)
    context = list_context(found, query)
    context["declines"] = worklists.declines_this_year(actor=actor, now=now) if query["tab"] == "ended" else None
    return render(request, "orders/fulfilment/supplier.html", context)


@page("orders.acceptance", posts=ACCEPTOR)
def acceptance(request: HttpRequest) -> HttpResponse:
    query = read_query(AcceptanceQuery, request)
    found = worklists.acceptance_list(actor=actor_of(request), **query)
    return render(request, "orders/fulfilment/acceptance.html", list_context(found, query))


class Listed(Protocol):
    """One page of a work list."""

    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def counts(self) -> Mapping[str, int]: ...
    @property
    def next_after(self) -> int | None: ...


def list_context(found: Listed, query: dict[str, Any]) -> dict[str, Any]:
    """What every work list's page shows."""
    kept = {name: query[name] for name in ("tab", "search") if query.get(name)}
    return {
        "rows": found.rows,
        "query": query,
        "tab": query["tab"],
        "tabs": [
            (TAB_WORDS[name], f"?{urlencode({'tab': name})}", name == query["tab"], count)
            for name, count in found.counts.items()
        ],
        "searched": bool(query.get("search")),
        "tab_url": f"?{urlencode({'tab': query['tab']})}",
        "first_url": f"?{urlencode(kept)}" if query.get("after") else "",
        "next_url": f"?{urlencode(kept | {'after': found.next_after})}" if found.next_after else "",
    }


# -- buttons ----------------------------------------------------------------------------------------------------------
def _press(request: HttpRequest, order_id: int, step: Callable[..., Order], said: Promise) -> HttpResponse:
    """A step that needs nothing but the button: POST, one call, back to the order."""
    data = read_input(VersionInput, request.POST)
    order = step(actor=actor_of(request), order_id=order_id, now=utc_now(), **data)
    return _back(request, order, said)


@page("orders.accept_page", posts=SUPPLIER, methods=("POST",))
def accept(request: HttpRequest, order_id: int) -> HttpResponse:
    return _press(request, order_id, fulfilment.accept, _("Accepted: %(number)s. Now ship the goods."))


@page("orders.return_goods_page", posts=SUPPLIER, methods=("POST",))
def return_goods(request: HttpRequest, order_id: int) -> HttpResponse:
    return _press(request, order_id, fulfilment.return_goods, _("Recorded: the goods of %(number)s are back."))


@page("orders.cancel_page", posts=SUPPLIER | BUYER, methods=("POST",))
def cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    return _press(request, order_id, ending.cancel, _("Cancelled: %(number)s. The budget is released."))


@page("orders.close_page", posts={Post.BUYER_CLERK}, methods=("POST",))
def close(request: HttpRequest, order_id: int) -> HttpResponse:
    return _press(request, order_id, ending.close, _("Closed: %(number)s."))


# -- forms ------------------------------------------------------------------------------------------------------------
def _form(
    request: HttpRequest,
    order_id: int,
    *,
    action: str,
    template: str,
    serializer: type[StrictSerializer],
    step: Callable[..., Order],
    said: Promise,
    more: Callable[[selectors.OrderDossier, HttpRequest], dict[str, Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """A step with a form: GET shows it, POST makes the call or shows the form again with what is wrong."""
    actor = actor_of(request)
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(serializer, request.POST)
            done = step(actor=actor, order_id=order_id, now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            return _back(request, done, said)
    order = selectors.order_for(actor=actor, order_id=order_id)
    possible = is_possible(action, actor=actor, order=order)
    if more is not None and possible:
        context |= more(selectors.delivery_of(actor=actor, order=order), request)
    return render(
        request,
        template,
        {
            "order": order,
            "action": action,
            "title": ACTIONS[action],
            "action_url": request.path,
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
            **context,
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("orders.decline_page", posts=SUPPLIER, methods=("GET", "POST"))
def decline(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="decline",
        template="orders/fulfilment/reason.html",
        serializer=DeclineInput,
        step=fulfilment.decline,
        said=_("Declined: %(number)s."),
        help=_("The buyer reads it. Declined orders are counted; the budget is released."),
        confirm=_("Decline this order? This cannot be undone."),
    )


@page("orders.ask_to_cancel_page", posts=SUPPLIER | BUYER, methods=("GET", "POST"))
def ask_to_cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="ask_to_cancel",
        template="orders/fulfilment/reason.html",
        serializer=AskToCancelInput,
        step=ending.ask_to_cancel,
        said=_("Asked to cancel %(number)s. The other party decides."),
        help=_("The other party reads it and decides. Shipping the goods answers no."),
    )


@page("orders.terminate_page", posts=BUYER, methods=("GET", "POST"))
def terminate(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="terminate",
        template="orders/fulfilment/reason.html",
        serializer=TerminateInput,
        step=ending.terminate,
        said=_("Terminated: %(number)s. The budget is released."),
        help=_("The goods were refused and are back with the supplier. The supplier reads the reason."),
        confirm=_("Terminate this order? This cannot be undone."),
    )


@page("orders.ask_to_cancel_rest_page", posts=SUPPLIER | BUYER, methods=("GET", "POST"))
def ask_to_cancel_rest(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="ask_to_cancel_rest",
        template="orders/fulfilment/reason.html",
        serializer=AskToCancelInput,
        step=fulfilment.ask_to_cancel_rest,
        said=_("Asked to give up the rest of %(number)s. The other party decides."),
        help=_("What was accepted is then paid, and the budget of the rest is released. Another shipment answers no."),
    )


@page("orders.cancel_rest_page", posts=SUPPLIER | BUYER, methods=("POST",))
def cancel_rest(request: HttpRequest, order_id: int) -> HttpResponse:
    said = _("The rest of %(number)s is given up and its budget released.")
    return _press(request, order_id, fulfilment.cancel_rest, said)


@page("orders.ship_page", posts=SUPPLIER, methods=("GET", "POST"))
def ship(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="ship",
        template="orders/fulfilment/ship.html",
        serializer=ShipInput,
        step=lambda *, expected_on=None, **data: fulfilment.ship(expected_on=expected_on, **as_shipped(data)),
        said=_("Shipped: %(number)s."),
        more=forms.to_ship,
    )


@page("orders.accept_goods_page", posts=ACCEPTOR, methods=("GET", "POST"))
def accept_goods(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="accept_goods",
        template="orders/fulfilment/inspect.html",
        serializer=AcceptGoodsInput,
        step=fulfilment.accept_goods,
        said=_("The shipment of %(number)s is accepted."),
        more=forms.to_inspect,
    )


@page("orders.accept_part_page", posts=ACCEPTOR, methods=("GET", "POST"))
def accept_part(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="accept_part",
        template="orders/fulfilment/inspect.html",
        serializer=AcceptPartInput,
        step=lambda **data: fulfilment.accept_part(**as_found(data)),
        said=_("The finding on %(number)s is signed."),
        more=forms.to_inspect,
    )


@page("orders.refuse_goods_page", posts=ACCEPTOR, methods=("GET", "POST"))
def refuse_goods(request: HttpRequest, order_id: int) -> HttpResponse:
    return _form(
        request,
        order_id,
        action="refuse_goods",
        template="orders/fulfilment/inspect.html",
        serializer=RefuseGoodsInput,
        step=fulfilment.refuse_goods,
        said=_("The shipment of %(number)s is refused. The supplier takes it back."),
        more=forms.to_inspect,
    )


# -- certificate ------------------------------------------------------------------------------------------------------
@page("orders.certificate", posts=READERS)
def certificate(request: HttpRequest, order_id: int, certificate_id: int) -> HttpResponse:
    dossier, found, shipment = _certificate(request, order_id, certificate_id)
    return render(
        request,
        "orders/fulfilment/certificate.html",
        {
            "order": dossier.order,
            "certificate": found,
            "shipment": shipment,
            "findings": forms.findings(found, dossier.lines),
        },
    )


@page("orders.certificate_document", posts=READERS)
def certificate_document(request: HttpRequest, order_id: int, certificate_id: int) -> HttpResponse:
    dossier, found, shipment = _certificate(request, order_id, certificate_id)
    pdf = papers.certificate_pdf(order=dossier.order, certificate=found, shipment=shipment, lines=dossier.lines)
    return document_response(f"{dossier.order.number}-{found.pk}.pdf", pdf)


def _certificate(
    request: HttpRequest, order_id: int, certificate_id: int
) -> tuple[selectors.OrderDossier, AcceptanceCertificate, Shipment | None]:
    """Raises NotFound for what the reader may not see."""
    dossier = selectors.dossier_for(actor=actor_of(request), order_id=order_id)
    found = next((row for row in dossier.certificates if row.pk == certificate_id), None)
    if found is None:
        raise NotFound(certificate_id=certificate_id)
    return dossier, found, next((row for row in dossier.shipments if row.pk == found.shipment_id), None)


def _back(request: HttpRequest, order: Order, said: Promise) -> HttpResponse:
    messages.success(request, str(said) % {"number": order.number})
    return HttpResponseRedirect(reverse("orders:order", args=[order.pk]), status=303)


@page("orders.order_again_page", posts={Post.BUYER_CLERK}, methods=("POST",))
def order_again(request: HttpRequest, order_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    back = again.order_again(actor=actor_of(request), order_id=order_id, now=utc_now())
    if back.added:
        messages.success(request, gettext("In the cart again: %(count)s lines.") % {"count": back.added})
    for title in back.missing:
        messages.warning(request, gettext("Cannot be bought here now: %(title)s") % {"title": title})
    return HttpResponseRedirect(reverse("storefront:cart"), status=303)
