"""API of the online supermarket, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.supermarket.api import views

app_name = "supermarket_api"
urlpatterns = [path("supermarket/orders/", views.SubmitCart.as_view(), name="submit")]
