"""Pages of a practice mall, on its host. A real mall answers them like pages that do not exist."""

from __future__ import annotations

from django.urls import path

from tenant_apps.practice.web import board

app_name = "practice"
urlpatterns = [
    path("practice/", board.exercises, name="board"),
    path("practice/begin/", board.begin, name="begin"),
    path("practice/orders/<int:order_id>/go-on/", board.go_on, name="go_on"),
]
