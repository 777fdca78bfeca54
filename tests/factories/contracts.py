"""Contracts made through the services; the caller has the tenant selected."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.clock import utc_now
from tenant_apps.contracts.models import ContractVersion
from tenant_apps.contracts.services import drafting, publishing, signing
from tenant_apps.contracts.simulator import SimulatedSigner
from tenant_apps.orders.models import Order
from tests.factories.orders import Shop

CERTIFICATE = "6501000000000088"


def drafted(shop: Shop, order: Order) -> ContractVersion:
    return drafting.draft_contract(actor=shop.clerk, order_id=order.pk, now=utc_now())


def offered(shop: Shop, order: Order) -> ContractVersion:
    return offer(shop, drafted(shop, order))


def offer(shop: Shop, row: ContractVersion) -> ContractVersion:
    return drafting.offer(actor=shop.clerk, version_id=row.pk, now=utc_now())


def part_signed(shop: Shop, order: Order, *, now: datetime | None = None) -> ContractVersion:
    row = offered(shop, order)
    signing.ask_to_sign(actor=shop.seller, version_id=row.pk, certificate=CERTIFICATE, now=now or utc_now())
    follow(start=now)
    return again(row)


def signed(shop: Shop, order: Order, *, now: datetime | None = None) -> ContractVersion:
    return sign(shop, offered(shop, order), now=now)


def sign(shop: Shop, row: ContractVersion, *, now: datetime | None = None) -> ContractVersion:
    """Both sides sign an offered version."""
    for actor in (shop.seller, shop.approver):
        signing.ask_to_sign(actor=actor, version_id=row.pk, certificate=CERTIFICATE, now=now or utc_now())
    follow(start=now)
    return again(row)


def published(shop: Shop, order: Order) -> ContractVersion:
    return publish(shop, signed(shop, order))


def publish(shop: Shop, row: ContractVersion) -> ContractVersion:
    return publishing.publish(actor=shop.clerk, version_id=row.pk, withheld=(), reason="", now=utc_now())


def filed(shop: Shop, order: Order) -> ContractVersion:
    return publishing.file(actor=shop.clerk, version_id=published(shop, order).pk, now=utc_now())


def follow(*, start: datetime | None = None, minutes: int = 2) -> signing.Followed:
    """Sends and asks every 20 seconds; the service's clock goes along. Answers the sums."""
    begun = start or utc_now()
    total = signing.Followed()
    for step in range(minutes * 3):
        moment = begun + timedelta(seconds=1 + 20 * step)
        done = signing.follow_due(now=moment, provider=SimulatedSigner(clock=lambda moment=moment: moment))  # type: ignore[misc]
        total = signing.Followed(
            *(getattr(total, name) + getattr(done, name) for name in ("sent", "signed", "refused", "lapsed", "waiting"))
        )
    return total


def again(row: ContractVersion) -> ContractVersion:
    return ContractVersion.objects.select_related("contract", "document").get(pk=row.pk)
