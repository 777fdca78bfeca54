"""Routes of the pages after placing; `orders.web.urls` adds them to its own."""

from __future__ import annotations

from django.urls import path

from tenant_apps.orders.web import fulfilment

urlpatterns = [
    path("supplier/orders/", fulfilment.supplier_orders, name="supplier_orders"),
    path("acceptance/", fulfilment.acceptance, name="acceptance"),
    path("orders/<int:order_id>/accept/", fulfilment.accept, name="accept"),
    path("orders/<int:order_id>/decline/", fulfilment.decline, name="decline"),
    path("orders/<int:order_id>/ask-to-cancel/", fulfilment.ask_to_cancel, name="ask_to_cancel"),
    path("orders/<int:order_id>/cancel/", fulfilment.cancel, name="cancel"),
    path("orders/<int:order_id>/ship/", fulfilment.ship, name="ship"),
    path("orders/<int:order_id>/accept-goods/", fulfilment.accept_goods, name="accept_goods"),
    path("orders/<int:order_id>/accept-part/", fulfilment.accept_part, name="accept_part"),
    path("orders/<int:order_id>/refuse-goods/", fulfilment.refuse_goods, name="refuse_goods"),
    path("orders/<int:order_id>/return-goods/", fulfilment.return_goods, name="return_goods"),
    path("orders/<int:order_id>/ask-to-cancel-rest/", fulfilment.ask_to_cancel_rest, name="ask_to_cancel_rest"),
    path("orders/<int:order_id>/cancel-rest/", fulfilment.cancel_rest, name="cancel_rest"),
    path("orders/<int:order_id>/terminate/", fulfilment.terminate, name="terminate"),
    path("orders/<int:order_id>/order-again/", fulfilment.order_again, name="order_again"),
    path("orders/<int:order_id>/close/", fulfilment.close, name="close"),
    path("orders/<int:order_id>/certificates/<int:certificate_id>/", fulfilment.certificate, name="certificate"),
    path(
        "orders/<int:order_id>/certificates/<int:certificate_id>/certificate.pdf",
        fulfilment.certificate_document,
        name="certificate_document",
    ),
]
