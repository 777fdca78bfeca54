"""API of the bulk exchange, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.exchange.api import views

app_name = "exchange_api"
urlpatterns = [
    path("supplier/catalogue/", views.Catalogue.as_view(), name="catalogue"),
    path("exchange/imports/", views.Imports.as_view(), name="imports"),
    path("exchange/imports/<int:import_id>/", views.ImportDetail.as_view(), name="import"),
    path("exchange/imports/<int:import_id>/rows/", views.ImportRows.as_view(), name="import_rows"),
    path("exchange/imports/<int:import_id>/confirm/", views.ConfirmImport.as_view(), name="confirm"),
    path("exchange/imports/<int:import_id>/cancel/", views.CancelImport.as_view(), name="cancel"),
    path("exchange/tables/<str:table_kind>/", views.SendTable.as_view(), name="send_table"),
]
