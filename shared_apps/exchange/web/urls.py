"""Pages of the bulk exchange, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.exchange.web import imports, tables

app_name = "exchange"
urlpatterns = [
    path("exchange/", imports.imports, name="imports"),
    path("exchange/imports/<int:import_id>/", imports.found, name="import"),
    path("exchange/imports/<int:import_id>/progress/", imports.progress, name="import_progress"),
    path("exchange/imports/<int:import_id>/confirm/", imports.confirm, name="confirm"),
    path("exchange/imports/<int:import_id>/cancel/", imports.cancel, name="cancel"),
    path("exchange/imports/<int:import_id>/wrong.xlsx", imports.wrong_xlsx, name="wrong_xlsx"),
    path("exchange/imports/<int:import_id>/result.csv", imports.result_csv, name="result_csv"),
    path("exchange/tables/<str:kind>/", tables.upload, name="upload"),
    path("exchange/tables/<str:kind>/template.xlsx", tables.template_xlsx, name="template_xlsx"),
    path("exchange/tables/<str:kind>/export.csv", tables.export_csv, name="export_csv"),
]
