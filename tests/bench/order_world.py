"""A county that buys: units with a clerk, an approver and a budget line each, suppliers with goods, full carts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.models import User
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.services import create_unit
from tenants.database.context import owner_of, region_as, tenant_selected
from tenants.divisions.models import Division, Level
from tenants.divisions.services import load_divisions
from tenants.provisioning.services import create_tenant, migrate_region
from tests.factories.goods import make_offer, make_product, make_supplier
from tests.factories.orders import Shop, make_line, make_shop
from tests.factories.people import grant, join, make_organisation, make_user

TENANT = "980001"
SCHEMA = f"t{TENANT}"
LINES_PER_ORDER = 3
PRICE = Decimal("20.00")
PLENTY = "9000000000000.00"


@dataclass(frozen=True, slots=True)
class Desk:
    """One unit's clerk and approver with the line they spend from."""

    unit_id: int
    clerk: User
    approver: User
    budget_line_id: int


@dataclass(frozen=True, slots=True)
class County:
    shop: Shop
    desks: tuple[Desk, ...]
    # supplier -> its offers
    suppliers: dict[int, tuple[int, ...]]


def build(*, desks: int, suppliers: int) -> County:
    """Migrates, provisions and fills a county through the services."""
    migrate_region()
    with region_as("yz_region"):
        load_divisions(today=date.today())  # noqa: DTZ011 - the date of the machine will do here
        Division.objects.create(code=TENANT, name="测试县", level=Level.COUNTY, parent_id="650000")
    create_tenant(code=TENANT, now=utc_now())
    shop = make_shop(TENANT, total=PLENTY)
    products = [make_product() for _ in range(LINES_PER_ORDER)]
    offers: dict[int, tuple[int, ...]] = {}
    for number in range(suppliers):
        organisation = make_organisation("supplier", None, f"测试供应商{number}", None)
        supplier = make_supplier(f"测试供应商{number}", organisation_id=organisation.pk)
        offers[supplier.pk] = tuple(make_offer(product, supplier, price=str(PRICE)).pk for product in products)
    return County(shop, tuple(_desk(shop, number) for number in range(desks)), offers)


def _desk(shop: Shop, number: int) -> Desk:
    with tenant_selected(TENANT):
        unit = create_unit(
            actor=SYSTEM,
            code=f"{number + 100:03}",
            name=f"测试单位{number}",
            organisation_id=shop.organisation_id,
            now=utc_now(),
        )
    people: dict[Post, User] = {}
    for post in (Post.BUYER_CLERK, Post.BUYER_APPROVER):
        with region_as("yz_region"):
            people[post] = make_user(name=f"测试{number}")
            join(people[post], shop.organisation)
        grant(TENANT, people[post], unit.pk, shop.organisation_id, post)
    line: BudgetLine = make_line(TENANT, unit.pk, total=PLENTY, number=f"JH-BENCH-{number:03}")
    return Desk(unit.pk, people[Post.BUYER_CLERK], people[Post.BUYER_APPROVER], line.pk)


def fill_carts(county: County) -> None:
    """Puts every supplier's offers into every clerk's cart, by SQL: filling carts is not what is measured."""
    from django.db import connections

    now = utc_now()
    rows: list[tuple[Any, ...]] = [
        (desk.clerk.pk, desk.unit_id, offer, supplier)
        for desk in county.desks
        for supplier, offers in county.suppliers.items()
        for offer in offers
    ]
    with owner_of(SCHEMA), connections["tenant"].cursor() as cursor:
        cursor.execute("TRUNCATE storefront_cartline, storefront_cart")
        cursor.executemany(
            "INSERT INTO storefront_cart (user_id, unit_id, used_at) VALUES (%s, %s, %s)",
            [(desk.clerk.pk, desk.unit_id, now) for desk in county.desks],
        )
        cursor.execute(
            "INSERT INTO storefront_cartline (cart_id, offer_id, supplier_id, quantity, seen_price, added_at) "
            "SELECT c.id, r.offer_id, r.supplier_id, 1, %s, %s "
            "FROM jsonb_to_recordset(%s) AS r(user_id bigint, unit_id bigint, offer_id bigint, supplier_id bigint) "
            "JOIN storefront_cart c ON c.user_id = r.user_id AND c.unit_id = r.unit_id",
            [PRICE, now, _as_json(rows)],
        )


def _as_json(rows: list[tuple[Any, ...]]) -> str:
    import json

    return json.dumps([dict(zip(("user_id", "unit_id", "offer_id", "supplier_id"), row, strict=True)) for row in rows])


def checkout(desk: Desk, supplier: int) -> dict[str, Any]:
    """The body of a submit: one supplier's lines, paid from the desk's line."""
    return {
        "unit_id": desk.unit_id,
        "supplier_id": supplier,
        "funding": [{"budget_line_id": desk.budget_line_id, "amount": str(PRICE * LINES_PER_ORDER)}],
        "delivery_address": "测试县文化路1号",
        "contact_name": "王老师",
        "contact_phone": "13900000000",
    }
