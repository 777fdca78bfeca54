"""API of a practice mall, on its host. A real mall answers it as if it did not exist."""

from __future__ import annotations

from django.urls import path

from tenant_apps.practice.api import views

app_name = "practice_api"
urlpatterns = [
    path("practice/", views.Board.as_view(), name="board"),
    path("practice/begin/", views.Begin.as_view(), name="begin"),
    path("practice/orders/<int:order_id>/go-on/", views.GoOn.as_view(), name="go_on"),
]
