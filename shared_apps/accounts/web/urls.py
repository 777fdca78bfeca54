"""Pages of accounts, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.accounts.web import account, invitations, members, resetting, security_log, signing_in, visits

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("malls/<str:code>/enter/", signing_in.enter_mall, name="enter_mall"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/sessions/end/", account.end_sessions, name="end_sessions"),
    path("account/visits/", visits.visits, name="visits"),
    path("account/visits.csv", visits.visits_csv, name="visits_csv"),
    path("console/security/", security_log.log, name="security_log"),
    path("console/security.csv", security_log.log_csv, name="security_log_csv"),
    path("account/organisations/", members.organisations, name="organisations"),
    path("account/organisations/<int:organisation_id>/", members.members, name="members"),
    path("account/memberships/<int:membership_id>/posts/", members.change_posts, name="change_posts"),
    path("account/memberships/<int:membership_id>/end/", members.end_membership, name="end_membership"),
    path("account/invitations/<uuid:key>/resend/", members.resend, name="resend_invitation"),
    path("account/invitations/<uuid:key>/withdraw/", members.withdraw, name="withdraw_invitation"),
    path("password-reset/", resetting.forgotten, name="forgotten"),
    path("password-reset/<str:uid>/<str:token>/", resetting.reset, name="reset"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("invitations/<str:secret>/join/", invitations.join, name="join"),
]
