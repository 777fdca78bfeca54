"""Pages of the online supermarket, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.supermarket.web import views

app_name = "supermarket"
urlpatterns = [
    path("checkout/<int:supplier_id>/", views.checkout, name="checkout"),
    path("checkout/<int:supplier_id>/preview/", views.preview, name="preview"),
]
