"""API of orders, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.orders.api import fulfilment, views

app_name = "orders_api"
urlpatterns = [
    path("orders/", views.Orders.as_view(), name="list"),
    path("orders/<int:order_id>/", views.OrderDetail.as_view(), name="detail"),
    path("orders/<int:order_id>/approve/", views.Approve.as_view(), name="approve"),
    path("orders/<int:order_id>/send-back/", views.SendBack.as_view(), name="send_back"),
    path("orders/<int:order_id>/resubmit/", views.Resubmit.as_view(), name="resubmit"),
    path("orders/<int:order_id>/reject/", views.Reject.as_view(), name="reject"),
    path("orders/<int:order_id>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    *fulfilment.urlpatterns,
]
