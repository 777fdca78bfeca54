"""The people of the demonstration: invented, one password, never loaded without the demonstration's data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kernel.posts import Post
from shared_apps.accounts.rules import OrganisationKind as Kind

# Written down in the README and shown by bin/up: it opens nothing but demonstration accounts.
DEMO_PASSWORD = "Yizhang-2026!demo"  # noqa: S105  # known to everybody on purpose

DEMO_UNITS = {"001001": "市第一中学（演示）", "001002": "市卫生健康委员会（演示）"}
DEMO_TENANTS = {"653101": ("ks", "喀什市"), "652301": ("cj", "昌吉市")}
_SUPPLIERS = Path(__file__).parent.parent / "suppliers" / "demo" / "suppliers.csv"


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    kind: Kind
    code: str
    name: str
    tenant_code: str | None = None

    @property
    def key(self) -> tuple[str, str | None, str]:
        return (self.kind, self.tenant_code, self.code)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`unit_posts` are granted inside the tenant, in the unit with the organisation's code."""

    username: str
    name: str
    title: str
    organisation: DemoOrganisation
    posts: tuple[Post, ...] = ()
    unit_posts: tuple[Post, ...] = ()


_FINANCE = DemoOrganisation(Kind.REGION_FINANCE, "650000", "自治区财政厅（演示）")
_PLATFORM = DemoOrganisation(Kind.PLATFORM, "650000", "自治区政府采购云平台运营中心（演示）")
_AUDIT = DemoOrganisation(Kind.AUDIT, "650000", "自治区审计厅（演示）")
_AGENCY = DemoOrganisation(Kind.AGENCY, "DEMO-AGENCY-1", "演示·天平招标代理有限公司")
_EXPERTS = DemoOrganisation(Kind.EXPERT, "650000", "自治区评审专家库（演示）")

_REGION = (
    DemoPerson("quting", "马厅监（演示）", "自治区财政厅监管", _FINANCE, (Post.REGION_SUPERVISOR,)),
    # What one enters, such as a threshold, the other verifies.
    DemoPerson("quting-hs", "热厅核（演示）", "自治区财政厅核实", _FINANCE, (Post.REGION_SUPERVISOR,)),
    DemoPerson("pingtai", "周平台（演示）", "平台运营", _PLATFORM, (Post.PLATFORM_OPERATOR,)),
    DemoPerson("shenji", "沈审计（演示）", "审计", _AUDIT, (Post.AUDITOR,)),
    DemoPerson("dl-jingli", "戴经理（演示）", "代理机构负责人", _AGENCY, (Post.AGENCY_MANAGER,)),
    DemoPerson("dl-jingban", "戴经办（演示）", "代理机构经办", _AGENCY, (Post.AGENCY_CLERK,)),
    DemoPerson("zhuanjia", "卓专家（演示）", "评审专家", _EXPERTS, (Post.EXPERT,)),
)
# Sign-in names of the first suppliers of the file; the others are numbered by their line.
_SUPPLIER_NAMES = {1: "kunlun", 2: "tianshan", 3: "silu", 4: "talimu"}


def _suppliers() -> Iterator[DemoPerson]:
    with _SUPPLIERS.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            firm = DemoOrganisation(Kind.SUPPLIER, row["uscc"], row["name"])
            username = f"gys-{_SUPPLIER_NAMES.get(number, f'{number:02}')}"
            yield DemoPerson(username, f"管理员{number:02}（演示）", "供应商管理员", firm, (Post.SUPPLIER_ADMIN,))
            if number == 1:
                yield DemoPerson(f"{username}-xs", "销售员01（演示）", "供应商销售", firm, (Post.SUPPLIER_SALES,))


def _county(code: str, prefix: str, name: str) -> Iterator[DemoPerson]:
    bureau = DemoOrganisation(Kind.FINANCE_BUREAU, "CZJ", f"{name}财政局（演示）", code)
    body = DemoOrganisation(Kind.CENTRAL_PURCHASING_BODY, "CGZX", f"{name}政府采购中心（演示）", code)
    school, health = (
        DemoOrganisation(Kind.BUDGET_UNIT, unit, f"{name}{title.removeprefix('市')}", code)
        for unit, title in DEMO_UNITS.items()
    )
    yield DemoPerson(f"{prefix}-caizheng", "蔡监管（演示）", "财政局监管", bureau, (Post.TIER_SUPERVISOR,))
    yield DemoPerson(f"{prefix}-jicai", "季采办（演示）", "集中采购机构", body, (Post.CPB_OPERATOR,))
    for suffix, person, title, post in (
        ("danwei", "单管理（演示）", "单位管理员", Post.UNIT_ADMINISTRATOR),
        ("jingban", "景经办（演示）", "采购经办", Post.BUYER_CLERK),
        ("shenpi", "沈审批（演示）", "采购审批", Post.BUYER_APPROVER),
        ("yanshou", "颜验收（演示）", "验收", Post.BUYER_ACCEPTOR),
        ("zhifu", "付支付（演示）", "支付", Post.BUYER_PAYER),
    ):
        yield DemoPerson(f"{prefix}-{suffix}", person, title, school, (), (post,))
    # A small unit: three people hold the five posts.
    for suffix, person, title, posts in (
        ("wj-danwei", "魏主任（演示）", "单位管理员、审批", (Post.UNIT_ADMINISTRATOR, Post.BUYER_APPROVER)),
        ("wj-jingban", "魏经办（演示）", "经办、支付", (Post.BUYER_CLERK, Post.BUYER_PAYER)),
        ("wj-yanshou", "魏验收（演示）", "验收", (Post.BUYER_ACCEPTOR,)),
    ):
        yield DemoPerson(f"{prefix}-{suffix}", person, title, health, (), posts)


def roster() -> tuple[DemoPerson, ...]:
    """Every demonstration person, the region's first."""
    counties = (person for code, (prefix, name) in DEMO_TENANTS.items() for person in _county(code, prefix, name))
    return (*_REGION, *_suppliers(), *counties)
