"""Exception documents and canteen food, for tests that look at every page or every address."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.actor import Actor
from kernel.clock import fiscal_year, local_date, utc_now
from tenant_apps.commitments import services
from tests.factories.files import pdf


@dataclass(frozen=True)
class Made:
    exception_id: int
    purchase_id: int


def make_policy_papers(*, clerk: Actor, unit_id: int, marker: str = "", item: str = "办公用品购置") -> Made:
    """In the selected tenant: a document that waits for the bureau, a declaration and a purchase reported."""
    now = utc_now()
    exception = services.file_exception(
        actor=clerk, unit_id=unit_id, fiscal_year=fiscal_year(now), budget_item=f"{marker}{item}", code="A05040100",
        kind="budget_adjusted", up_to=Decimal("500000.00"), document_number=f"{marker}县财预〔2026〕8号",
        document_on=local_date(now), reason=f"{marker}年中追加预算", file_name=f"{marker}批复.pdf", content=pdf(),
        now=now,
    )  # fmt: skip
    services.declare_food(
        actor=clerk, unit_id=unit_id, fiscal_year=fiscal_year(now), has_canteen=True,
        food_planned=Decimal("20000.00"), now=now,
    )  # fmt: skip
    purchase = services.report_relief(
        actor=clerk, unit_id=unit_id, bought_on=local_date(now), amount=Decimal("1500.00"),
        receipt_number=f"{marker}832-0001", note=f"{marker}大米", now=now,
    )  # fmt: skip
    return Made(exception.pk, purchase.pk)


def pages_of(made: Made, unit_id: int) -> dict[str, list[str]]:
    """Addresses by route name."""
    asked = "item=A05040101&supplier_size=small&budget_item=办公用品购置"
    return {
        "commitments:sums": ["/commitments/", "/commitments/?year=2031"],
        "commitments:exceptions": ["/commitments/exceptions/", "/commitments/exceptions/?state=refused"],
        "commitments:exception": [f"/commitments/exceptions/{made.exception_id}/"],
        "policies:what_if": ["/bureau/what-if/", f"/bureau/what-if/?amount=400000&unit={unit_id}&{asked}"],
    }
