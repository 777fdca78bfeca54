"""Pages of the bulk exchange, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.exchange.web import imports, programs, tables

app_name = "exchange"
urlpatterns = [
    path("exchange/", imports.imports, name="imports"),
    path("exchange/imports/<int:import_id>/", imports.found, name="import"),
    path("exchange/imports/<int:import_id>/progress/", imports.progress, name="import_progress"),
    path("exchange/imports/<int:import_id>/confirm/", imports.confirm, name="confirm"),
    path("exchange/imports/<int:import_id>/cancel/", imports.cancel, name="cancel"),
    path("exchange/imports/<int:import_id>/wrong.xlsx", imports.wrong_xlsx, name="wrong_xlsx"),
    path("exchange/imports/<int:import_id>/result.csv", imports.result_csv, name="result_csv"),
    path("exchange/tables/<str:table_kind>/", tables.upload, name="upload"),
    path("exchange/tables/<str:table_kind>/template.xlsx", tables.template_xlsx, name="template_xlsx"),
    path("exchange/tables/<str:table_kind>/export.csv", tables.export_csv, name="export_csv"),
    path("supplier/programs/", programs.programs, name="programs"),
    path("supplier/programs/tokens/new/", programs.make_token, name="make_token"),
    path("supplier/programs/tokens/<int:token_id>/revoke/", programs.revoke_token, name="revoke_token"),
    path("supplier/programs/webhooks/new/", programs.make_webhook, name="make_webhook"),
    path("supplier/programs/webhooks/<int:webhook_id>/", programs.webhook, name="webhook"),
    path("supplier/programs/webhooks/<int:webhook_id>/remove/", programs.remove_webhook, name="remove_webhook"),
    path("supplier/programs/webhooks/<int:webhook_id>/enable/", programs.enable_webhook, name="enable_webhook"),
    path("supplier/programs/deliveries/<int:delivery_id>/replay/", programs.replay, name="replay"),
]
