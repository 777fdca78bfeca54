"""API of disputes, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.disputes.api import views

app_name = "disputes_api"
urlpatterns = [
    path("disputes/", views.Disputes.as_view(), name="list"),
    path("disputes/<int:dispute_id>/", views.DisputeFile.as_view(), name="detail"),
    path("orders/<int:order_id>/dispute/", views.OpenDispute.as_view(), name="open"),
    path("disputes/<int:dispute_id>/statements/", views.State.as_view(), name="state"),
    path("disputes/<int:dispute_id>/take-up/", views.TakeUp.as_view(), name="take_up"),
    path("disputes/<int:dispute_id>/decide/", views.Decide.as_view(), name="decide"),
    path("disputes/<int:dispute_id>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
]
