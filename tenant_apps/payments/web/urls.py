"""Pages of payments, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.payments.web import views

app_name = "payments"
urlpatterns = [
    path("payments/", views.payer_list, name="list"),
    path("payments/<int:instruction_id>/", views.instruction_page, name="instruction"),
    path("orders/<int:order_id>/request-payment/", views.request_payment, name="request"),
]
