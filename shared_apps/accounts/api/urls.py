"""API of accounts, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.accounts.api import views

app_name = "accounts_api"
urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
]
