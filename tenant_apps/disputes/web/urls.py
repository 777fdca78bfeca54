"""Pages of disputes, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.disputes.web import views

app_name = "disputes"
urlpatterns = [
    path("disputes/", views.dispute_list, name="list"),
    path("disputes/export.csv", views.export, name="export"),
    path("orders/<int:order_id>/dispute/", views.open_dispute, name="open"),
    path("disputes/<int:dispute_id>/", views.dispute_page, name="dispute"),
    path("disputes/<int:dispute_id>/statements/", views.state, name="state"),
    path("disputes/<int:dispute_id>/take-up/", views.take_up, name="take_up"),
    path("disputes/<int:dispute_id>/decide/", views.decide, name="decide"),
    path("disputes/<int:dispute_id>/withdraw/", views.withdraw, name="withdraw"),
]
