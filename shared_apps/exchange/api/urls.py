"""API of the bulk exchange, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.exchange.api import views

app_name = "exchange_api"
urlpatterns = [
    path("supplier/catalogue/", views.Catalogue.as_view(), name="catalogue"),
    path("exchange/imports/", views.Imports.as_view(), name="imports"),
    path("exchange/imports/<int:import_id>/", views.ImportDetail.as_view(), name="import"),
]
