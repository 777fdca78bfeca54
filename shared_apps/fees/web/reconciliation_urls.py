from django.urls import path

from shared_apps.fees.web import reconciliation

urlpatterns = [
    path("fees/reconciliation/", reconciliation.runs, name="reconciliations"),
    path("fees/reconciliation/now/", reconciliation.reconcile_now, name="reconcile_now"),
    path("fees/reconciliation/<int:run_id>/", reconciliation.run, name="reconciliation"),
    path("fees/reconciliation/<int:run_id>/progress/", reconciliation.progress, name="reconciliation_progress"),
    path("fees/reconciliation/<int:run_id>/table.csv", reconciliation.table, name="reconciliation_table"),
]
