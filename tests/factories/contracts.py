"""Contracts made through the services; the caller has the tenant selected."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.contracts.models import ContractVersion
from tenant_apps.contracts.services import drafting, publishing, signing
from tenant_apps.contracts.simulator import SimulatedSigner
from tenant_apps.orders.models import Order
from tenants.database.context import region_as
from tests.factories.fulfilment import accepted
from tests.factories.orders import Shop
from tests.factories.people import actor_of, join, make_organisation, make_user

CERTIFICATE = "6501000000000088"


def bureau(shop: Shop) -> Actor:
    """Somebody of the mall's own finance bureau."""
    with region_as("yz_region"):
        user = make_user(name="测试子")
        office = make_organisation("finance_bureau", f"F{shop.tenant}M", "测试财政局", shop.tenant)
        join(user, office, [Post.TIER_SUPERVISOR])
    return actor_of(user, shop.tenant)


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
    return file(shop, published(shop, order))


def file(shop: Shop, row: ContractVersion) -> ContractVersion:
    return publishing.file(actor=shop.clerk, version_id=row.pk, now=utc_now())


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


def shown(shop: Shop) -> dict[str, list[str]]:
    """Contracts in every state, with the addresses of their pages."""
    draft = drafted(shop, accepted(shop))
    offer_made, half = offered(shop, accepted(shop)), part_signed(shop, accepted(shop))
    whole, public = signed(shop, accepted(shop)), published(shop, accepted(shop))
    done, more = filed(shop, accepted(shop)), filed(shop, accepted(shop, quantity=20))
    added = drafting.draft_supplement(
        actor=shop.clerk, contract_id=more.contract_id, lines=[(1, 1)], reason="新增一个班", now=utc_now()
    )
    rows = (draft, offer_made, half, whole, public, done, more)
    forms = {
        "rework": (draft, added), "withdraw": (draft, offer_made), "sign": (offer_made, half), "publish": (whole, done),
    }  # fmt: skip
    return {
        "contracts:contract": [f"/contracts/{row.contract_id}/" for row in rows],
        "contracts:list": ["/contracts/", "/contracts/?search=没有"],
        "contracts:supplement": [f"/contracts/{row.contract_id}/supplement/" for row in (whole, done)],
        **{
            f"contracts:{name}": [f"/contracts/versions/{row.pk}/{name}/" for row in some]
            for name, some in forms.items()
        },
        "contracts:filings": ["/bureau/contracts/", "/bureau/contracts/?tab=late", "/bureau/contracts/?search=没有"],
        "contracts:published_list": ["/notices/contracts/", "/notices/contracts/?search=没有"],
        "contracts:published": [f"/notices/contracts/{row.pk}/" for row in (public, done)],
    }
