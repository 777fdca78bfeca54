"""Requirement sets: versions, and products held against them by one statement."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.clock import utc_now
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.products.models import ProfileCriterion
from shared_apps.products.profiles import ProfileChanged, ProfileExists, close_profile, profile_view, set_profile
from shared_apps.region_journal.models import RegionJournalEntry
from tests.factories.goods import make_product
from tests.factories.proposals import make_reviewer, make_seller

Row = dict[str, object]
SIZE: Row = {"key": "paper_size", "operator": "one_of", "value": "A4、A3", "is_mandatory": True}
GRAMS: Row = {"key": "grammage_gsm", "operator": "at_least", "value": "70", "is_mandatory": True}
WHITE: Row = {"key": "whiteness_percent", "operator": "at_least", "value": "92.5", "is_mandatory": False}


def test_products_match_by_their_attributes() -> None:
    good = make_product(attributes={"paper_size": "A4", "grammage_gsm": 70.0, "whiteness_percent": 93})
    plain = make_product(attributes={"paper_size": "A3", "grammage_gsm": 80})
    thin = make_product(attributes={"paper_size": "A4", "grammage_gsm": 69.9})
    odd = make_product(attributes={"paper_size": 4, "grammage_gsm": "80"})
    make_product(category="C-02")
    actor = make_reviewer()
    row = set_profile(
        actor=actor, category_code="C-01", title="复印纸基本要求", criteria=[SIZE, GRAMS, WHITE], now=utc_now()
    )
    view = profile_view(profile_id=row.pk)
    assert [(one.code, one.lacking) for one in view.matching] == [
        (good.code, ()), (plain.code, ("白度：不低于 92.5 %",)),
    ]  # fmt: skip
    assert {one.code: one.failed for one in view.others} == {
        thin.code: ("克重：不低于 70 克/平方米",), odd.code: ("幅面：A4、A3", "克重：不低于 70 克/平方米"),
    }  # fmt: skip
    assert (view.matching_count, view.others_count) == (2, 2)


def test_a_version_at_a_time() -> None:
    make_product()
    actor = make_reviewer()
    given: dict[str, Any] = {"actor": actor, "category_code": "C-01", "title": "要求", "now": utc_now()}
    row = set_profile(**given, criteria=[SIZE])
    with pytest.raises(ProfileExists):
        set_profile(**given, criteria=[SIZE])
    again = set_profile(**given, criteria=[GRAMS], profile_id=row.pk, version=1)
    assert (again.version, [one.key for one, _ in profile_view(profile_id=row.pk).criteria]) == (2, ["grammage_gsm"])
    with pytest.raises(ProfileChanged):
        set_profile(**given, criteria=[SIZE], profile_id=row.pk, version=1)
    assert ProfileCriterion.objects.filter(profile=row).count() == 2
    close_profile(actor=actor, profile_id=row.pk, version=2, now=utc_now())
    with pytest.raises(NotFound):
        set_profile(**given, criteria=[SIZE], profile_id=row.pk, version=2)
    events = RegionJournalEntry.objects.filter(event__startswith="products.profile_").order_by("pk")
    assert [one.event for one in events] == ["products.profile_set", "products.profile_set", "products.profile_closed"]


def test_what_is_wrong_is_named() -> None:
    make_product()
    rows: list[Row] = [
        {**SIZE, "key": "none"}, {**SIZE, "operator": "at_least"}, {**GRAMS, "value": "1e3"}, {**SIZE, "value": "、"},
        SIZE,
    ]  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        set_profile(actor=make_reviewer(), category_code="C-01", title="错", criteria=rows, now=utc_now())
    assert set(caught.value.errors) == {
        "criteria.0.key", "criteria.1.operator", "criteria.2.value", "criteria.3.value", "criteria.4.key",
    }  # fmt: skip
    with pytest.raises(NotPermitted):
        set_profile(actor=make_seller()[0], category_code="C-01", title="x", criteria=[SIZE], now=utc_now())
