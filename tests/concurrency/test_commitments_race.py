"""Two submissions that each fit under the limit of the year, and together do not; over real connections."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import DomainError
from tenant_apps.commitments.models import LedgerRow
from tenant_apps.orders.models import Order, OrderDecision
from tenant_apps.orders.services import placing
from tenant_apps.storefront.services import add_to_cart
from tenant_apps.supermarket.services import submit_cart
from tenants.database.context import region_as, tenant_selected
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of
from tests.factories.rules import verified_threshold

CLERKS = 6


@pytest.fixture
def shop() -> Shop:
    made = make_shop()
    verified_threshold(amount="100.00")
    return made


def jobs_of(shop: Shop, count: int) -> list[Callable[[], object]]:
    """Clerks of one unit, each with a cart of 60 yuan on the same budget item."""
    jobs: list[Callable[[], object]] = []
    for number in range(count):
        actor = actor_of(shop.hire(f"经办{number}", Post.BUYER_CLERK), shop.tenant)
        with tenant_selected(shop.tenant), region_as("yz_mall"):
            add_to_cart(actor=actor, unit_id=shop.unit_id, offer_id=shop.offer.pk, quantity=3, now=utc_now())
        jobs.append(lambda actor=actor: submit_cart(actor=actor, checkout=shop.checkout("60.00"), now=utc_now()))  # type: ignore[misc]
    return jobs


def together(shop: Shop, monkeypatch: pytest.MonkeyPatch, count: int) -> Counter[str]:
    """Everybody has read the ledger before anybody writes it."""
    jobs = jobs_of(shop, count)
    met, outcomes, lock = threading.Barrier(count, timeout=30), Counter[str](), threading.Lock()
    decide = placing.judged

    def judged(*arguments: Any, **named: Any) -> Any:
        judgement = decide(*arguments, **named)
        met.wait()
        return judgement

    monkeypatch.setattr(placing, "judged", judged)

    def work(job: Callable[[], object]) -> None:
        with tenant_selected(shop.tenant), region_as("yz_mall"):
            try:
                job()
                outcome = "done"
            except DomainError as refusal:
                outcome = refusal.code
        with lock:
            outcomes[outcome] += 1
        for connection in connections.all():
            connection.close_kept()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_of_several_at_once_only_what_fits_passes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert together(shop, monkeypatch, CLERKS) == {"done": 1, "rule-refused": CLERKS - 1}
    with tenant_selected(shop.tenant):
        assert LedgerRow.objects.get(order_id=0, month=0, item_code="").amount == Decimal("60.00")
        assert Order.objects.count() == 1
        # Whoever came second was refused with the sum that the first one left, and that is kept.
        refused = OrderDecision.objects.filter(order=None, rule="R-SPLIT-DECENTRALISED", allowed=False)
        assert refused.count() == CLERKS - 1
        assert {one.content["inputs"]["sums"][0]["before"] for one in refused} == {"60.00"}


def test_without_looking_again_all_would_pass(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock-off twin: who writes does not ask whether somebody wrote since."""
    commit = placing.ledger.commit

    def blind(**named: Any) -> None:
        commit(**named)

    monkeypatch.setattr(placing.ledger, "commit", blind)
    assert together(shop, monkeypatch, 2) == {"done": 2}
    with tenant_selected(shop.tenant):
        assert LedgerRow.objects.get(order_id=0, month=0, item_code="").amount == Decimal("120.00")
