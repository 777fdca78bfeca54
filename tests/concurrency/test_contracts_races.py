"""Several act on one contract at the same moment: one draft, one signature a side, one state in the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.contracts.models import Contract, ContractDocument, ContractVersion, Signature, SimulatedSignature
from tenant_apps.contracts.services import drafting, signing
from tenant_apps.contracts.simulator import SimulatedSigner
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import region_as, tenant_selected
from tests.concurrency.test_fulfilment_races import at_once, refusals
from tests.factories import contracts as made
from tests.factories import fulfilment
from tests.factories.orders import Shop, make_shop


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    kept_world()
    return shop


@pytest.fixture
def shop(kept_shop: Shop) -> Shop:
    for post in (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.SUPPLIER_SALES):
        kept_shop.actor(post)
    return kept_shop


def test_two_drafts_and_two_offers_at_once_leave_one(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        order = fulfilment.accepted(shop)
    drafts = at_once(shop.tenant, *[lambda: made.drafted(shop, order)] * 3)
    assert len(refusals(drafts)) == 2
    with tenant_selected(shop.tenant):
        row = ContractVersion.objects.get()
        assert Contract.objects.count() == 1
    offers = at_once(shop.tenant, *[lambda: made.offer(shop, row)] * 3)
    assert len(refusals(offers)) == 2
    with tenant_selected(shop.tenant):
        assert ContractDocument.objects.count() == 1
        assert JournalEntry.objects.filter(event="contracts.offered").count() == 1


def test_both_sides_sign_and_several_workers_follow_at_once(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        row = made.offered(shop, fulfilment.accepted(shop))
    asks = at_once(
        shop.tenant,
        *[
            lambda actor=actor: signing.ask_to_sign(  # type: ignore[misc]
                actor=actor, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now()
            )
            for actor in (shop.seller, shop.seller, shop.approver, shop.approver)
        ],
    )
    assert len(refusals(asks)) == 2
    for step in range(4):
        moment = utc_now() + timedelta(seconds=1 + 20 * step)
        worked = at_once(
            shop.tenant,
            *[
                lambda moment=moment: signing.follow_due(  # type: ignore[misc]
                    now=moment, provider=SimulatedSigner(clock=lambda: moment)
                )
            ]
            * 3,
        )
        assert not refusals(worked)
    with tenant_selected(shop.tenant):
        assert made.again(row).state == "signed"
        assert sorted(Signature.objects.values_list("side", "state")) == [("buyer", "signed"), ("supplier", "signed")]
        assert SimulatedSignature.objects.count() == 2
        for event in ("contracts.part_signed", "contracts.signed", "orders.contract_signed"):
            assert JournalEntry.objects.filter(event=event).count() == 1


def test_withdrawing_and_the_last_signature_at_once_leave_one(shop: Shop) -> None:
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        row = made.part_signed(shop, fulfilment.accepted(shop))
        signing.ask_to_sign(actor=shop.approver, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())
        first = utc_now() + timedelta(seconds=1)
        signing.follow_due(now=first, provider=SimulatedSigner(clock=lambda: first))
    later = utc_now() + timedelta(seconds=60)
    results = at_once(
        shop.tenant,
        lambda: drafting.withdraw(actor=shop.seller, version_id=row.pk, reason="不再供货", now=utc_now()),
        lambda: signing.follow_due(now=later, provider=SimulatedSigner(clock=lambda: later)),
    )
    with tenant_selected(shop.tenant):
        state = made.again(row).state
        signed = Signature.objects.get(side="buyer").state
    assert (state, signed, len(refusals(results))) in {("withdrawn", "lapsed", 0), ("signed", "signed", 1)}
