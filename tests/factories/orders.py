"""A county that can buy: people in every post, a supplier with goods, money, an open supermarket; and orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connections

from kernel.actor import SYSTEM, Actor
from kernel.clock import fiscal_year, utc_now
from kernel.posts import Post
from shared_apps.accounts.models import Organisation, User
from shared_apps.products.models import Offer
from shared_apps.rulebook.selectors import forget_rulebook_cache
from shared_apps.rulebook.services import load_shipped
from shared_apps.suppliers.models import Supplier
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.services import create_line, create_unit
from tenant_apps.orders.models import Order
from tenant_apps.orders.services import approving
from tenant_apps.storefront.services import add_to_cart
from tenant_apps.supermarket.services import Checkout, submit_cart
from tenants.database.context import region_as, tenant_selected
from tests.factories.goods import make_offer, make_shelf, make_supplier
from tests.factories.people import actor_of, grant, join, make_organisation, make_user

BUYERS = (
    Post.BUYER_CLERK,
    Post.BUYER_APPROVER,
    Post.BUYER_ACCEPTOR,
    Post.BUYER_PAYER,
    Post.UNIT_ADMINISTRATOR,
)


@dataclass
class Shop:
    """One county's shop: `people` by post, one unit with one budget line, one supplier with one offer in it."""

    tenant: str
    unit_id: int
    organisation_id: int
    people: dict[Post, User]
    supplier: Supplier
    offer: Offer
    line: BudgetLine
    organisation: Organisation
    actors: dict[Post, Actor] = field(default_factory=dict)

    def actor(self, post: Post) -> Actor:
        if post not in self.actors:
            self.actors[post] = actor_of(self.people[post], self.tenant)
        return self.actors[post]

    @property
    def clerk(self) -> Actor:
        return self.actor(Post.BUYER_CLERK)

    @property
    def approver(self) -> Actor:
        return self.actor(Post.BUYER_APPROVER)

    @property
    def seller(self) -> Actor:
        return self.actor(Post.SUPPLIER_SALES)

    def hire(self, name: str, *posts: Post) -> User:
        """Somebody of the shop's unit with these posts; of no unit at all without posts."""
        with region_as("yz_region"):
            user = make_user(name=name)
            if posts:
                join(user, self.organisation)
        for post in posts:
            grant(self.tenant, user, self.unit_id, self.organisation_id, post)
        return user

    def checkout(self, amount: str, **changes: object) -> Checkout:
        values: dict[str, object] = {
            "unit_id": self.unit_id,
            "supplier_id": self.supplier.pk,
            "mode": "direct",
            "funding": ((self.line.pk, Decimal(amount)),),
            "delivery_address": "测试县文化路1号",
            "contact_name": "王老师",
            "contact_phone": "13900000000",
        }
        return Checkout(**(values | changes))  # type: ignore[arg-type]

    def fill_cart(self, *, quantity: int = 2, offer: Offer | None = None) -> None:
        with tenant_selected(self.tenant), region_as("yz_mall"):
            add_to_cart(
                actor=self.clerk,
                unit_id=self.unit_id,
                offer_id=(offer or self.offer).pk,
                quantity=quantity,
                now=utc_now(),
            )

    def submit(self, *, quantity: int = 2, **changes: object) -> Order:
        """An order waiting for approval: `quantity` of the shop's offer, paid from its one line."""
        self.fill_cart(quantity=quantity)
        amount = str(self.offer.price * quantity)
        with tenant_selected(self.tenant), region_as("yz_mall"):
            return submit_cart(actor=self.clerk, checkout=self.checkout(amount, **changes), now=utc_now())

    def place(self, *, quantity: int = 2) -> Order:
        """An order the supplier may answer."""
        order = self.submit(quantity=quantity)
        with tenant_selected(self.tenant), region_as("yz_mall"):
            return approving.approve(actor=self.approver, order_id=order.pk, now=utc_now())


def make_line(
    tenant: str, unit_id: int, *, total: str = "100000.00", filed: bool = True, number: str = ""
) -> BudgetLine:
    """A budget line of this year."""
    now = utc_now()
    year = fiscal_year(now)
    with tenant_selected(tenant):
        count = BudgetLine.objects.count() + 1
        return create_line(
            actor=SYSTEM,
            unit_id=unit_id,
            fiscal_year=year,
            plan_number=number or f"JH{year}-{count:03d}",
            plan_filed_on=date(year, 1, 10) if filed else None,
            budget_item="办公用品购置",
            fund_source="fiscal",
            functional_class="2050202",
            economic_class="30201",
            total=Decimal(total),
            now=now,
        )


def open_supermarket(tenant: str) -> None:
    """The mall as it stands after going live. By every step of the checklist: tests/factories/openings.py."""
    now = utc_now()
    with tenant_selected(tenant), connections["tenant"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO policies_mallmodule (name, state, opened_at, changed_by_name, reason) "
            "VALUES ('online_supermarket', 'open', %s, '', '')",
            [now],
        )
        cursor.execute(
            "INSERT INTO policies_mallopening (id, opened_at, opened_by_name, modules, on_demo_rules) "
            "VALUES (1, %s, '', '[\"online_supermarket\"]', true)",
            [now],
        )


def make_shop(tenant: str = "990001", *, price: str = "20.00", total: str = "100000.00") -> Shop:
    forget_rulebook_cache()
    now = utc_now()
    with region_as("yz_region"):
        load_shipped(now=now)
    organisation = make_organisation("budget_unit", f"U{tenant}S", "测试第一小学", tenant)
    with tenant_selected(tenant):
        unit = create_unit(actor=SYSTEM, code="001001", name="测试第一小学", organisation_id=organisation.pk, now=now)
    people: dict[Post, User] = {}
    for index, post in enumerate(BUYERS):
        people[post] = make_user(name=f"测试{'甲乙丙丁戊'[index]}")
        join(people[post], organisation)
        grant(tenant, people[post], unit.pk, organisation.pk, post)
    company = make_organisation("supplier", None, "测试供应商", None)
    people[Post.SUPPLIER_SALES] = make_user(name="测试己")
    join(people[Post.SUPPLIER_SALES], company, [Post.SUPPLIER_SALES])
    supplier = make_supplier("测试供应商", organisation_id=company.pk)
    offer = make_offer(supplier=supplier, price=price)
    make_shelf(tenant)
    open_supermarket(tenant)
    return Shop(
        tenant=tenant,
        unit_id=unit.pk,
        organisation_id=organisation.pk,
        people=people,
        supplier=supplier,
        offer=offer,
        line=make_line(tenant, unit.pk, total=total),
        organisation=organisation,
    )
