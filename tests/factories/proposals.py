"""Products that suppliers propose, made through the services."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kernel.actor import SYSTEM, Actor
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.products.models import Product, Profile
from shared_apps.products.profiles import set_profile
from shared_apps.products.services.proposing import ProductContent, propose_product
from shared_apps.products.services.reviewing import decide
from shared_apps.suppliers.selectors import supplier_of_organisations
from tenants.database.context import region_as
from tests.factories.goods import make_catalogue, make_supplier
from tests.factories.people import actor_of, join, make_organisation, make_user

_serial = itertools.count(1)
CONTENT = ProductContent(
    brand="云杉",
    brand_owner="测试云杉制纸厂",
    trademark_number="TEST-0001",
    category_code="C-01",
    name="复印纸",
    model="YS-1",
    spec="A4 70克 500张",
    unit="包",
    vat_rate=Decimal("0.13"),
    attributes={"paper_size": "A4", "grammage_gsm": "70"},
)


def content(**changes: Any) -> ProductContent:
    """A right content with a model of its own, unless one is given."""
    return replace(CONTENT, **{"model": f"YS-{next(_serial):05d}", **changes})


def seller_of(person: User) -> tuple[Actor, int]:
    """Somebody's actor, and the supplier of the organisation, made where it is none yet."""
    organisation_id = person.memberships.get().organisation_id
    with region_as("yz_region"):
        there = supplier_of_organisations(organisation_ids=[organisation_id])
    return actor_of(person), there[0].id if there else make_supplier(organisation_id=organisation_id).pk


def make_seller() -> tuple[Actor, int]:
    """Somebody who sells for an admitted supplier, and the supplier's id."""
    organisation = make_organisation(OrganisationKind.SUPPLIER)
    supplier = make_supplier(organisation_id=organisation.pk)
    user = make_user(name="测试销售")
    join(user, organisation, [Post.SUPPLIER_SALES])
    return actor_of(user), supplier.pk


def make_profile() -> Profile:
    """What copying paper must have."""
    make_catalogue()
    wanted = {"key": "paper_size", "operator": "one_of", "value": "A4", "is_mandatory": True}
    with region_as("yz_region"):
        return set_profile(
            actor=SYSTEM, category_code="C-01", title=f"测试要求{next(_serial)}", criteria=[wanted], now=utc_now()
        )


def make_reviewer(post: Post = Post.REGION_SUPERVISOR) -> Actor:
    kinds = {Post.REGION_SUPERVISOR: "region_finance", Post.CPB_OPERATOR: "central_purchasing_body"}
    organisation = make_organisation(kinds[post], tenant_code="990001" if post == Post.CPB_OPERATOR else None)
    user = make_user(name="测试审核")
    join(user, organisation, [post])
    return actor_of(user)


def propose(seller: tuple[Actor, int], **changes: Any) -> Product:
    make_catalogue()
    with region_as("yz_region"):
        return propose_product(actor=seller[0], supplier_id=seller[1], content=content(**changes), now=utc_now())


def approve_all(product: Product, reviewer: Actor) -> Product:
    """Brand, SPU and product, one after the other, those that wait."""
    with region_as("yz_region"):
        product = Product.objects.select_related("spu__brand").get(pk=product.pk)
        assert product.spu is not None
        for subject, thing in (("brand", product.spu.brand), ("spu", product.spu), ("product", product)):
            if thing.state == "proposed":
                decide(
                    actor=reviewer, subject=subject, subject_id=thing.pk, action="approve", version=thing.version,
                    now=utc_now(),
                )  # fmt: skip
        return Product.objects.get(pk=product.pk)
