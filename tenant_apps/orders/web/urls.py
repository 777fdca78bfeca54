"""Pages of orders, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.orders.web import deciding, fulfilment_urls, views

app_name = "orders"
urlpatterns = [
    path("orders/", views.order_list, name="list"),
    path("orders/export.csv", views.export, name="export"),
    path("orders/<int:order_id>/", views.order_page, name="order"),
    path("orders/<int:order_id>/approve/", deciding.approve, name="approve"),
    path("orders/<int:order_id>/send-back/", deciding.send_back, name="send_back"),
    path("orders/<int:order_id>/resubmit/", deciding.resubmit, name="resubmit"),
    path("orders/<int:order_id>/reject/", deciding.reject, name="reject"),
    path("orders/<int:order_id>/withdraw/", deciding.withdraw, name="withdraw"),
    *fulfilment_urls.urlpatterns,
]
