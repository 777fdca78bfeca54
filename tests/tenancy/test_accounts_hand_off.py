"""The hand-off between the hosts: once, in time, into the right mall; and what its session may see."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import ProgrammingError, connections
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts import services
from shared_apps.accounts.models import HandOff, MallSession, Membership, SecurityEvent, User
from shared_apps.accounts.rules import OrganisationKind, SecurityKind
from shared_apps.accounts.secret import hash_of
from tenants.database.context import region_as
from tests.factories.people import actor_of, grant, join, make_organisation, make_user, sign_in

A, B = "990001", "990002"


def _bureau_person(tenant: str = A) -> User:
    user = make_user(name="局长")
    join(user, make_organisation(OrganisationKind.FINANCE_BUREAU, tenant_code=tenant), [Post.TIER_SUPERVISOR])
    return user


def _ticket(user: User, tenant: str = A, **kwargs: object) -> str:
    """Path and query of a fresh hand-off."""
    url = services.hand_off(actor=actor_of(user), tenant_code=tenant, now=kwargs.pop("now", utc_now()), **kwargs)  # type: ignore[arg-type]
    parts = urlsplit(url)
    assert parts.hostname == f"{tenant}.localhost"
    return f"{parts.path}?{parts.query}"


def _enter(path: str, tenant: str = A, client: Client | None = None):  # type: ignore[no-untyped-def]
    return (client or Client()).get(path, HTTP_HOST=f"{tenant}.localhost")


def test_the_hand_off_opens_a_session_of_that_mall_only() -> None:
    client = Client()
    answer = _enter(_ticket(_bureau_person(), next_path="/cart/?x=1"), client=client)
    assert (answer.status_code, answer["Location"]) == (303, "/cart/?x=1")
    cookie = answer.cookies["yz_mall"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""
    session = MallSession.objects.get()
    assert session.secret_hash == hash_of(cookie.value)
    assert session.tenant_code == A
    assert _enter("/account/", client=client).status_code == 303


def test_a_ticket_is_used_once() -> None:
    path = _ticket(_bureau_person())
    assert _enter(path).status_code == 303
    second = _enter(path)
    assert second.status_code == 409
    assert "entry-refused" in second.content.decode()
    assert "yz_mall" not in second.cookies
    assert MallSession.objects.count() == 1
    assert list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True)) == [
        SecurityKind.ENTERED_MALL,
        SecurityKind.ENTRY_FAILED,
    ]


def test_head_does_not_use_a_ticket_up() -> None:
    path = _ticket(_bureau_person())
    assert Client().head(path, HTTP_HOST=f"{A}.localhost").status_code == 405
    assert _enter(path).status_code == 303


def test_an_expired_ticket_is_refused() -> None:
    path = _ticket(_bureau_person(), now=utc_now() - timedelta(seconds=60))
    assert _enter(path).status_code == 409
    assert MallSession.objects.count() == 0


def test_a_ticket_of_another_mall_is_refused_and_stays_good() -> None:
    path = _ticket(_bureau_person())
    assert _enter(path, B).status_code == 409
    assert HandOff.objects.get().used_at is None
    assert _enter(path, A).status_code == 303


def test_two_uses_at_once_open_one_session() -> None:
    path = _ticket(_bureau_person())
    barrier = threading.Barrier(2)
    statuses: list[int] = []

    def use() -> None:
        try:
            barrier.wait(timeout=10)
            statuses.append(_enter(path).status_code)
        finally:
            for connection in connections.all():
                connection.close_kept()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(statuses) == [303, 409]
    assert MallSession.objects.count() == 1


@pytest.mark.parametrize("query", ["", "?ticket=", "?ticket=no", "?ticket=%00", "?ticket=a&ticket=b", "?ticket=a&b=c"])
def test_bad_tickets_get_a_clear_problem(query: str) -> None:
    answer = _enter(f"/enter/{query}")
    assert answer.status_code in {400, 409}
    assert MallSession.objects.count() == 0


def test_a_session_of_one_mall_is_nobody_on_another() -> None:
    client = Client()
    _enter(_ticket(_bureau_person()), client=client)
    secret = client.cookies["yz_mall"].value
    other = Client()
    other.cookies["yz_mall"] = secret
    assert other.get("/account/", HTTP_HOST=f"{A}.localhost").status_code == 303
    refused = other.get("/account/", HTTP_HOST=f"{B}.localhost")
    assert refused.status_code == 302
    assert refused["Location"].startswith("http://localhost:")
    assert f"%2Fmalls%2F{B}%2Fenter%2F" in refused["Location"]


def test_the_hash_is_no_cookie() -> None:
    client = Client()
    _enter(_ticket(_bureau_person()), client=client)
    client.cookies["yz_mall"] = MallSession.objects.get().secret_hash
    assert _enter("/account/", client=client).status_code == 302


def test_signing_out_of_the_mall_ends_the_session() -> None:
    client = sign_in(Client(), _bureau_person(), A)
    secret = client.cookies["yz_mall"].value
    assert client.post("/sign-out/").status_code == 303
    client.cookies["yz_mall"] = secret
    assert client.get("/account/").status_code == 302
    assert MallSession.objects.get().ended_at is not None


def test_signing_out_of_the_region_leaves_every_mall() -> None:
    user = _bureau_person()
    client = sign_in(Client(), user, A)
    assert client.post("/sign-out/", HTTP_HOST="localhost").status_code == 303
    assert client.get("/account/").status_code == 302


def test_an_expired_session_is_nobody() -> None:
    client = sign_in(Client(), _bureau_person(), A)
    MallSession.objects.update(expires_at=utc_now())
    assert client.get("/account/").status_code == 302


def test_a_closed_account_is_nobody_at_once() -> None:
    user = _bureau_person()
    client = sign_in(Client(), user, A)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/account/").status_code == 302
    assert client.get("/account/", HTTP_HOST="localhost").status_code == 302


def test_whoever_crosses_to_a_strange_mall_holds_nothing_there() -> None:
    user = _bureau_person(A)
    client = sign_in(Client(), user, B)
    me = client.get("/api/v1/me/").json()
    assert (me["tenant"], me["belongs"], me["held"]) == (B, [], [])


@pytest.mark.parametrize(
    "bad", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil", "/a\\b", "/" + "a" * 300]
)
def test_next_stays_on_the_site(bad: str) -> None:
    client = sign_in(Client(), _bureau_person(A))
    assert client.post(f"/malls/{A}/enter/", {"next": bad}).status_code == 400
    assert client.get(f"/malls/{A}/enter/", {"next": bad}).status_code == 400
    answer = client.get("/sign-in/", {"next": bad})
    assert (answer.status_code, answer["Location"]) == (303, "/account/")


def test_an_unknown_mall_is_not_found() -> None:
    client = sign_in(Client(), _bureau_person(A))
    assert client.get("/malls/999999/enter/").status_code == 404
    assert client.post("/malls/999999/enter/").status_code == 404


def test_posts_of_a_bureau_count_in_its_own_mall_only() -> None:
    user = _bureau_person(A)
    join(user, make_organisation(OrganisationKind.SUPPLIER), [Post.SUPPLIER_ADMIN])
    assert actor_of(user, A).posts == {Post.TIER_SUPERVISOR, Post.SUPPLIER_ADMIN}
    assert actor_of(user, B).posts == {Post.SUPPLIER_ADMIN}


def test_an_ended_membership_takes_the_posts_at_once() -> None:
    user, unit = make_user(), make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code=A)
    membership = join(user, unit)
    grant(A, user, 7, unit.pk, Post.UNIT_ADMINISTRATOR)
    client = sign_in(Client(), user, A)
    assert client.get("/api/v1/me/").json()["held"] == [
        {"post": "unit_administrator", "organisation_id": unit.pk, "unit_id": 7}
    ]
    Membership.objects.filter(pk=membership.pk).update(ended_at=utc_now())
    assert client.get("/api/v1/me/").json()["held"] == []


def test_posts_do_not_come_back_with_a_new_membership() -> None:
    user, unit = make_user(), make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code=A)
    membership = join(user, unit)
    grant(A, user, 7, unit.pk, Post.BUYER_CLERK)
    Membership.objects.filter(pk=membership.pk).update(ended_at=utc_now())
    join(user, unit)
    assert actor_of(user, A).posts == frozenset()


def test_a_mall_request_reads_no_people() -> None:
    """yz_mall, the login of every mall's region alias, has no right on any table of people."""
    _bureau_person()
    with region_as("yz_mall"):
        for table in ("user", "membership", "invitation", "handoff", "mallsession", "securityevent"):
            with connections["default"].cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(f"SELECT * FROM accounts_{table}")
        with connections["default"].cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT * FROM django_session")
        for change in ("UPDATE accounts_securityevent SET kind = 'x'", "DELETE FROM accounts_securityevent"):
            with connections["default"].cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(change)


@pytest.mark.parametrize("login", ["yz_region", "yz_relay", "yz_sweeper"])
def test_the_functions_are_the_malls_alone(login: str) -> None:
    with region_as(login), connections["default"].cursor() as cursor:
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT * FROM accounts_mall_visitor('x', 'y')")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT accounts_leave_mall('x', 'y')")


def test_a_tenants_own_login_reaches_neither() -> None:
    from tenants.database.context import tenant_selected

    with tenant_selected(A), connections["tenant"].cursor() as cursor:
        for statement in (
            "SELECT * FROM public.accounts_mall_visitor('x', 'y')",
            "SELECT * FROM public.accounts_user",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(statement)


def test_a_signed_in_request_asks_three_times_at_most() -> None:
    user, unit = make_user(), make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code=A)
    join(user, unit)
    grant(A, user, 7, unit.pk, Post.BUYER_CLERK)
    client = sign_in(Client(), user, A)
    client.get("/account/")
    from tests.factories.statements import counted

    with counted() as statements:
        assert client.get("/account/").status_code == 303
    assert len(statements) <= 3, statements
    client.defaults["HTTP_HOST"] = "localhost"
    with counted() as statements:
        client.post("/sign-in/", {})
    assert len(statements) <= 3, statements
