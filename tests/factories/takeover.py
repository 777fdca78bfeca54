"""Packages of a mall that ran elsewhere, for a county that can buy."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kernel.actor import Actor
from kernel.clock import fiscal_year, local_date, utc_now
from kernel.money import line_amount
from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind
from tenant_apps.budgets.words import FUND_SOURCES
from tenant_apps.orders.words import MODES
from tenant_apps.takeover import exporting, services
from tenant_apps.takeover.models import TakenOrder, Takeover
from tenant_apps.takeover.rules import TAKEN_STATES, CodeKind
from tenant_apps.takeover.sheets import BY_NAME, CODE_KINDS, STATE_CHOICES
from tenants.database.context import region_as, tenant_selected
from tests.factories.orders import Shop
from tests.factories.people import actor_of, join, make_organisation, make_user

OLD_UNIT, OLD_SKU, OLD_ACCOUNT, PLAN = "XX-001", "SKU-77", "wang01", "JH-LAO-001"
PRICE = Decimal("20.00")
# Of the manual's example: made up, with a right check digit.
EXAMPLE_SUPPLIER, EXAMPLE_PRODUCT = "91650100TEXT09001L", "YL-00001"


@dataclass
class Bureau:
    """Two people of the finance bureau and one of the central purchasing body."""

    proposer: Actor
    confirmer: Actor
    operator: Actor


def make_bureau(tenant: str = "990001") -> Bureau:
    finance = make_organisation(OrganisationKind.FINANCE_BUREAU, None, "测试县财政局", tenant)
    body = make_organisation(OrganisationKind.CENTRAL_PURCHASING_BODY, None, "测试县政府采购中心", tenant)
    made = []
    for name, organisation, post in (
        ("钱一", finance, Post.TIER_SUPERVISOR),
        ("钱二", finance, Post.TIER_SUPERVISOR),
        ("采一", body, Post.CPB_OPERATOR),
    ):
        user = make_user(name=name)
        join(user, organisation, [post])
        made.append(actor_of(user, tenant))
    return Bureau(*made)


@dataclass
class Packed:
    """The sheets of a package as dictionaries, easy to spoil."""

    sheets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __getitem__(self, sheet: str) -> list[dict[str, Any]]:
        return self.sheets.setdefault(sheet, [])

    def copy(self) -> Packed:
        return copy.deepcopy(self)

    def xlsx(self) -> bytes:
        return exporting.template(
            {
                name: [[_cell(row.get(column.name)) for column in BY_NAME[name].columns] for row in rows]
                for name, rows in self.sheets.items()
            }
        )


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def packed(
    shop: Shop, *, states: tuple[str, ...] = ("accepted",), quantity: int = 2, mapped: bool = True, prefix: str = "LD",
    earlier: str = "300.00", total: str = "50000.00",
) -> Packed:  # fmt: skip
    """One order in each state, on one budget line that the old mall spent `earlier` of before."""
    today, year = local_date(utc_now()), fiscal_year(utc_now())
    found = Packed()
    found["units"].append({"unit_code": OLD_UNIT, "unit_name": "测试第一小学（旧）"})
    amount = line_amount(price=PRICE, quantity=quantity)
    frozen, paid, controls = Decimal(0), Decimal(0), {}
    for number, state in enumerate(states, start=1):
        old = f"{prefix}{number:04d}"
        add_order(found, shop, old, state, quantity=quantity, today=today, year=year)
        is_paid = TAKEN_STATES[state].is_paid
        frozen, paid = frozen + (0 if is_paid else amount), paid + (amount if is_paid else 0)
        count, sum_ = controls.get(state, (0, Decimal(0)))
        controls[state] = (count + 1, sum_ + amount)
    line = {"unit_code": OLD_UNIT, "fiscal_year": year, "plan_number": PLAN}
    found["lines"].append({
        **line, "plan_filed_on": f"{year}-01-10", "budget_item": "办公用品购置", "functional_class": "2050202",
        "economic_class": "30201", "fund_source": str(FUND_SOURCES["fiscal"]), "total": total, "frozen": frozen,
        "spent": paid + Decimal(earlier),
    })  # fmt: skip
    for state, (count, sum_) in controls.items():
        found["controls"].append({**line, "state": str(STATE_CHOICES[state]), "orders": count, "amount": sum_})
    if mapped:
        for kind, old, ours in (
            ("unit", OLD_UNIT, "001001"), ("product", OLD_SKU, shop.offer.product.code), ("person", OLD_ACCOUNT, "-"),
        ):  # fmt: skip
            found["mappings"].append({"kind": kind, "old_code": old, "our_code": ours})
    return found


def add_order(
    found: Packed, shop: Shop, old: str, state: str, *, quantity: int = 2, today: date | None = None, year: int = 0
) -> None:
    today, year = today or local_date(utc_now()), year or fiscal_year(utc_now())
    wanted = TAKEN_STATES[state]
    days = {name: today - timedelta(days=9 - place) for place, name in enumerate(wanted.days) if name != "paid_on"}
    amount = line_amount(price=PRICE, quantity=quantity)
    found["orders"].append({
        "old_number": old, "state": str(STATE_CHOICES[state]), "unit_code": OLD_UNIT,
        "supplier_code": shop.supplier.uscc, "mode": str(MODES["direct"]), "clerk_name": "王旧",
        "clerk_account": OLD_ACCOUNT, "approver_name": "李旧", "total": amount, "delivery_address": "测试县文化路1号",
        "contact_name": "王老师", "contact_phone": "13900000000",
        **{name: day.isoformat() for name, day in days.items()},
        **({"carrier": "测试物流", "waybill": f"YD{old}"} if wanted.is_shipped else {}),
        **({"acceptor_name": "张旧", "certificate_number": f"YS{old}"} if "received_on" in wanted.days else {}),
    })  # fmt: skip
    found["goods"].append(
        {
            "old_number": old,
            "position": 1,
            "old_sku": OLD_SKU,
            "title": "旧卖场打印纸",
            "quantity": quantity,
            "price": PRICE,
        }
    )
    found["fundings"].append({"old_number": old, "fiscal_year": year, "plan_number": PLAN, "amount": amount})
    if wanted.is_paid:
        paid_on = (today - timedelta(days=4)).isoformat()
        found["payments"].append({"old_number": old, "amount": amount, "paid_on": paid_on, "reference": f"ZF{old}"})


def example() -> Packed:
    """The package of docs/how-to/take-over-example.xlsx: three orders of a school on two budget lines, all made up."""
    found, year = Packed(), 2026
    found["units"].append({"unit_code": "XX-001", "unit_name": "示例县第一小学"})
    line = {"unit_code": "XX-001", "fiscal_year": year}
    rest = {"functional_class": "2050202", "economic_class": "30201", "fund_source": str(FUND_SOURCES["fiscal"])}
    for plan, item, total, frozen, spent in (
        ("JH-2026-011", "办公用品购置", "50000.00", "1120.00", "2660.00"),
        ("JH-2026-012", "教学设备购置", "20000.00", "0.00", "0.00"),
    ):
        found["lines"].append({
            **line, **rest, "plan_number": plan, "plan_filed_on": "2026-01-12", "budget_item": item, "total": total,
            "frozen": frozen, "spent": spent,
        })  # fmt: skip
    people = {"clerk_name": "王示例", "clerk_account": "wangsl", "approver_name": "李示例", "approver_account": "lisl"}
    where = {"delivery_address": "示例县文化路1号", "contact_name": "王示例", "contact_phone": "0998-0000000"}
    for number, state, day, quantity in (
        ("LS-20260301", "备货中", 1, 50),
        ("LS-20260302", str(STATE_CHOICES["shipped"]), 2, 6),
        ("LS-20260303", str(STATE_CHOICES["paid"]), 3, 33),
    ):
        shipped = (
            {"shipped_on": f"2026-03-0{day + 2}", "carrier": "示例物流", "waybill": f"YD-{day}"} if day > 1 else {}
        )
        received = (
            {"received_on": "2026-03-08", "acceptor_name": "张示例", "certificate_number": "YS-3"} if day == 3 else {}
        )
        total = f"{20 * quantity}.00"
        found["orders"].append({
            "old_number": number, "state": state, "unit_code": "XX-001", "supplier_code": EXAMPLE_SUPPLIER,
            "mode": str(MODES["direct"]), "placed_on": f"2026-03-0{day}", "accepted_on": f"2026-03-0{day + 1}",
            "total": total, **people, **where, **shipped, **received,
        })  # fmt: skip
        code = {"product_code": EXAMPLE_PRODUCT} if day == 1 else {"old_sku": "SP-0007"}
        found["goods"].append(
            {"old_number": number, "position": 1, **code, "title": "复印纸", "quantity": quantity, "price": "20.00"}
        )
        found["fundings"].append(
            {"old_number": number, "fiscal_year": year, "plan_number": "JH-2026-011", "amount": total}
        )
        found["controls"].append({**line, "plan_number": "JH-2026-011", "state": state, "orders": 1, "amount": total})
    found["payments"].append(
        {"old_number": "LS-20260303", "amount": "660.00", "paid_on": "2026-03-20", "reference": "GK-2026-0318"}
    )
    for kind, old, ours in (
        (CodeKind.UNIT, "XX-001", "001001"), (CodeKind.PRODUCT, "SP-0007", EXAMPLE_PRODUCT),
        (CodeKind.STATE, "备货中", str(STATE_CHOICES["accepted"])), (CodeKind.PERSON, "wangsl", "-"),
        (CodeKind.PERSON, "lisl", "-"),
    ):  # fmt: skip
        found["mappings"].append({"kind": str(CODE_KINDS[kind]), "old_code": old, "our_code": ours})
    return found


def sent(actor: Actor, content: bytes | Packed, *, tenant: str = "990001", name: str = "迁入.xlsx") -> Takeover:
    """The package as it stands once it is read."""
    content = content.xlsx() if isinstance(content, Packed) else content
    with tenant_selected(tenant), region_as("yz_mall"):
        return services.receive_package(actor=actor, name=name, content=content, now=utc_now())


def taken_over(bureau: Bureau, content: bytes | Packed, *, tenant: str = "990001") -> Takeover:
    """Sent by one, confirmed by the other."""
    row = sent(bureau.proposer, content, tenant=tenant)
    assert (row.state, row.errors, row.unmapped) == ("checked", [], []), row.comparison
    with tenant_selected(tenant), region_as("yz_mall"):
        services.propose(actor=bureau.proposer, takeover_id=row.pk, now=utc_now())
        return services.confirm(actor=bureau.confirmer, takeover_id=row.pk, now=utc_now())


def shown(shop: Shop) -> dict[str, list[str]]:
    """Paths to packages in their states, for the tests that look at every page: one wrong, one done, one to confirm."""
    supervisor, operator = shop.actor(Post.TIER_SUPERVISOR), shop.actor(Post.CPB_OPERATOR)
    wrong = packed(shop, mapped=False)
    wrong["orders"][0]["total"], wrong["controls"][0]["orders"] = "41.00", 2
    found = [sent(operator, wrong, name="有误.xlsx", tenant=shop.tenant)]
    for name, prefix in (("迁入.xlsx", "LD"), ("待确认.xlsx", "ZX")):
        package = packed(shop, states=("placed", "goods_accepted", "paid"), prefix=prefix)
        found.append(sent(operator, package, name=name, tenant=shop.tenant))
        with tenant_selected(shop.tenant), region_as("yz_mall"):
            services.propose(actor=operator, takeover_id=found[-1].pk, now=utc_now())
            if prefix == "LD":
                services.confirm(actor=supervisor, takeover_id=found[-1].pk, now=utc_now())
    with tenant_selected(shop.tenant):
        taken = list(TakenOrder.objects.order_by("pk").values_list("order_id", flat=True))
    return {
        "takeover:package": [f"/takeover/{row.pk}/" for row in found],
        "takeover:progress": [f"/takeover/{found[0].pk}/progress/"],
        "takeover:codes": ["/takeover/codes/", "/takeover/codes/?search=没有"],
        "takeover:map_code": [
            f"/takeover/codes/map/?kind=unit&old_code=YY&package={found[0].pk}",
            "/takeover/codes/map/?kind=product&old_code=YY",
        ],
        "orders:order": [f"/orders/{taken[-1]}/"],
    }
