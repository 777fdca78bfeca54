"""Answer and withdrawal of a bargain at the same moment, and two orders of one agreement: exactly one each."""

from __future__ import annotations

from kernel.clock import utc_now
from tenant_apps.bargains import services
from tenant_apps.bargains.models import Bargain, BargainMove
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenant_apps.supermarket.services import submit_cart
from tenants.database.context import region_as, tenant_selected
from tests.concurrency.test_fulfilment_races import at_once, refusals
from tests.factories.bargains import agreed, proposed
from tests.factories.orders import make_shop

ROUNDS = 5


def test_of_an_answer_and_a_withdrawal_at_once_one_counts() -> None:
    shop = make_shop()
    seller, clerk = shop.seller, shop.clerk
    ends = set()
    for _round in range(ROUNDS):
        with tenant_selected(shop.tenant), region_as("yz_mall"):
            one = proposed(shop)
        results = at_once(
            shop.tenant,
            lambda pk=one.pk: services.accept(actor=seller, bargain_id=pk, now=utc_now()),
            lambda pk=one.pk: services.withdraw(actor=clerk, bargain_id=pk, now=utc_now()),
        )
        assert [refusal.code for refusal in refusals(results)] == ["wrong-state"]
        with tenant_selected(shop.tenant):
            state = Bargain.objects.get(pk=one.pk).state
            ends.add(state)
            assert state in {"accepted", "withdrawn"}
            assert BargainMove.objects.filter(bargain_id=one.pk).count() == 2
            assert JournalEntry.objects.filter(object_type="bargain", object_id=str(one.pk)).count() == 2


def test_of_two_orders_of_one_agreement_one_is_made() -> None:
    shop = make_shop()
    clerk = shop.clerk
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        one = agreed(shop)
    checkout = shop.checkout("36.00", mode="bargain", bargain_id=one.pk)
    job = lambda: submit_cart(actor=clerk, checkout=checkout, now=utc_now())  # noqa: E731
    assert [refusal.code for refusal in refusals(at_once(shop.tenant, job, job))] == ["bargain-ordered"]
    with tenant_selected(shop.tenant):
        assert Order.objects.filter(bargain_id=one.pk).count() == 1
