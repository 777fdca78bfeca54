"""Pages of access, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.access.web import passing

app_name = "access"
urlpatterns = [
    path("enter/", passing.enter, name="enter"),
    path("sign-in/", passing.sign_in, name="sign_in"),
    path("sign-out/", passing.sign_out, name="sign_out"),
    path("account/", passing.account, name="account"),
]
