"""A supplier's system keeps its offers in step with an API token: what the token may, and what becomes of each row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.services import end_membership
from shared_apps.exchange import services, tokens
from shared_apps.exchange.models import ApiToken, SupplierItem
from shared_apps.exchange.services.tokens import NewToken
from shared_apps.products.models import Offer
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.services import change_standing
from tests.factories.exchange import AREAS, Seller, make_seller
from tests.factories.goods import make_offer, make_product
from tests.factories.people import join, make_user, sign_in

ADDRESS = "/api/v1/supplier/catalogue/"


@pytest.fixture
def seller(room: None) -> Seller:
    return make_seller()


def made(seller: Seller, **more: Any) -> NewToken:
    given = {"name": "ERP", "scopes": ["catalogue"], "days": 30, **more}
    return services.make_token(actor=seller.actor, now=utc_now(), **given)


def row(sku: str, product_code: str, price: Any = "20.00", /, **more: Any) -> dict[str, Any]:
    return {
        "sku": sku, "product_code": product_code, "price": price, "reference_price": "90.00", "delivery_days": 3,
        "areas": AREAS, **more,
    }  # fmt: skip


def call(token: str, rows: list[Any], client: Client | None = None, **headers: str) -> Any:
    return (client or Client(enforce_csrf_checks=True)).post(
        ADDRESS, {"rows": rows}, content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Host": "localhost", **headers},
    )  # fmt: skip


def results(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [one["result"] for one in answer.json()["results"]]


def test_every_row_has_its_own_result(seller: Seller) -> None:
    offers = [make_offer(make_product(), seller.supplier, reference_price="90.00") for _ in range(3)]
    new, twice = make_product().code, make_product().code
    codes = [offer.product.code for offer in offers]
    answer = call(
        made(seller).secret,
        [
            row("N-1", new), row("C-1", codes[0], 19), row("U-1", codes[1]), row("R-1", codes[2], "25.00"),
            row("X-1", "NONE"), row("X-2", twice, "x"), row("X-3", twice, surprise=1), row("X-4", twice, True),
            {"sku": 5}, {}, row("N-1", twice),
        ],
    )  # fmt: skip
    assert results(answer) == [
        "created", "updated", "unchanged", "updated", "refused", "refused", "refused", "refused", "refused", "refused",
        "refused",
    ]  # fmt: skip
    body = answer.json()
    assert (body["created"], body["updated"], body["unchanged"], body["refused"]) == (1, 2, 1, 7)
    assert [one["for_review"] for one in body["results"]][:4] == [True, False, False, True]
    refused = [sorted(one["problem"]["errors"]) for one in body["results"][4:]]
    assert refused[:4] == [["product_code"], ["price"], ["surprise"], ["price"]]
    assert refused[6] == ["sku"]
    assert body["results"][4]["problem"]["code"] == "invalid-input"
    assert Offer.objects.get(pk=offers[2].pk).price == offers[2].price
    assert SupplierItem.objects.get(sku="C-1").product_id == offers[0].product_id
    entry = RegionJournalEntry.objects.get(event="products.offers_stored")
    assert entry.actor_name == f"ERP/{seller.user.name}"
    assert len(entry.facts["created"]) == 1


def test_the_same_key_is_answered_again_without_doing_it_again(seller: Seller) -> None:
    token, rows = made(seller).secret, [row("A-1", make_product().code)]
    first = call(token, rows, **{"Idempotency-Key": "k1"})
    again = call(token, rows, **{"Idempotency-Key": "k1"})
    assert (again.json(), again["Idempotent-Replay"]) == (first.json(), "true")
    assert results(call(token, rows, **{"Idempotency-Key": "k2"})) == ["unchanged"]
    assert call(token, [row("A-2", "NONE")], **{"Idempotency-Key": "k1"}).status_code == 422


def test_a_thousand_rows_cost_as_many_statements_as_two(seller: Seller) -> None:
    codes = [make_product().code for _ in range(12)]
    token = made(seller).secret
    call(token, [row("A-0", codes[0])])
    seen = []
    for some in (codes[1:3], codes[3:]):
        with CaptureQueriesContext(connections["default"]) as captured:
            assert set(results(call(token, [row(f"A-{code}", code) for code in some]))) == {"created"}
        seen.append(len(captured))
    assert seen[0] == seen[1]
    assert seen[0] <= 30
    # Ten thousand fields are read; one row more than a thousand is not.
    wrong = row("B", "NONE", min_quantity=1, stock_note="x", valid_from="2026-01-01", valid_to="2027-01-01")
    assert call(token, [{**wrong, "sku": f"B-{n}"} for n in range(1000)]).json()["refused"] == 1000
    assert call(token, [wrong] * 1001).status_code == 400


@pytest.mark.parametrize("rows", [[], "x", [1], [[]], None, {}, [None]])
def test_a_body_that_is_no_list_of_rows_is_refused(seller: Seller, rows: Any) -> None:
    assert call(made(seller).secret, rows).status_code == 400


def test_a_token_ends_with_its_time_its_revocation_its_maker_and_the_supplier(seller: Seller) -> None:
    new = made(seller)
    rows = [row("A-1", "NONE")]
    assert call(new.secret, rows).status_code == 200
    assert ApiToken.objects.get().used_from == "127.0.0.1"
    assert call("yzt_" + "x" * 43, rows).status_code == 401
    ApiToken.objects.update(expires_at=utc_now() - timedelta(seconds=1), made_at=utc_now() - timedelta(days=2))
    assert call(new.secret, rows).json()["code"] == "token-refused"
    ApiToken.objects.update(expires_at=utc_now() + timedelta(days=2))
    services.revoke_token(actor=seller.actor, token_id=new.row.pk, now=utc_now())
    assert call(new.secret, rows).status_code == 401
    other = made(seller)
    join(make_user(), seller.organisation, [Post.SUPPLIER_ADMIN])
    change_standing(actor=SYSTEM, supplier_id=seller.supplier.pk, action="suspend", reason="测试", now=utc_now())
    assert call(other.secret, rows).status_code == 403
    change_standing(actor=SYSTEM, supplier_id=seller.supplier.pk, action="reinstate", reason="测试", now=utc_now())
    end_membership(actor=SYSTEM, membership_id=seller.user.memberships.get().pk, now=utc_now())
    assert call(other.secret, rows).status_code == 401
    assert Offer.objects.count() == 0


def test_a_token_holds_from_its_addresses_and_for_its_route_only(seller: Seller) -> None:
    bound = made(seller, addresses="203.0.113.0/24")
    assert call(bound.secret, [row("A-1", "NONE")]).status_code == 401
    assert tokens.may_come_from("203.0.113.0/24\n2001:db8::/32", "203.0.113.9")
    assert not tokens.may_come_from("203.0.113.0/24", "nonsense")
    token = made(seller).secret
    headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
    for address in ("/api/v1/supplier/products/", "/api/v1/inbox/", "/api/v1/library/products/"):
        assert Client().get(address, headers=headers).status_code == 401
    # A page knows no tokens: this is somebody who has not signed in.
    assert Client().get("/exchange/", headers=headers).status_code == 302
    # A session that comes along does not make up for a token that is refused.
    browser = sign_in(Client(), seller.user)
    assert call("yzt_wrong", [row("A-1", "NONE")], browser).status_code == 401
    mall = {"Authorization": f"Bearer {token}", "Host": "990001.localhost"}
    assert Client().get("/api/v1/orders/", headers=mall).status_code == 401


def test_a_session_keeps_the_catalogue_too_and_then_needs_its_proof(seller: Seller) -> None:
    browser = sign_in(Client(enforce_csrf_checks=False), seller.user)
    rows = {"rows": [row("A-1", make_product().code)]}
    assert browser.post(ADDRESS, rows, content_type="application/json").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    answer = strict.post(ADDRESS, rows, content_type="application/json", headers={"Host": "localhost"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-failed")


def test_a_token_is_asked_to_wait_beyond_its_calls(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "TOKEN_CALLS_PER_MINUTE", 2)
    token = made(seller).secret
    answers = [call(token, [row("A-1", "NONE")]) for _ in range(4)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


def test_a_salesperson_makes_no_tokens(room: None) -> None:
    sales = make_seller(Post.SUPPLIER_SALES)
    answer = sign_in(Client(), sales.user).post(
        "/supplier/programs/tokens/new/", {"name": "x", "scopes": "catalogue", "days": "9"}
    )
    assert answer.status_code == 403
    assert ApiToken.objects.count() == 0


def test_only_the_hash_is_kept_and_the_page_shows_the_token_once(seller: Seller) -> None:
    browser = sign_in(Client(), seller.user)
    answer = browser.post("/supplier/programs/tokens/new/", {"name": "ERP", "scopes": "catalogue", "days": "9"})
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    kept = ApiToken.objects.get()
    start = page.index(kept.prefix)
    secret = page[start : start + 47]
    assert call(secret, [row("A-1", "NONE")]).status_code == 200
    later = browser.get("/supplier/programs/").content.decode()
    assert secret not in later
    assert kept.prefix in later
    assert browser.post(f"/supplier/programs/tokens/{kept.pk}/revoke/").status_code == 303
    assert call(secret, []).status_code == 401
    other = sign_in(Client(), make_seller().user)
    assert other.post(f"/supplier/programs/tokens/{kept.pk}/revoke/").status_code == 404
