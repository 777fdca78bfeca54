"""Pages of access, on a tenant's host."""

from __future__ import annotations

from django.urls import path

from tenant_apps.access.web import deputies, passing, people

app_name = "access"
urlpatterns = [
    path("enter/", passing.enter, name="enter"),
    path("sign-in/", passing.sign_in, name="sign_in"),
    path("sign-out/", passing.sign_out, name="sign_out"),
    path("account/", passing.account, name="account"),
    path("deputies/", deputies.overview, name="deputies"),
    path("deputies/lend/", deputies.lend, name="lend"),
    path("deputies/<int:holding_id>/end/", deputies.take_back, name="take_back"),
    path("bureau/people/", people.people, name="people"),
    path("bureau/people/grant/", people.grant, name="grant"),
    path("bureau/people/invite/", people.invite, name="invite"),
    path("bureau/people/pairs/", people.pairs, name="pairs"),
    path("bureau/people/<int:holding_id>/end/", people.end, name="end"),
    path("bureau/people/<int:holding_id>/hand-over/", people.hand_over, name="hand_over"),
]
