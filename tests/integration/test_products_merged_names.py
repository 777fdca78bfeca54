"""Two names of one brand, or of one model, become one: everything moves, and the old name still finds it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.test import Client

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted, WrongState
from shared_apps.products.library import brand_record, list_products
from shared_apps.products.models import Brand, Product, Spu
from shared_apps.products.read_models import SearchQuery, ShelfView
from shared_apps.products.selectors import search
from shared_apps.products.services import ProductDuplicate, add_product
from shared_apps.products.services.merging_names import (
    MergeChanged,
    NamesNotMergeable,
    concerned_by,
    merge_brand,
    merge_spu,
)
from shared_apps.products.services.proposing import propose_product
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as, region_atomic
from tests.factories.goods import make_catalogue, make_offer, make_product, make_supplier
from tests.factories.people import join, make_organisation, make_user, sign_in
from tests.factories.proposals import content, make_seller

KEEPER = Actor(9, "测试管理员", None, (), (HeldPost(Post.REGION_SUPERVISOR, 1),))
BODY = Actor(8, "测试审核员", None, (), (HeldPost(Post.CPB_OPERATOR, 1),))


def brand(name: str) -> Brand:
    return Brand.objects.get(name=name)


def added(code: str, *, name: str = "纸", model: str, spec: str = "", of: str) -> Product:
    make_catalogue()
    with region_as("yz_region"):
        return add_product(
            actor=SYSTEM, code=code, title=f"{of} {name} {spec}".strip(), brand=of, name=name, model=model, spec=spec,
            unit="包", category_code="C-01", vat_rate=0, now=utc_now(),
        )  # fmt: skip


def merge(old: str, into: str, *, products: int, actor: Actor = KEEPER, reason: str = "同一品牌") -> Brand:
    with region_as("yz_region"):
        row = brand(old)
        return merge_brand(
            actor=actor, brand_id=row.pk, version=row.version, into=into, products=products, reason=reason,
            now=utc_now(),
        )  # fmt: skip


def codes(text: str) -> set[str]:
    with region_as("yz_mall"):
        shelf = ShelfView(frozenset({"C-01"}), frozenset(), "653101")
        found = {item.code for item in search(query=SearchQuery(text=text), shelf=shelf).items}
    assert found == {one.code for one in list_products(text=text).products if one.offers}
    return found


def test_products_and_models_move_and_the_old_name_finds_them() -> None:
    here = added("A1", model="TS-1", of="天峰")
    same = added("B1", model="TS-1", spec="500张", of="天峰牌")
    twin = added("B2", model="TS-1", of="天峰牌")
    other = added("B3", model="TS-9", of="天峰牌")
    supplier = make_supplier()
    for product in (here, same, other):
        make_offer(product, supplier)
    with region_as("yz_region"):
        asked = concerned_by(subject="brand", subject_id=brand("天峰牌").pk)
    assert (asked.products, asked.spus, asked.suppliers) == (3, 2, 1)
    stays = merge("天峰牌", "天峰", products=3)
    assert stays.name == "天峰"
    same.refresh_from_db()
    assert (same.brand, same.title, same.spu_id) == ("天峰", "天峰 纸 500张", here.spu_id)
    assert Product.objects.get(code="B2").identity_key is None, "a duplicate now, to be merged by a person"
    assert Product.objects.get(code="B3").spu.brand_id == stays.pk
    old = Brand.objects.get(name="天峰牌")
    assert (old.state, old.merged_into_id) == ("merged", stays.pk)
    assert codes("天峰牌") == {"B1", "B3"}
    assert codes("天峰") == {"A1", "B1", "B3"}
    record = brand_record(brand_id=old.pk)
    assert (record.id, record.aliases) == (stays.pk, ("天峰牌",))
    [row] = RegionJournalEntry.objects.filter(event="products.brand_merged")
    assert (row.facts["products"], row.facts["unkeyed"], row.facts["suppliers"]) == (3, [twin.code], [supplier.uscc])
    assert (row.facts["spus_moved"], row.facts["spus_merged"]) == (1, 1)


def test_who_adds_under_the_old_name_gets_the_one_that_stays() -> None:
    added("A1", model="TS-1", of="天峰")
    added("B1", model="TS-2", of="天峰牌")
    merge("天峰牌", "天峰", products=1)
    with pytest.raises(ProductDuplicate):
        added("B2", model="TS-1", of="天峰牌")
    later = added("B3", model="TS-3", of="天峰牌")
    assert (later.brand, later.spu.brand.name if later.spu else "") == ("天峰", "天峰")
    make_offer(later)
    assert codes("天峰牌") == {"B3"}
    seller, supplier_id = make_seller()
    with region_as("yz_region"):
        said = content(brand="天峰牌", model="TS-4")
        proposed = propose_product(actor=seller, supplier_id=supplier_id, content=said, now=utc_now())
    assert proposed.brand == "天峰"
    # A third name: whoever leads to the second leads on to the third.
    added("C1", model="TS-8", of="天峰纸业")
    merge("天峰", "天峰纸业", products=4)
    assert set(Brand.objects.filter(state="merged").values_list("merged_into__name", flat=True)) == {"天峰纸业"}
    assert added("B5", model="TS-5", of="天峰牌").brand == "天峰纸业"


def test_two_models_of_one_brand() -> None:
    first, second = added("A1", model="TS-1", of="天峰"), added("A2", model="TS1000", spec="A4", of="天峰")
    spu = Spu.objects.get(pk=second.spu_id)
    make_offer(second)

    def call(**more: Any) -> Spu:
        values = {"actor": KEEPER, "version": spu.version, "into": "ts-1", "products": 1, "reason": "同一型号"}
        with region_as("yz_region"):
            return merge_spu(spu_id=spu.pk, now=utc_now(), **{**values, **more})

    with pytest.raises(MergeChanged):
        call(products=2)
    with pytest.raises(InvalidInput):
        call(into="没有")
    assert call().pk == first.spu_id
    second.refresh_from_db()
    assert (second.model, second.spu_id) == ("TS-1", first.spu_id)
    assert codes("TS1000") == {"A2"}
    assert added("A3", model="TS1000", spec="A3", of="天峰").spu_id == first.spu_id


def test_what_cannot_be_merged_and_who_may_not() -> None:
    added("A1", model="TS-1", of="天峰")
    make_product(category="C-02", brand="天峰牌", code="B1")
    Spu.objects.filter(brand__name="天峰牌").update(model_key="ts1")
    with pytest.raises(NamesNotMergeable):
        merge("天峰牌", "天峰", products=1)
    with pytest.raises(NamesNotMergeable):
        merge("天峰", "天峰", products=1)
    for wrong in ({"products": 7}, {"reason": " "}, {"actor": BODY}):
        with pytest.raises((MergeChanged, InvalidInput, NotPermitted)):
            merge("天峰牌", "天峰", **{"products": 1, **wrong})  # type: ignore[arg-type]
    assert set(Brand.objects.values_list("state", flat=True)) == {"approved"}
    Brand.objects.filter(name="天峰牌").update(state="returned")
    with pytest.raises(WrongState):
        merge("天峰牌", "天峰", products=1)
    for table in ("brand", "spu"):
        with region_as("yz_owner"), pytest.raises(IntegrityError), connections["default"].cursor() as cursor:
            cursor.execute(f"UPDATE products_{table} SET state = 'merged'")


@pytest.mark.parametrize("proposed", [False, True], ids=["added", "proposed"])
def test_a_product_that_comes_meanwhile_is_not_left_under_the_old_name(proposed: bool) -> None:
    """Whoever comes first, the other waits: the product moves along, or is made under the name that stays."""
    added("A1", model="TS-1", of="天峰")
    added("B1", model="TS-2", of="天峰牌")
    seller, supplier_id = make_seller()
    held, go = threading.Event(), threading.Event()
    problems: list[BaseException] = []

    def adding() -> None:
        try:
            with region_as("yz_region"), region_atomic():
                if proposed:
                    said = content(brand="天峰牌", model="TS-3")
                    propose_product(actor=seller, supplier_id=supplier_id, content=said, now=utc_now())
                else:
                    added("B2", model="TS-3", of="天峰牌")
                held.set()
                go.wait(20)
        except BaseException as error:  # noqa: BLE001 - told by the test itself
            problems.append(error)
            held.set()
        finally:
            for connection in connections.all():
                connection.close_kept()  # type: ignore[attr-defined]

    worker = threading.Thread(target=adding)
    worker.start()
    assert held.wait(20)
    threading.Timer(0.5, go.set).start()
    with pytest.raises(MergeChanged):
        # It waits for the product, and then there is one more than was read.
        merge("天峰牌", "天峰", products=1)
    worker.join(20)
    assert not problems
    merge("天峰牌", "天峰", products=2)
    assert not Product.objects.filter(brand="天峰牌").exists()
    assert not Product.objects.filter(spu__brand__name="天峰牌").exists()


def test_the_page_names_the_numbers_and_the_api_takes_them() -> None:
    added("A1", model="TS-1", of="天峰")
    make_offer(added("B1", model="TS-2", of="天峰牌"))
    added("C1", model="TS-3", of="天峰纸业")
    keeper, body = make_user(), make_user()
    join(keeper, make_organisation("region_finance"), [Post.REGION_SUPERVISOR])
    join(body, make_organisation("central_purchasing_body", None, "测试采购中心", "990001"), [Post.CPB_OPERATOR])
    staff, other = sign_in(Client(HTTP_HOST="localhost"), keeper), sign_in(Client(HTTP_HOST="localhost"), body)
    old = brand("天峰牌")
    page = f"/library/review/products/brand/{old.pk}/"
    shown = staff.get(page).content.decode()
    assert "涉及 1 个型号的 1 个商品，共 1 家供应商在报价" in shown
    assert "并入其他品牌" not in other.get(page).content.decode()
    sent = {"into": "天峰", "version": old.version, "products": 1, "reason": "同一品牌"}
    assert other.post(f"{page}merge/", sent).status_code == 403
    assert staff.post(f"{page}merge/", {**sent, "into": "没有"}).status_code == 400
    assert staff.post(f"{page}merge/", sent).status_code == 303
    third = brand("天峰纸业")
    path = f"/api/v1/library/review/products/brand/{third.pk}/merge/"
    answer = staff.post(path, {**sent, "version": third.version}, content_type="application/json")
    assert answer.json()["id"] == brand("天峰").pk
    assert "天峰牌、天峰纸业" in staff.get(f"/library/brands/{brand('天峰').pk}/").content.decode()
