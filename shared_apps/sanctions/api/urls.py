"""API of bans, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.sanctions.api import views

app_name = "sanctions_api"
urlpatterns = [
    path("sanctions/", views.Sanctions.as_view(), name="sanctions"),
    path("sanctions/causes/", views.Causes.as_view(), name="causes"),
    path("sanctions/<int:sanction_id>/", views.OneSanction.as_view(), name="sanction"),
    path("sanctions/kept/", views.Kept.as_view(), name="kept"),
    path("sanctions/kept/enter/", views.Enter.as_view(), name="enter"),
    path("sanctions/kept/<int:sanction_id>/", views.OneKept.as_view(), name="one"),
    path("sanctions/kept/<int:sanction_id>/put-in-force/", views.PutInForce.as_view(), name="put_in_force"),
    path("sanctions/kept/<int:sanction_id>/lift/", views.Lift.as_view(), name="lift"),
    path("sanctions/kept/<int:sanction_id>/annul/", views.Annul.as_view(), name="annul"),
]
