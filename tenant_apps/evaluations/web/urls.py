"""Pages of evaluations, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.evaluations.web import views

app_name = "evaluations"
urlpatterns = [
    path("evaluations/", views.evaluation_list, name="list"),
    path("evaluations/export.csv", views.export, name="export"),
    path("evaluations/indicators/", views.indicators, name="indicators"),
    path("orders/<int:order_id>/evaluate/", views.evaluate, name="evaluate"),
]
