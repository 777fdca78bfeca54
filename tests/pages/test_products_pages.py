"""The library's pages: a supplier proposes with certificate and picture, a reviewer decides; what strangers get."""

from __future__ import annotations

import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.products.models import Product, ProductCertificate, ProductImage
from tests.factories import files as samples
from tests.factories.goods import make_catalogue, make_product, make_supplier
from tests.factories.people import join, make_organisation, make_user, sign_in

FORM = {
    "category_code": "C-01", "brand": "云杉", "brand_owner": "测试厂", "name": "复印纸", "model": "YS-A4",
    "spec": "70克", "unit": "包", "vat_rate": "0.13", "attr_paper_size": "A4", "attr_grammage_gsm": "70",
}  # fmt: skip


def picture(side: int = 240, *, note: bytes = b"GPS 43.8 87.6") -> bytes:
    """A whole PNG with a text chunk that must not be kept."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + b"\x7f" * side) * side)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"tEXt", b"Comment\0" + note), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def seller(room: None) -> Client:
    make_catalogue()
    organisation = make_organisation(OrganisationKind.SUPPLIER)
    make_supplier(organisation_id=organisation.pk)
    user = make_user(name="测试销售")
    join(user, organisation, [Post.SUPPLIER_SALES])
    return sign_in(Client(), user)


@pytest.fixture
def reviewer(room: None) -> Client:
    user = make_user(name="测试审核")
    join(user, make_organisation("region_finance"), [Post.REGION_SUPERVISOR])
    return sign_in(Client(), user)


def test_from_the_proposal_to_the_library(seller: Client, reviewer: Client) -> None:
    assert "复印纸" in seller.get("/supplier/products/new/").content.decode()
    assert "幅面" in seller.get("/supplier/products/new/?category=C-01").content.decode()
    wrong = seller.post("/supplier/products/new/", {**FORM, "attr_grammage_gsm": "七十"})
    assert (wrong.status_code, Product.objects.count()) == (400, 0)
    assert "克重：请用数字填写" in wrong.content.decode()
    answer = seller.post("/supplier/products/new/", FORM)
    product = Product.objects.get()
    here = f"/supplier/products/{product.code}/"
    assert (answer.status_code, answer["Location"]) == (303, here)

    today = local_date(utc_now())
    paper = {
        "label": "energy", "number": "CQC-TEST-9", "body": "测试认证机构", "valid_from": today.isoformat(),
        "expires_on": (today + timedelta(days=90)).isoformat(), "file": upload("证书.pdf", samples.pdf("x")),
    }  # fmt: skip
    assert seller.post(f"{here}certificates/", paper).status_code == 303
    image = {"alt": "纸包正面", "file": upload("a.png", picture())}
    assert seller.post(f"{here}images/", image).status_code == 303
    address = f"/pictures/{product.code}/1/"
    assert Client(HTTP_HOST="localhost").get(address).status_code == 404
    assert seller.get(address)["Cache-Control"] == "private, no-store"
    assert "纸包正面" in seller.get(here).content.decode()

    queue = reviewer.get("/library/review/products/").content.decode()
    assert "云杉 复印纸 70克" in queue
    assert reviewer.get("/library/review/products/badge/").content == b"4"
    spu = product.spu
    assert spu is not None
    first = reviewer.post(
        f"/library/review/products/product/{product.pk}/decide/", {"action": "approve", "version": "2"}
    )
    assert first.status_code == 409
    certificate = ProductCertificate.objects.get()
    things = [
        ("brand", spu.brand_id, 1),
        ("spu", spu.pk, 1),
        ("product", product.pk, 2),
        ("certificate", certificate.pk, 1),
    ]
    for subject, pk, version in things:
        assert "通过" in reviewer.get(f"/library/review/products/{subject}/{pk}/").content.decode()
        path = f"/library/review/products/{subject}/{pk}/decide/"
        assert reviewer.post(path, {"action": "approve", "version": version}).status_code == 303
    product.refresh_from_db()
    assert (product.state, product.labels) == ("listed", ["energy"])
    shown = Client(HTTP_HOST="localhost").get(f"{address}?v={ProductImage.objects.get().pk}")
    assert shown["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"GPS" not in shown.content
    again = Client(HTTP_HOST="localhost").get(address, headers={"If-None-Match": shown["ETag"]})
    assert again.status_code == 304
    in_a_mall = Client(HTTP_HOST="990001.localhost").get(address)
    assert (in_a_mall.status_code, in_a_mall.content) == (200, shown.content)


WRONG_PICTURES = (
    (picture(100), "至少 200 像素"),
    (picture()[:-20], "损坏"),
    (b"", "空"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
    (samples.pdf("x"), ""),
    (picture() + b"<script>", ""),
    (picture(note=b"<html>"), ""),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * (3 * 1024 * 1024), "3 兆"),
    (samples.jpeg(), "至少 200 像素"),
)


def test_what_is_no_picture_is_refused(seller: Client) -> None:
    seller.post("/supplier/products/new/", FORM)
    path = f"/supplier/products/{Product.objects.get().code}/images/"
    for content, words in WRONG_PICTURES:
        answer = seller.post(path, {"alt": "图", "file": upload("a.png", content)})
        assert (answer.status_code, words in answer.content.decode()) == (400, True), (content[:20], words)
    assert seller.post(path, {"alt": " ", "file": upload("a.png", picture())}).status_code == 400
    assert seller.post(path, {"alt": "图"}).status_code == 400
    assert not ProductImage.objects.exists()


def test_strangers_find_nothing(seller: Client, reviewer: Client) -> None:
    seller.post("/supplier/products/new/", FORM)
    product = Product.objects.get()
    stranger = make_user(name="测试旁人")
    organisation = make_organisation(OrganisationKind.SUPPLIER)
    make_supplier(organisation_id=organisation.pk)
    join(stranger, organisation, [Post.SUPPLIER_ADMIN])
    client = sign_in(Client(), stranger)
    for path in ("", "edit/"):
        assert client.get(f"/supplier/products/{product.code}/{path}").status_code == 404
    assert client.post(f"/supplier/products/{product.code}/withdraw/").status_code == 404
    assert client.get("/library/review/products/").status_code == 403
    assert reviewer.get("/supplier/products/").status_code == 403
    assert reviewer.get("/library/review/products/other/1/").status_code == 404
    assert seller.post(f"/supplier/products/{product.code}/withdraw/").status_code == 303


def test_a_reviewer_merges(reviewer: Client) -> None:
    old, into = make_product(), make_product()
    path = f"/library/review/products/{old.pk}/merge/"
    wrong = reviewer.post(path, {"into_code": "NONE", "version": old.version, "reason": "同款"})
    assert "只能并入" in wrong.content.decode()
    assert reviewer.post(path, {"into_code": into.code, "version": old.version, "reason": "同款"}).status_code == 303
    old.refresh_from_db()
    assert old.state == "merged"


def test_the_public_page_of_a_product(room: None) -> None:
    first = make_product(labels=["energy"], attributes={"paper_size": "A4"})
    public = Client(HTTP_HOST="localhost")
    html = public.get(f"/library/products/{first.code}/").content.decode()
    for text in ("A4", f"TEST-energy-{int(first.code[1:])}", "节能产品", first.model):
        assert text in html
    ProductCertificate.objects.update(expires_on=local_date(utc_now()) - timedelta(days=1))
    assert "节能产品" not in public.get(f"/library/products/{first.code}/").content.decode()
    spu = Product.objects.select_related("spu__brand").get(pk=first.pk).spu
    assert spu is not None
    assert first.title in public.get(f"/library/brands/{spu.brand_id}/").content.decode()
    assert public.get("/library/brands/999999/").status_code == 404
    table = public.get("/library/products.csv?category=C-01").content.decode()
    assert table.startswith("\ufeff商品编号")
    assert first.code in table
    found = public.get(f"/api/v1/library/products/{first.code}/").json()
    assert (found["labels"], found["certificates"], found["state"]) == ([], [], "listed")


def test_proposals_are_not_public_and_merged_ones_lead_on(seller: Client, reviewer: Client) -> None:
    seller.post("/supplier/products/new/", FORM)
    product, into = Product.objects.get(), make_product()
    public = Client(HTTP_HOST="localhost")
    assert public.get(f"/library/products/{product.code}/").status_code == 404
    assert product.code not in public.get("/library/products/").content.decode()
    path = f"/library/review/products/{product.pk}/merge/"
    assert reviewer.post(path, {"into_code": into.code, "version": 1, "reason": "同款"}).status_code == 303
    moved = public.get(f"/library/products/{product.code}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/library/products/{into.code}/")
    assert public.get(f"/api/v1/library/products/{product.code}/").json()["code"] == into.code
