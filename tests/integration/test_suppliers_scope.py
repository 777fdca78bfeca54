"""The licensed scope: applied for, vetted, admitted, changed under review, and what an offer outside of it meets."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kernel.clock import local_date, utc_now
from kernel.problems import InvalidInput
from shared_apps.listings.models import OfferReview
from shared_apps.listings.services import deciding, settings
from shared_apps.listings.services.deciding import FindingsBlock
from shared_apps.suppliers import services
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.selectors.queue import view_of
from tenants.database.context import region_as
from tests.factories import suppliers as made
from tests.factories.goods import make_catalogue, make_product
from tests.factories.listings import submitted
from tests.integration.test_listings_reviews import ONE, OTHER


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path, room: None) -> None:
    settings.YZ_FILES_DIR = tmp_path / "files"
    make_catalogue()


def figure(value: int) -> None:
    with region_as("yz_region"):
        settings.enter_parameter(
            actor=OTHER, name="licensed_scope", value=D(value), valid_from=local_date(utc_now()), source="测试文件",
            now=utc_now(),
        )  # fmt: skip


def test_a_scope_is_applied_for_vetted_and_changed_only_by_review() -> None:
    with pytest.raises(InvalidInput):
        made.draft(scope=["C-01", "C-99"])
    supplier, owner = made.admitted(scope=["C-02", "C-01", "C-01"])
    assert supplier.scope == ["C-01", "C-02"]
    page = Client(HTTP_HOST="localhost").get(f"/library/suppliers/{supplier.pk}/").content.decode()
    assert "经营范围" in page
    assert Client(HTTP_HOST="localhost").get(f"/api/v1/library/suppliers/{supplier.pk}/").json()["sections"][
        "scope"
    ] == ["C-01", "C-02"]
    with region_as("yz_region"):
        row = services.begin_change(actor=owner, supplier_id=supplier.pk, now=utc_now())
        assert row.scope == ["C-01", "C-02"]
        content = made.content(scope=["C-01", "C-03"])
        services.save_application(actor=owner, application_id=row.pk, content=content, now=utc_now())
        row = services.submit_application(actor=owner, application_id=row.pk, now=utc_now())
        assert ("scope", "C-01,C-02", "C-01,C-03") in view_of(row).differences
    assert Supplier.objects.get().scope == ["C-01", "C-02"], "until somebody has looked"
    made.approved(made.passed(row))
    assert Supplier.objects.get().scope == ["C-01", "C-03"]


def test_an_offer_outside_of_the_scope_is_the_region_s_to_judge() -> None:
    supplier, owner = made.admitted(scope=["C-02"])
    silent, other = made.admitted(uscc=made.next_code())

    def found(seller: Any, supplier_id: int, title: str) -> list[tuple[str, str]]:
        make_product()
        review = submitted(seller, supplier_id, title=title)
        return [(one["code"], one["severity"]) for one in review.findings if one["code"] == "licensed_scope"]

    assert found(owner, supplier.pk, "甲") == [], "off until the region says so"
    figure(1)
    assert found(owner, supplier.pk, "乙") == [("licensed_scope", "warn")]
    figure(2)
    assert found(owner, supplier.pk, "丙") == [("licensed_scope", "block")]
    assert found(other, silent.pk, "丁") == [("licensed_scope", "warn")], "it never said what it deals in"
    review = OfferReview.objects.filter(offer__supplier=supplier).earliest("pk")
    with region_as("yz_region"), pytest.raises(FindingsBlock):
        deciding.decide_review(actor=ONE, review_id=review.pk, approve=True, reason="", now=utc_now())
    Supplier.objects.filter(pk=supplier.pk).update(scope=["C-01", "C-02"])
    with region_as("yz_region"):
        deciding.decide_review(actor=ONE, review_id=review.pk, approve=True, reason="", now=utc_now())
