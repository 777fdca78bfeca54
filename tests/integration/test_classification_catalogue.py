"""The catalogue from its files."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connections

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.problems import NotPermitted
from shared_apps.classification.models import CatalogueCategory, ItemCategory
from shared_apps.classification.selectors import attributes_of, catalogue, forget
from shared_apps.classification.services import load_catalogue
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as, region_atomic


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


def test_loading_twice_changes_nothing_and_is_journalled() -> None:
    first = load_catalogue(actor=SYSTEM, now=utc_now())
    assert load_catalogue(actor=SYSTEM, now=utc_now()) == first == (87, 12, 56)
    assert (ItemCategory.objects.count(), CatalogueCategory.objects.count()) == (87, 12)
    assert RegionJournalEntry.objects.filter(event="classification.catalogue_loaded").count() == 2
    with region_as("yz_mall"):
        assert [category.code for category in catalogue()][:2] == ["C-01", "C-02"]
        assert attributes_of(category_code="C-01")[0].name == "幅面"
    forget()


def test_a_stranger_does_not_load() -> None:
    with pytest.raises(NotPermitted):
        load_catalogue(actor=Actor(user_id=1, name="测试"), now=utc_now())
    assert ItemCategory.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "kind", "level", "constraint"),
    [
        ("D01000000", "goods", 1, "item_code_is_a_letter_and_digits"),
        ("B01000000", "goods", 1, "item_kind_follows_the_letter"),
        ("A01000000", "goods", 1, "item_without_parent_is_a_letter"),
    ],
)
def test_items_that_cannot_be(code: str, kind: str, level: int, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), region_atomic(), connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO classification_itemcategory (code, name, level, kind, source, verified) "
            "VALUES (%s, 'x', %s, %s, '', false)",
            [code, level, kind],
        )
