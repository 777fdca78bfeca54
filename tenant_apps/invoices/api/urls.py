"""API of invoices, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.invoices.api import views

app_name = "invoices_api"
urlpatterns = [
    path("invoices/", views.Invoices.as_view(), name="list"),
    path("orders/<int:order_id>/invoices/", views.RecordInvoice.as_view(), name="record"),
    path("invoices/<int:invoice_id>/reverse/", views.ReverseInvoice.as_view(), name="reverse"),
    path("invoice-rule/", views.DecideRule.as_view(), name="decide_rule"),
]
