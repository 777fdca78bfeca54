"""API of evaluations, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.evaluations.api import views

app_name = "evaluations_api"
urlpatterns = [
    path("evaluations/", views.Evaluations.as_view(), name="list"),
    path("evaluations/indicators/", views.IndicatorsInForce.as_view(), name="indicators"),
    path("evaluations/indicators/decide/", views.DecideIndicators.as_view(), name="decide"),
    path("orders/<int:order_id>/evaluations/", views.OfOrder.as_view(), name="of_order"),
    path("orders/<int:order_id>/evaluate/", views.Evaluate.as_view(), name="evaluate"),
]
