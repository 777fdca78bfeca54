"""The API of the takeover, on the tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.takeover.api import views

app_name = "takeover_api"
urlpatterns = [
    path("takeovers/", views.Packages.as_view(), name="packages"),
    path("takeovers/<int:takeover_id>/", views.Package.as_view(), name="package"),
    path("takeovers/<int:takeover_id>/judge/", views.JudgeAgain.as_view(), name="judge_again"),
    path("takeovers/<int:takeover_id>/propose/", views.Propose.as_view(), name="propose"),
    path("takeovers/<int:takeover_id>/send-back/", views.SendBack.as_view(), name="send_back"),
    path("takeovers/<int:takeover_id>/confirm/", views.Confirm.as_view(), name="confirm"),
    path("takeovers/<int:takeover_id>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("takeover-codes/", views.Codes.as_view(), name="codes"),
    path("takeover-codes/map/", views.MapCode.as_view(), name="map_code"),
]
