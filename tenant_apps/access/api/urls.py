"""API of access, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.access.api import views

app_name = "access_api"
urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
    path("posts/", views.Holdings.as_view(), name="posts"),
    path("posts/grant/", views.Grant.as_view(), name="grant"),
    path("posts/<int:holding_id>/end/", views.End.as_view(), name="end"),
    path("posts/<int:holding_id>/hand-over/", views.HandOver.as_view(), name="hand_over"),
    path("deputies/", views.Deputies.as_view(), name="deputies"),
    path("deputies/lend/", views.Lend.as_view(), name="lend"),
    path("deputies/<int:holding_id>/end/", views.TakeBack.as_view(), name="take_back"),
    path("unit-invitations/", views.Invite.as_view(), name="invite"),
    path("incompatible-pairs/", views.Pairs.as_view(), name="pairs"),
    path("incompatible-pairs/choose/", views.ChoosePairs.as_view(), name="choose_pairs"),
]
