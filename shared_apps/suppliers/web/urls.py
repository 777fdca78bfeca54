"""Pages of the supplier library, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.suppliers.web import pages

app_name = "suppliers"
urlpatterns = [path("library/suppliers/", pages.suppliers, name="suppliers")]
