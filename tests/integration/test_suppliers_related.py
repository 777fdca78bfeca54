"""Suppliers that may belong together, in one statement; shown to supervisors only."""

from __future__ import annotations

from django.db import connections
from django.test.utils import CaptureQueriesContext

from kernel.actor import Actor, HeldPost
from kernel.posts import Post
from shared_apps.suppliers.models import Shareholder, Supplier
from shared_apps.suppliers.rules import name_key
from shared_apps.suppliers.selectors.related import related_suppliers
from shared_apps.suppliers.services.rows import set_keys
from tenants.database.context import REGION_ALIAS
from tests.factories.goods import make_supplier
from tests.factories.suppliers import REGION


def supplier(representative: str, address: str, phone: str, *shareholders: str) -> Supplier:
    row = make_supplier()
    row.legal_representative, row.address, row.phone = representative, address, phone
    set_keys(row).save()
    for name in shareholders:
        Shareholder.objects.create(supplier=row, name=name, key=name_key(name))
    return row


def found(*, supplier_id: int = 0, tie: str = "") -> list[tuple[str, list[int]]]:
    groups = related_suppliers(actor=REGION, tie=tie, supplier_id=supplier_id)
    return sorted((str(group.tie), [one.id for one in group.suppliers]) for group in groups)


def test_ties_are_found_whatever_the_spelling() -> None:
    one = supplier("阿里木", "新疆喀什市人民路1号", "+86 13900000001", "测试投资（集团）")
    two = supplier("阿里·木", "喀什市人民路１号", "13900000002", "王五")
    three = supplier("王五", "和田市1号", "139-0000-0001", "测试投资(集团)")
    alone = supplier("赵六", "和田市2号", "13900000009")
    assert found() == [
        ("address", [one.pk, two.pk]),
        ("phone", [one.pk, three.pk]),
        ("representative", [one.pk, two.pk]),
        # The same shareholder, and a shareholder of one who leads another.
        ("shareholder", [one.pk, three.pk]),
        ("shareholder", [two.pk, three.pk]),
    ]
    assert found(tie="phone") == [("phone", [one.pk, three.pk])]
    assert found(supplier_id=two.pk) == [
        ("address", [one.pk, two.pk]),
        ("representative", [one.pk, two.pk]),
        ("shareholder", [two.pk, three.pk]),
    ]
    assert found(supplier_id=alone.pk) == []


def test_nothing_is_no_tie() -> None:
    supplier("", "", "")
    supplier("", "——", "")
    assert found() == []


def test_one_statement_and_supervisors_only() -> None:
    supplier("阿里木", "一号", "1")
    supplier("阿里木", "二号", "2")
    with CaptureQueriesContext(connections[REGION_ALIAS]) as asked:
        assert len(found()) == 1
    assert len(asked) == 1
    for post in (Post.SUPPLIER_ADMIN, Post.CPB_OPERATOR, Post.PLATFORM_OPERATOR):
        assert related_suppliers(actor=Actor(user_id=1, name="x", held=(HeldPost(post, 1),))) == []
