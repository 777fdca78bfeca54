"""The API of accounts and access: the same services as the pages, and clear refusals."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from kernel.posts import Post
from shared_apps.accounts.models import Invitation, Membership, Organisation
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.access.models import PairChoice, PostHolding
from tenants.database.context import tenant_selected
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.units import make_bureau_person, make_holder, make_unit

A = "990001"
JSON = "application/json"


def _post(client: Client, path: str, data: object):  # type: ignore[no-untyped-def]
    return client.post(f"/api/v1/{path}", data, content_type=JSON, headers={"Idempotency-Key": str(uuid4())})


def test_posts_are_granted_handed_over_and_ended() -> None:
    unit = make_unit(A)
    old, new = make_holder(unit, Post.BUYER_CLERK, name="老王"), make_holder(unit, Post.BUYER_PAYER, name="小李")
    client = sign_in(Client(), make_bureau_person(A), A)
    assert [row["name"] for row in client.get("/api/v1/posts/").json()] == ["小李", "老王"]
    what = {"unit_id": unit.id, "user_id": old.pk, "post": "buyer_approver"}
    granted = _post(client, "posts/grant/", what)
    assert granted.status_code == 201
    assert granted.json()["post"] == "buyer_approver"
    again = _post(client, "posts/grant/", what)
    assert (again.status_code, again.json()["code"]) == (409, "post-held-already")
    over = _post(client, f"posts/{granted.json()['id']}/hand-over/", {"to_user_id": new.pk})
    assert (over.status_code, over.json()["user_id"]) == (200, new.pk)
    ended = _post(client, f"posts/{over.json()['id']}/end/", {})
    assert ended.json()["ended_at"] is not None
    assert _post(client, f"posts/{over.json()['id']}/end/", {}).status_code == 404


def test_people_are_invited_and_pairs_chosen() -> None:
    unit, client = make_unit(A), sign_in(Client(), make_bureau_person(A), A)
    what = {"unit_id": unit.id, "name": "小王", "email": "w@example.cn", "posts": ["buyer_clerk"]}
    assert _post(client, "unit-invitations/", what).status_code == 201
    fixed = client.get("/api/v1/incompatible-pairs/").json()["fixed"]
    chosen = _post(client, "incompatible-pairs/choose/", {"pairs": fixed, "reason": "三人学校"})
    assert (chosen.status_code, chosen.json()["pairs"], chosen.json()["people_needed"]) == (200, fixed, 2)
    refused = _post(client, "incompatible-pairs/choose/", {"pairs": fixed[:1], "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "pair-not-allowed")


def test_the_regions_api_manages_an_organisations_people() -> None:
    boss, firm = make_user(), make_organisation(OrganisationKind.SUPPLIER)
    join(boss, firm, [Post.SUPPLIER_ADMIN])
    member = join(make_user(), firm, [])
    client = sign_in(Client(), boss)
    assert [row["id"] for row in client.get("/api/v1/organisations/").json()] == [firm.pk]
    what = {"organisation_id": firm.pk, "name": "小王", "email": "w@example.cn", "posts": ["supplier_sales"]}
    invited = _post(client, "invitations/", what)
    assert invited.status_code == 201
    assert "secret" not in invited.content.decode()
    key = invited.json()["key"]
    listed = client.get(f"/api/v1/organisations/{firm.pk}/invitations/").json()
    assert [row["key"] for row in listed] == [key]
    assert _post(client, f"invitations/{key}/resend/", {}).status_code == 200
    assert _post(client, f"invitations/{key}/withdraw/", {}).status_code == 200
    assert _post(client, f"invitations/{key}/withdraw/", {}).status_code == 404
    changed = _post(client, f"memberships/{member.pk}/posts/", {"posts": ["supplier_sales"]})
    assert changed.json()["posts"] == ["supplier_sales"]
    assert _post(client, f"memberships/{member.pk}/end/", {}).status_code == 200
    assert len(client.get(f"/api/v1/organisations/{firm.pk}/members/").json()) == 1
    for path in ("members", "invitations"):
        strange = make_organisation(OrganisationKind.SUPPLIER)
        assert client.get(f"/api/v1/organisations/{strange.pk}/{path}/").status_code == 404


def test_a_bureau_sets_up_a_unit_of_its_level() -> None:
    client = sign_in(Client(), make_bureau_person(A))
    what = {"kind": "budget_unit", "code": "001009", "name": "图书馆", "tenant_code": A}
    assert _post(client, "organisations/create/", what).status_code == 201
    assert _post(client, "organisations/create/", what).status_code == 409
    assert _post(client, "organisations/create/", {**what, "tenant_code": "990002"}).status_code == 403


NUMBERS = [0, -1, "-1", "1_000", "１", 1.5, "1e999", 10**30, True, None, [], {}, "", "\u0000", "\u202e1"]


@pytest.mark.parametrize("number", NUMBERS)
def test_bad_numbers(number: object) -> None:
    client = sign_in(Client(), make_bureau_person(A), A)
    for path, data in (
        ("posts/grant/", {"unit_id": number, "user_id": 1, "post": "buyer_clerk"}),
        ("posts/grant/", {"unit_id": 1, "user_id": number, "post": "buyer_clerk"}),
        ("posts/1/hand-over/", {"to_user_id": number}),
        ("unit-invitations/", {"unit_id": number, "name": "a", "email": "a@b.cn", "posts": ["buyer_clerk"]}),
    ):
        answer = _post(client, path, data)
        assert answer.status_code == 400, (path, number, answer.content)
        assert answer.json()["code"] in {"invalid-input", "malformed-input"}


RAW = [
    b"",
    b"[]",
    b"null",
    b"{",
    b'{"post": "buyer_clerk", "post": "buyer_clerk"}',
    b'{"unit_id": NaN}',
    b'{"unit_id": Infinity}',
    b'{"name": "\\ud800"}',
    b'{"name": "\\u0000"}',
    b'{"name": "\xff"}',
    b'{"a":' * 200 + b"1" + b"}" * 200,
]
TENANT_WRITES = (
    "posts/grant/", "posts/1/end/", "posts/1/hand-over/", "unit-invitations/", "incompatible-pairs/choose/",
)  # fmt: skip
REGION_WRITES = (
    "organisations/create/", "memberships/1/posts/", "memberships/1/end/", "invitations/",
    "invitations/00000000-0000-4000-8000-000000000000/resend/",
    "invitations/00000000-0000-4000-8000-000000000000/withdraw/",
)  # fmt: skip


@pytest.mark.parametrize("host", ["tenant", "region"])
def test_bad_bodies_change_nothing(host: str) -> None:
    client = sign_in(Client(), make_bureau_person(A), A if host == "tenant" else None)
    counts = _counts()
    for path in TENANT_WRITES if host == "tenant" else REGION_WRITES:
        for body in RAW:
            answer = _post(client, path, body)
            assert answer.status_code in {400, 404}, (path, body, answer.content)
            assert answer["Content-Type"] == "application/problem+json"
        assert _post(client, path, {"stranger": 1}).status_code == 400, path
        assert client.post(f"/api/v1/{path}", "a=1", content_type="text/plain").status_code == 415
    assert _counts() == counts


@pytest.mark.parametrize("path", [f"posts/{10**30}/end/", f"posts/{2**63}/end/", "posts/-1/end/", "posts/x/end/"])
def test_bad_ids_in_the_path_are_not_found(path: str) -> None:
    assert _post(sign_in(Client(), make_bureau_person(A), A), path, {}).status_code == 404


@pytest.mark.parametrize("email", ["", "x", "a@b", "ａ@b.cn", "a@b.cn\r\nBcc: c@d.cn", "a" * 250 + "@b.cn", 1, None])
def test_bad_addresses(email: object) -> None:
    unit, client = make_unit(A), sign_in(Client(), make_bureau_person(A), A)
    what = {"unit_id": unit.id, "name": "a", "email": email, "posts": ["buyer_clerk"]}
    assert _post(client, "unit-invitations/", what).status_code == 400


@pytest.mark.parametrize("posts", [[], "buyer_clerk", ["king"], ["buyer_clerk"] * 2, [None], {}, ["auditor"]])
def test_bad_posts(posts: object) -> None:
    unit, client = make_unit(A), sign_in(Client(), make_bureau_person(A), A)
    what = {"unit_id": unit.id, "name": "a", "email": "a@b.cn", "posts": posts}
    assert _post(client, "unit-invitations/", what).status_code == 400


@pytest.mark.parametrize(
    "pairs", [[["buyer_clerk"]], [["buyer_clerk", "buyer_clerk"]], [["buyer_clerk", "expert"]], "x", [[]] * 7, None]
)
def test_bad_pairs(pairs: object) -> None:
    client = sign_in(Client(), make_bureau_person(A), A)
    assert _post(client, "incompatible-pairs/choose/", {"pairs": pairs, "reason": "x"}).status_code == 400


def test_strangers_are_asked_to_sign_in() -> None:
    for host, paths in ((f"{A}.localhost", ("me/", "posts/")), ("localhost", ("me/", "organisations/"))):
        for path in paths:
            answer = Client(HTTP_HOST=host).get(f"/api/v1/{path}")
            assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-required")


def _counts() -> list[int]:
    with tenant_selected(A):
        here = [PostHolding.objects.count(), PairChoice.objects.count()]
    return [*here, *(model.objects.count() for model in (Organisation, Membership, Invitation))]
