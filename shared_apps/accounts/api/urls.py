"""API of accounts, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.accounts.api import views

app_name = "accounts_api"
urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
    path("organisations/", views.Organisations.as_view(), name="organisations"),
    path("organisations/create/", views.CreateOrganisation.as_view(), name="create_organisation"),
    path("organisations/<int:organisation_id>/members/", views.Members.as_view(), name="members"),
    path("organisations/<int:organisation_id>/invitations/", views.Invitations.as_view(), name="invitations"),
    path("memberships/<int:membership_id>/posts/", views.ChangePosts.as_view(), name="change_posts"),
    path("memberships/<int:membership_id>/end/", views.EndMembership.as_view(), name="end_membership"),
    path("invitations/", views.Invite.as_view(), name="invite"),
    path("invitations/<uuid:key>/resend/", views.Resend.as_view(), name="resend_invitation"),
    path("invitations/<uuid:key>/withdraw/", views.Withdraw.as_view(), name="withdraw_invitation"),
]
