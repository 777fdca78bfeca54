"""API of the supplier library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.suppliers.api import views

app_name = "suppliers_api"
urlpatterns = [path("library/suppliers/", views.Suppliers.as_view(), name="suppliers")]
