"""Admission to the supplier library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotPermitted, WrongState
from shared_apps.region_files.services import open_file
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.demo_loader import load
from shared_apps.suppliers.models import Qualification, Supplier, SupplierApplication
from shared_apps.suppliers.rules import SUPPLIER_LIFECYCLE
from shared_apps.suppliers.selectors import list_suppliers, supplier_of_organisations
from shared_apps.suppliers.selectors.related import related_suppliers
from shared_apps.suppliers.services import (
    OrganisationTaken,
    SupplierExists,
    change_standing,
    link_organisation,
    register_supplier,
)
from tenants.database.context import region_as, region_atomic
from tests.factories.goods import make_supplier, valid_uscc
from tests.factories.suppliers import REGION


def register(uscc: str, actor: Actor = SYSTEM) -> Supplier:
    return register_supplier(
        actor=actor, uscc=uscc, name="测试供应商", division_code="650100", size="large", now=utc_now()
    )


@pytest.mark.parametrize(
    "uscc", ["", "91650100TEXT00001", valid_uscc(9001)[:-1] + "!", "0" * 18, "９" * 18, valid_uscc(9001) + "\n"]
)
def test_a_wrong_credit_code_is_refused(uscc: str) -> None:
    with pytest.raises(InvalidInput):
        register(uscc)
    assert Supplier.objects.count() == 0


def test_the_check_digit_is_verified() -> None:
    right = valid_uscc(9002)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    with pytest.raises(InvalidInput):
        register(wrong)
    assert register(right.lower()).uscc == right
    with pytest.raises(SupplierExists):
        register(right)


def test_standing_moves_by_the_table_with_one_row_each() -> None:
    supplier = register(valid_uscc(9003))
    before = RegionJournalEntry.objects.count()
    actor = Actor(user_id=1, name="测试", held=(HeldPost(Post.REGION_SUPERVISOR, 1),))
    for action in ("admit", "suspend", "reinstate", "remove"):
        change_standing(actor=actor, supplier_id=supplier.pk, action=action, reason="依据文书", now=utc_now())
    assert RegionJournalEntry.objects.count() == before + 4
    with pytest.raises(WrongState):
        change_standing(actor=actor, supplier_id=supplier.pk, action="admit", reason="", now=utc_now())
    with pytest.raises(NotPermitted):
        register(valid_uscc(9004), Actor(user_id=2, name="测试", held=(HeldPost(Post.SUPPLIER_ADMIN, 2),)))
    assert sum(can for _s, _a, can in SUPPLIER_LIFECYCLE.product()) == 6


def test_an_organisation_is_linked_once() -> None:
    supplier = make_supplier()
    link_organisation(actor=SYSTEM, supplier_id=supplier.pk, organisation_id=81, now=utc_now())
    with region_as("yz_mall"):
        assert [one.id for one in supplier_of_organisations(organisation_ids=[81])] == [supplier.pk]
    other = make_supplier()
    with pytest.raises(OrganisationTaken):
        link_organisation(actor=SYSTEM, supplier_id=other.pk, organisation_id=81, now=utc_now())


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("uscc", "91650100OISVZ00001", "supplier_uscc_form"),
        ("standing", "good", "supplier_standing_known"),
        ("is_sme", False, "supplier_sme_follows_size"),
    ],
)
def test_suppliers_that_cannot_be(column: str, value: object, constraint: str) -> None:
    supplier = make_supplier(size="small")
    with (
        pytest.raises(IntegrityError, match=constraint),
        region_atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE suppliers_supplier SET {column} = %s WHERE id = %s", [value, supplier.pk])


def test_the_demonstration_loads_twice_alike(settings: Any, tmp_path: Path) -> None:
    settings.YZ_FILES_DIR = tmp_path / "files"
    assert load(utc_now()) == 20
    papers = Qualification.objects.values_list("kind", flat=True)
    assert sorted(papers) == ["certificate", *["licence"] * 20]
    file, content = open_file(actor=REGION, key=Qualification.objects.filter(kind="licence")[0].file_key)
    assert (file.name, content[:5]) == ("营业执照（演示）.pdf", b"%PDF-")
    assert [group.shown for group in related_suppliers(actor=SYSTEM)] == ["演示投资有限公司"]
    one = Supplier.objects.get(name__contains="楼兰")
    assert one.standing == "suspended"
    change_standing(actor=SYSTEM, supplier_id=one.pk, action="reinstate", reason="", now=utc_now())
    load(utc_now())
    assert Supplier.objects.count() == 20
    assert Supplier.objects.get(pk=one.pk).standing == "admitted"
    assert len(list_suppliers(text="楼兰").suppliers) == 1
    assert Qualification.objects.count() == 21
    assert sorted(SupplierApplication.objects.values_list("state", flat=True)) == ["submitted", "vetted"]
