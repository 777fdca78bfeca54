"""Pages of accounts and access: in Chinese, with the right form, and refusing clearly."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts import services
from shared_apps.accounts.models import Invitation, Membership
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.access.models import PairChoice, PostHolding
from tenant_apps.access.selectors import incompatible_pairs
from tenants.database.context import tenant_selected
from tests.factories.people import PASSWORD, actor_of, join, letters, make_organisation, make_user, sign_in
from tests.factories.statements import counted
from tests.factories.units import make_bureau_person, make_holder, make_unit
from webkit.latin import latin_words

A = "990001"


def _chinese(answer, status: int = 200) -> str:  # type: ignore[no-untyped-def]
    text = answer.content.decode()
    assert answer.status_code == status, text
    assert latin_words(text) == []
    return text


@pytest.mark.parametrize("path", ["/sign-in/", "/password-reset/"])
def test_public_pages_are_chinese(path: str) -> None:
    client = Client(HTTP_HOST="localhost")
    assert 'lang="zh-Hans"' in _chinese(client.get(path))
    _chinese(client.post(path, {"username": "nobody", "password": "x", "email": "x"}), 400)


def test_links_that_are_dead_say_so_in_chinese() -> None:
    client = Client(HTTP_HOST="localhost")
    _chinese(client.get("/invitations/nothing/"), 404)
    _chinese(client.get("/password-reset/MQ/x-y/"), 404)
    _chinese(client.get("/enter/?ticket=nothing", HTTP_HOST=f"{A}.localhost"), 409)


def test_the_account_page_shows_where_one_belongs() -> None:
    user = make_user(name="张三")
    join(user, make_organisation(OrganisationKind.FINANCE_BUREAU, None, "甲县财政局", A), [Post.TIER_SUPERVISOR])
    sign_in(Client(), user, A)
    client = sign_in(Client(), user)
    with counted() as statements:
        text = _chinese(client.get("/account/"))
    assert len(statements) <= 12, statements
    assert "甲县财政局" in text
    assert f'action="/malls/{A}/enter/"' in text
    _chinese(client.get("/account/password/"))
    _chinese(client.post("/account/password/", {"old_password": "x"}), 400)
    _chinese(client.get(f"/malls/{A}/enter/"))
    _chinese(sign_in(Client(), make_user()).get("/account/"))


def test_an_anonymous_page_comes_back_through_the_hand_off() -> None:
    """From a mall's page to the region's sign-in and back to the very page, with one form filled in."""
    user = make_bureau_person(A)
    client = Client(HTTP_HOST=f"{A}.localhost")
    asked = client.get("/bureau/people/?x=1")
    assert asked.status_code == 302
    address = asked["Location"]
    assert address.startswith("http://localhost:8000/sign-in/?next=%2Fmalls%2F990001%2Fenter%2F%3Fnext%3D%252Fbureau")
    page = client.get(address.removeprefix("http://localhost:8000"), HTTP_HOST="localhost")
    next_path = re.search(r'name="next" value="([^"]+)"', page.content.decode())
    assert next_path
    form = {"username": user.username, "password": PASSWORD, "next": next_path[1]}
    onward = client.post("/sign-in/", form, HTTP_HOST="localhost")
    assert onward.status_code == 303
    ticket = onward["Location"].removeprefix(f"http://{A}.localhost:8000")
    assert ticket.startswith("/enter/?ticket=")
    entered = client.get(ticket)
    assert (entered.status_code, entered["Location"]) == (303, "/bureau/people/?x=1")
    assert client.get(entered["Location"]).status_code == 200
    assert 'action="/sign-out/"' in client.get(entered["Location"]).content.decode()
    assert client.get("/sign-in/")["Location"] == "http://localhost:8000/malls/990001/enter/"


def test_an_organisations_people_are_invited_and_ended_on_its_page() -> None:
    boss, firm = make_user(name="老板"), make_organisation(OrganisationKind.SUPPLIER, "C1", "昆仑公司")
    join(boss, firm, [Post.SUPPLIER_ADMIN])
    other = join(make_user(name="小李"), firm, [Post.SUPPLIER_SALES])
    client = sign_in(Client(), boss)
    page = f"/account/organisations/{firm.pk}/"
    assert page in _chinese(client.get("/account/organisations/"))
    _chinese(client.get(page))
    _chinese(client.post(page, {"name": "", "email": "x"}), 400)
    assert Invitation.objects.count() == 0
    form = {"name": "小王", "email": "w@example.cn", "posts": ["supplier_sales"]}
    assert client.post(page, form).status_code == 303
    _chinese(client.get(page))
    key = Invitation.objects.get().key
    assert client.post(f"/account/invitations/{key}/resend/").status_code == 303
    assert len(letters()) == 2
    assert client.post(f"/account/invitations/{key}/withdraw/").status_code == 303
    assert client.post(f"/account/memberships/{other.pk}/posts/", {"posts": ["supplier_admin"]}).status_code == 303
    other.refresh_from_db()
    assert other.posts == ["supplier_admin"]
    assert client.post(f"/account/memberships/{other.pk}/end/").status_code == 303
    other.refresh_from_db()
    assert other.ended_at is not None
    assert client.get(f"/account/organisations/{make_organisation(OrganisationKind.SUPPLIER).pk}/").status_code == 404


def test_the_invitation_page_is_chinese() -> None:
    firm = make_organisation(OrganisationKind.SUPPLIER, "C1", "昆仑公司")
    services.invite(actor=SYSTEM, organisation_id=firm.pk, name="小王", email="w@example.cn", posts=[], now=utc_now())
    letter = letters()[-1]
    assert latin_words(re.sub(r"http\S+", "", letter.body) + letter.subject) == []
    link = "/invitations/" + letter.body.split("/invitations/")[1].split()[0]
    client = Client(HTTP_HOST="localhost")
    _chinese(client.get(link))
    _chinese(client.post(link, {"username": "1", "password": "2", "again": "3"}), 400)
    _chinese(sign_in(Client(), make_user(name="张三")).get(link))


def test_the_bureau_looks_after_every_unit() -> None:
    school, clinic = make_unit(A), make_unit(A, "001002", "卫生院")
    old, new = make_holder(school, Post.BUYER_CLERK, name="老王"), make_holder(school, Post.BUYER_PAYER, name="小李")
    client = sign_in(Client(), make_bureau_person(A), A)
    with counted() as statements:
        text = _chinese(client.get("/bureau/people/"))
    assert len(statements) <= 12, statements
    assert "市第一中学" in text
    assert "卫生院" in text
    with tenant_selected(A):
        holding = PostHolding.objects.get(user_id=old.pk).pk
    _chinese(client.get(f"/bureau/people/{holding}/hand-over/"))
    _chinese(client.post(f"/bureau/people/{holding}/hand-over/", {"to_user_id": "0"}), 400)
    answer = client.post(f"/bureau/people/{holding}/hand-over/", {"to_user_id": str(new.pk)})
    assert answer.status_code == 303
    assert actor_of(new, A).posts == {Post.BUYER_CLERK, Post.BUYER_PAYER}
    form = {"unit_id": str(school.id), "user_id": str(old.pk), "post": "buyer_approver"}
    assert client.post("/bureau/people/grant/", form).status_code == 303
    _chinese(client.post("/bureau/people/grant/", form), 409)
    with tenant_selected(A):
        holding = PostHolding.objects.get(user_id=old.pk, ended_at=None).pk
    assert client.post(f"/bureau/people/{holding}/end/").status_code == 303
    _chinese(client.post(f"/bureau/people/{holding}/end/"), 404)
    _chinese(client.get(f"/bureau/people/invite/?unit_id={clinic.id}"))
    form = {"unit_id": str(clinic.id), "name": "小赵", "email": "z@example.cn", "posts": ["buyer_clerk", "buyer_payer"]}
    assert client.post("/bureau/people/invite/", form).status_code == 303
    _chinese(client.post("/bureau/people/invite/", {**form, "posts": []}), 400)
    _chinese(client.get("/bureau/people/"))


def test_the_bureau_chooses_the_pairs() -> None:
    client = sign_in(Client(), make_bureau_person(A), A)
    _chinese(client.get("/bureau/people/pairs/"))
    _chinese(client.post("/bureau/people/pairs/", {"pairs": ["a+b"], "reason": "试"}), 400)
    _chinese(client.post("/bureau/people/pairs/", {"reason": ""}), 400)
    with tenant_selected(A):
        assert PairChoice.objects.count() == 0
    form = {"pairs": ["buyer_acceptor+buyer_approver"], "reason": "人员充足"}
    assert client.post("/bureau/people/pairs/", form).status_code == 303
    with tenant_selected(A):
        assert len(incompatible_pairs()) == 3
    _chinese(client.get("/bureau/people/pairs/"))


def test_an_administrator_sees_their_own_unit_only() -> None:
    school, clinic = make_unit(A), make_unit(A, "001002", "卫生院")
    client = sign_in(Client(), make_holder(school, Post.UNIT_ADMINISTRATOR), A)
    text = _chinese(client.get("/bureau/people/"))
    assert "市第一中学" in text
    assert "卫生院" not in text
    assert client.get(f"/bureau/people/invite/?unit_id={clinic.id}").status_code == 404
    assert client.get("/bureau/people/pairs/").status_code == 403


def test_an_empty_mall_says_what_comes_first() -> None:
    _chinese(sign_in(Client(), make_bureau_person(A), A).get("/bureau/people/"))


BAD_FORMS = [
    {"unit_id": "1_000", "user_id": "1", "post": "buyer_clerk"},
    {"unit_id": "-1", "user_id": "1", "post": "buyer_clerk"},
    {"unit_id": "1e999", "user_id": "1", "post": "buyer_clerk"},
    {"unit_id": "１", "user_id": "1", "post": "buyer_clerk"},
    {"unit_id": "9" * 5000, "user_id": "1", "post": "buyer_clerk"},
    {"unit_id": "1", "user_id": "1", "post": "tier_supervisor"},
    {"unit_id": "1", "user_id": "1", "post": "buyer_clerk", "more": "1"},
    {"unit_id": "1", "user_id": "1", "post": "buyer\x00clerk"},
    {"unit_id": ["1", "2"], "user_id": "1", "post": "buyer_clerk"},
    {},
]


@pytest.mark.parametrize("form", BAD_FORMS)
def test_bad_forms_change_nothing(form: dict[str, object]) -> None:
    client = sign_in(Client(), make_bureau_person(A), A)
    assert client.post("/bureau/people/grant/", form).status_code == 400
    with tenant_selected(A):
        assert PostHolding.objects.count() == 0


@pytest.mark.parametrize(
    "body", ["username=a%00b&password=x", "username=%ff&password=x", "username=a&username=b&password=x", "x=1", ""]
)
def test_bad_sign_ins_are_clear_problems(body: str) -> None:
    answer = Client(HTTP_HOST="localhost").post("/sign-in/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_signing_in_needs_the_forms_token() -> None:
    user = make_user()
    client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 403
    assert Membership.objects.count() == 0
