"""Pages of invoices, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.invoices.web import views

app_name = "invoices"
urlpatterns = [
    path("invoices/", views.invoice_list, name="list"),
    path("invoices/export.csv", views.export, name="export"),
    path("orders/<int:order_id>/invoices/new/", views.new, name="new"),
    path("invoices/<int:invoice_id>/reverse/", views.reverse_invoice, name="reverse"),
    path("bureau/invoices/", views.rule, name="rule"),
]
