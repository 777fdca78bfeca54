"""Offers at every point of their life, made through the services: what pages of listings show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.listings.models import ListingAppeal, OfferReview
from shared_apps.listings.rules.reviews import BreachKind, Outcome, PatrolScope
from shared_apps.listings.services import appeals, breaches, deciding, offering, patrols
from shared_apps.products.models import Offer
from tenants.database.context import region_as
from tests.factories.goods import make_product
from tests.factories.people import actor_of

AREAS = [("650000", D("0.00"), D("0.00")), ("653100", D("5.00"), D("1.00"))]


def drafted(seller: Actor, supplier_id: int, *, title: str = "", price: str = "20.00", reference: str = "25.00",
            **more: Any) -> Offer:  # fmt: skip
    """A draft of a product of its own."""
    product = make_product(title)
    with region_as("yz_region"):
        return offering.draft(
            actor=seller, supplier_id=supplier_id, product_code=product.code, price=D(price),
            reference_price=D(reference), delivery_days=3, areas=AREAS, now=utc_now(), **more,
        )  # fmt: skip


def submitted(seller: Actor, supplier_id: int, **more: Any) -> OfferReview:
    offer = drafted(seller, supplier_id, **more)
    with region_as("yz_region"):
        offering.submit(actor=seller, offer_id=offer.pk, now=utc_now())
    return OfferReview.objects.get(offer=offer)


def decided(seller: Actor, supplier_id: int, reviewer: Actor, *, approve: bool = True, **more: Any) -> Offer:
    """Listed, or rejected with a reason."""
    review = submitted(seller, supplier_id, **more)
    reason = "" if approve else "图片与商品不符"
    with region_as("yz_region"):
        deciding.decide_review(actor=reviewer, review_id=review.pk, approve=approve, reason=reason, now=utc_now())
    return Offer.objects.get(pk=review.offer_id)


def shown(people: Mapping[Post, User], supplier_id: int) -> dict[str, list[str]]:
    """A supplier's offers at every point, and the addresses of the pages that show them, by route name."""
    seller, cpb, region = (
        actor_of(people[post]) for post in (Post.SUPPLIER_SALES, Post.CPB_OPERATOR, Post.REGION_SUPERVISOR)
    )
    now = utc_now()
    draft = drafted(seller, supplier_id)
    waits = submitted(seller, supplier_id, title="天峰 国家级 测试用纸", price="30.00", stock_note="现货")
    on_sale = decided(seller, supplier_id, cpb)
    asks = decided(seller, supplier_id, cpb, valid_to=local_date(now) + timedelta(days=5))
    rejected = decided(seller, supplier_id, cpb, approve=False)
    frozen = decided(seller, supplier_id, cpb)
    ended = decided(seller, supplier_id, cpb)
    with region_as("yz_region"):
        _raise_then_lower(seller, cpb, on_sale)
        offering.ask_price(actor=seller, offer_id=asks.pk, price=D("24.00"), areas=[AREAS[0]], now=now)
        appeals.file_appeal(actor=seller, offer_id=rejected.pk, reason="图片为实物拍摄", now=now)
        breaches.freeze_offer(actor=cpb, offer_id=frozen.pk, kind=BreachKind.PRICE, reason="高于同期市场价", now=now)
        breaches.report_correction(actor=seller, offer_id=frozen.pk, correction="已下调价格", now=now)
        dismissed = appeals.file_appeal(actor=seller, offer_id=frozen.pk, reason="市场价已上涨", now=now)
        appeals.decide_appeal(actor=region, appeal_id=dismissed.pk, grant=False, decision="未提供市场价依据", now=now)
        offering.withdraw(actor=seller, offer_id=ended.pk, reason="停产", now=now)
        task = patrols.open_patrol(
            actor=cpb, title="四季度办公用纸巡检", scope=PatrolScope.LIBRARY, sample=5,
            due_on=local_date(now) + timedelta(days=14), now=now,
        )  # fmt: skip
        items = list(task.items.order_by("pk"))
        patrols.note_finding(
            actor=cpb, item_id=items[0].pk, outcome=Outcome.WARNING, kind=BreachKind.ATTRIBUTE, note="规格与标题不一致",
            market_price=D("18.00"), now=now,
        )  # fmt: skip
        done = patrols.open_patrol(
            actor=cpb, title="单项抽查", scope=PatrolScope.CATEGORY, scope_code="C-01", sample=1,
            due_on=local_date(now), now=now,
        )  # fmt: skip
        patrols.note_finding(actor=cpb, item_id=done.items.get().pk, outcome=Outcome.NONE, now=now)
        patrols.close_patrol(actor=cpb, task_id=done.pk, summary="未发现问题。", now=now)
    offers = [draft.pk, waits.offer_id, on_sale.pk, asks.pk, rejected.pk, frozen.pk, ended.pk]
    own, review = "/supplier/offers", "/library/review"
    filed = ListingAppeal.objects.values_list("pk", flat=True)
    return {
        "listings:own_offers": [f"{own}/", f"{own}/?q=没有", f"{own}/?state=frozen"],
        "listings:new_offer": [f"{own}/new/", f"{own}/new/?q=测试", f"{own}/new/?q=没有"],
        "listings:own_offer": [f"{own}/{pk}/" for pk in offers],
        "listings:ending_offers": [f"{own}/ending/"],
        "listings:edit_offer": [f"{own}/{draft.pk}/edit/"],
        "listings:reviews": [f"{review}/offers/", f"{review}/offers/?state=rejected", f"{review}/offers/?q=没有"],
        "listings:all_offers": [f"{review}/offers/all/", f"{review}/offers/all/?q=没有"],
        "listings:reviewed_offer": [f"{review}/offers/{pk}/" for pk in offers],
        "listings:appeals": [f"{review}/offers/appeals/", f"{review}/offers/appeals/?state=granted"],
        "listings:appeal": [f"{review}/offers/appeals/{pk}/" for pk in filed],
        "listings:patrols": [f"{review}/patrols/"],
        "listings:patrol": [f"{review}/patrols/{pk}/" for pk in (task.pk, done.pk)],
    }


def _raise_then_lower(seller: Actor, reviewer: Actor, offer: Offer) -> None:
    """A price that rose and fell within a day."""
    offering.ask_price(actor=seller, offer_id=offer.pk, price=D("24.00"), now=utc_now())
    review = OfferReview.objects.get(offer=offer, state="open")
    deciding.decide_review(actor=reviewer, review_id=review.pk, approve=True, reason="", now=utc_now())
    offering.ask_price(actor=seller, offer_id=offer.pk, price=D("22.00"), now=utc_now())
