"""Pages of accounts, on the region's host."""

from __future__ import annotations

from django.urls import path

from shared_apps.accounts.web import account, invitations, resetting, signing_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("malls/<str:code>/enter/", signing_in.enter_mall, name="enter_mall"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/sessions/end/", account.end_sessions, name="end_sessions"),
    path("password-reset/", resetting.forgotten, name="forgotten"),
    path("password-reset/<str:uid>/<str:token>/", resetting.reset, name="reset"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("invitations/<str:secret>/join/", invitations.join, name="join"),
]
