"""Files by programs: with an API token, as forms; the same checks as on pages, the same refusals, once a key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.exchange import services, tokens
from shared_apps.exchange.models import Import
from shared_apps.products.models import Offer, ProductCertificate, ProductImage
from shared_apps.region_files.models import RegionFile
from shared_apps.suppliers.models import ApplicationDocument
from shared_apps.suppliers.services import begin_change
from tests.api.test_uploads import CERTIFICATE, LICENCE, hostile, kept
from tests.database import admin
from tests.factories import files as samples
from tests.factories.exchange import Seller, as_csv, as_xlsx, make_seller, offer_row
from tests.factories.goods import make_product
from tests.factories.people import sign_in
from tests.factories.proposals import propose, seller_of
from tests.rows import RowCounter, changed

TABLES = "/api/v1/exchange/tables/offers/"


@dataclass(frozen=True)
class Program:
    """A supplier's system with tokens for everything, and the addresses it may send files to."""

    seller: Seller
    catalogue: str
    papers: str
    doors: dict[str, tuple[str, dict[str, str]]]


@pytest.fixture
def program(room: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    settings.YZ_FILES_DIR = tmp_path / "files"
    monkeypatch.setattr(tokens, "TOKEN_CALLS_PER_MINUTE", 10**9)
    seller = make_seller()
    proposal = propose(seller_of(seller.user))
    application = begin_change(actor=seller.actor, supplier_id=seller.supplier.pk, now=utc_now())
    product = f"/api/v1/supplier/products/{proposal.code}"
    doors = {
        "image": (f"{product}/images/", {"alt": "测试"}),
        "certificate": (f"{product}/papers/", CERTIFICATE),
        "licence": (f"/api/v1/supplier/applications/{application.pk}/documents/", LICENCE),
    }
    return Program(seller, token(seller, "catalogue"), token(seller, "papers"), doors)


def token(seller: Seller, *scopes: str) -> str:
    made = services.make_token(
        actor=seller.actor, name="ERP", scopes=list(scopes), days=30, addresses="", now=utc_now()
    )
    return made.secret


def send(secret: str, path: str, content: bytes, form: dict[str, str] | None = None, **headers: str) -> Any:
    file = SimpleUploadedFile("表.dat", content, "application/octet-stream")
    return Client(enforce_csrf_checks=True).post(path, {**(form or {}), "file": file}, headers=_by(secret, headers))


def ask(secret: str, path: str) -> Any:
    answer = Client().get(path, headers=_by(secret))
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def act(secret: str, path: str) -> Any:
    return Client(enforce_csrf_checks=True).post(path, {}, content_type="application/json", headers=_by(secret))


def _by(secret: str, more: dict[str, str] | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "Host": "localhost", **(more or {})}


def test_a_table_is_sent_looked_at_confirmed_and_followed(program: Program) -> None:
    codes = [make_product().code for _ in range(2)]
    table = [offer_row("A-1", codes[0]), offer_row("A-2", codes[1], "x"), offer_row("A-3", "NONE")]
    answer = send(program.catalogue, TABLES, as_xlsx(table))
    sent = answer.json()
    assert answer.status_code == 201, sent
    assert (sent["state"], sent["new"], sent["wrong"]) == ("checked", 1, 2)
    here = f"/api/v1/exchange/imports/{sent['id']}/"
    wrong = ask(program.catalogue, f"{here}rows/?outcome=wrong")
    assert [(one["number"], [fault["column"] for fault in one["faults"]]) for one in wrong] == [
        (3, ["price"]), (4, ["product_code"]),
    ]  # fmt: skip
    assert wrong[0]["values"]["price"] == "x"
    [right] = ask(program.catalogue, f"{here}rows/?outcome=new")
    assert (right["number"], right["values"]["sku"], right["faults"]) == (2, "A-1", [])
    assert [one["number"] for one in ask(program.catalogue, f"{here}rows/?after=2")] == [3, 4]
    assert Offer.objects.filter(supplier=program.seller.supplier).count() == 0
    done = act(program.catalogue, f"{here}confirm/").json()
    assert (done["state"], done["created"], done["for_review"]) == ("done", 1, 1)
    assert ask(program.catalogue, here)["state"] == "done"
    assert [one["id"] for one in ask(program.catalogue, "/api/v1/exchange/imports/")] == [sent["id"]]
    assert act(program.catalogue, f"{here}cancel/").status_code == 409
    stranger = token(make_seller(), "catalogue")
    for path in ("", "rows/"):
        assert Client().get(f"{here}{path}", headers=_by(stranger)).status_code == 404
    assert act(stranger, f"{here}confirm/").status_code == act(stranger, f"{here}cancel/").status_code == 404
    # What the region's staff exchange is no supplier's.
    assert send(program.catalogue, TABLES.replace("offers", "products"), as_csv([], "products")).status_code == 403
    assert Client().get(f"{here}rows/?outcome=x", headers=_by(program.catalogue)).status_code == 400


def test_a_picture_a_certificate_and_a_licence_come_in(program: Program) -> None:
    good = {"image": samples.png(side=200), "certificate": samples.pdf(), "licence": samples.pdf()}
    for door, (path, form) in program.doors.items():
        answer = send(program.papers, path, good[door], form)
        assert answer.status_code == 201, (door, answer.json())
    assert ProductImage.objects.get(alt="测试").place == 1
    certificate = ProductCertificate.objects.get(number="TEST-1")
    assert RegionFile.objects.get(key=certificate.file_key).organisation_id == program.seller.organisation.pk
    assert ApplicationDocument.objects.get().title == "营业执照"
    # The form's other fields are held to the same rules as JSON's.
    path, form = program.doors["licence"]
    for wrong, field in (({"surprise": "1"}, "surprise"), ({"kind": "x"}, "kind"), ({"expires_on": "x"}, "expires_on")):
        answer = send(program.papers, path, samples.pdf(), {**form, **wrong})
        assert (answer.status_code, sorted(answer.json()["errors"])) == (400, [field])
    assert send(program.papers, path, samples.pdf(), {**form, "title": "a\u202eb"}).json()["code"] == "malformed-input"


def test_the_same_key_keeps_the_same_file_once_and_no_other(program: Program) -> None:
    content = as_csv([offer_row("A-1", make_product().code)])
    first = send(program.catalogue, TABLES, content, **{"Idempotency-Key": "k1"})
    again = send(program.catalogue, TABLES, content, **{"Idempotency-Key": "k1"})
    assert first.status_code == 201
    assert (again.json(), again["Idempotent-Replay"]) == (first.json(), "true")
    other = send(program.catalogue, TABLES, content + b"\n", **{"Idempotency-Key": "k1"})
    assert other.status_code == 422
    assert Import.objects.count() == 1


def test_every_hostile_file_is_refused_by_api_too(program: Program, tmp_path: Path) -> None:
    """Where a person would be refused: real addresses, right forms, a token that may; only the file is wrong."""
    doors = {"table": (TABLES, {}), **program.doors}
    faults = []
    with admin() as connection:
        count = RowCounter(connection)
        # Ways in that were used once: what is noted of a token is not counted.
        send(program.catalogue, TABLES, b"")
        send(program.papers, program.doors["image"][0], b"")
        before = count()
        for door, (path, form) in doors.items():
            for label, content in hostile().items():
                answer = send(program.catalogue if door == "table" else program.papers, path, content, form)
                if answer.status_code != 400 or answer["Content-Type"] != "application/problem+json":
                    faults.append(f"{door}: {label}: {answer.status_code}")
        assert changed(before, count()) == ""
    assert faults == []
    assert kept(tmp_path / "files") == []


def test_requests_that_are_no_form_with_one_file_are_refused(program: Program) -> None:
    path, form = program.doors["image"]
    for content_type, body, status in (
        ("application/json", b"{}", 415), ("multipart/form-data", b"x", 400), ("text/csv", b"a,b", 415),
        ("multipart/form-data; boundary=x", b"--x\r\n", 400),
    ):  # fmt: skip
        answer = Client().generic("POST", path, body, content_type, headers=_by(program.papers))
        assert answer.status_code == status, (content_type, answer.content)
    headers, file = _by(program.papers), samples.png(side=200)
    two = {**form, "file": [SimpleUploadedFile("a.png", file), SimpleUploadedFile("b.png", file)]}
    for sent in (form, {**form, "other": SimpleUploadedFile("a.png", file)}, two):
        answer = Client().post(path, sent, headers=headers)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])
    assert ProductImage.objects.filter(alt="测试").count() == 0


def test_a_token_sends_only_what_its_scope_says_and_a_session_needs_its_proof(program: Program) -> None:
    path, form = program.doors["image"]
    assert send(program.catalogue, path, samples.png(side=200), form).status_code == 401
    assert send(program.papers, TABLES, as_csv([])).status_code == 401
    stranger = token(make_seller(), "papers")
    for door, (place, fields) in program.doors.items():
        content = samples.png(side=200) if door == "image" else samples.pdf()
        assert send(stranger, place, content, fields).status_code == 404, door
    browser = sign_in(Client(), program.seller.user)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    file = {**form, "file": SimpleUploadedFile("a.png", samples.png(side=200))}
    assert strict.post(path, file, headers={"Host": "localhost"}).json()["code"] == "csrf-failed"
    file["file"] = SimpleUploadedFile("a.png", samples.png(side=200))
    assert browser.post(path, file, headers={"Host": "localhost"}).status_code == 201
    sales = sign_in(Client(), make_seller(Post.SUPPLIER_SALES).user)
    answer = sales.post(TABLES, {"file": SimpleUploadedFile("t.csv", as_csv([]))}, headers={"Host": "localhost"})
    assert answer.status_code == 201
