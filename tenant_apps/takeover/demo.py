"""The demonstration's package of an old mall in 652301: two orders whose goods came weeks ago and are not paid yet, so
that payments are overdue and cost late interest. Proposed by the purchasing body, confirmed by the bureau.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from kernel.clock import fiscal_year, local_date
from tenant_apps.budgets.selectors import units_of
from tenant_apps.budgets.words import FUND_SOURCES
from tenant_apps.orders.demo import PENS, READY_TENANT, SUPPLIER_CODE, demo_actor
from tenant_apps.orders.words import MODES
from tenant_apps.takeover import exporting, services
from tenant_apps.takeover.models import Takeover
from tenant_apps.takeover.sheets import BY_NAME, STATE_CHOICES
from tenants.database.context import region_as, tenant_selected

SENDER, CONFIRMER = "cj-jicai", "cj-caizheng"
NUMBERS, PRICE, QUANTITY, TOTAL, TOTAL_OF_ALL = ("JIU-000001", "JIU-000002"), "12.50", 40, "500.00", "1000.00"
# Placed, taken on, sent and received so many days ago.
DAYS_AGO = (60, 59, 57, 50)


def load(now: datetime) -> None:
    """After the units' demonstration; nothing is done where a package exists, nor while the days lie in last year."""
    days = [local_date(now) - timedelta(days=ago) for ago in DAYS_AGO]
    with tenant_selected(READY_TENANT):
        if Takeover.objects.exists() or days[0].year != fiscal_year(now):
            return
        with region_as("yz_region"):
            sender, confirmer = demo_actor(SENDER), demo_actor(CONFIRMER)
        with region_as("yz_mall"):
            unit = min(units_of(confirmer), key=lambda unit: unit.code)
            content = _workbook(unit.code, unit.name, days)
            package = services.receive_package(actor=sender, name="旧系统在途订单.xlsx", content=content, now=now)
            services.propose(actor=sender, takeover_id=package.pk, now=now)
            services.confirm(actor=confirmer, takeover_id=package.pk, now=now)


def _workbook(unit_code: str, unit_name: str, days: list[date]) -> bytes:
    year = days[0].year
    plan: dict[str, Any] = {"fiscal_year": year, "plan_number": f"JH{year}-JIU"}
    state = str(STATE_CHOICES["goods_accepted"])
    placed, accepted, shipped, received = (day.isoformat() for day in days)
    sheets: dict[str, list[dict[str, Any]]] = {
        "units": [{"unit_code": unit_code, "unit_name": unit_name}],
        "lines": [{
            **plan, "unit_code": unit_code, "plan_filed_on": f"{year}-01-10", "budget_item": "办公用品购置",
            "functional_class": "2050202", "economic_class": "30201", "fund_source": str(FUND_SOURCES["fiscal"]),
            "total": "5000.00", "frozen": TOTAL_OF_ALL, "spent": "0.00",
        }],
        "orders": [{
            "old_number": number, "state": state, "unit_code": unit_code, "supplier_code": SUPPLIER_CODE,
            "mode": str(MODES["direct"]), "clerk_name": "景经办（演示）", "approver_name": "沈审批（演示）",
            "acceptor_name": "颜验收（演示）", "certificate_number": f"YS-{number}", "carrier": "演示物流",
            "waybill": f"YD-{number}", "placed_on": placed, "accepted_on": accepted, "shipped_on": shipped,
            "received_on": received, "total": TOTAL, "delivery_address": "昌吉市演示路100号",
            "contact_name": "景经办（演示）", "contact_phone": "0994-0000000",
        } for number in NUMBERS],
        "goods": [{
            "old_number": number, "position": 1, "product_code": PENS, "title": "中性笔", "quantity": QUANTITY,
            "price": PRICE,
        } for number in NUMBERS],
        "fundings": [{"old_number": number, **plan, "amount": TOTAL} for number in NUMBERS],
        "controls": [
            {"unit_code": unit_code, **plan, "state": state, "orders": len(NUMBERS), "amount": TOTAL_OF_ALL}
        ],
    }  # fmt: skip
    return exporting.template(
        {
            name: [[_cell(row.get(column.name)) for column in BY_NAME[name].columns] for row in rows]
            for name, rows in sheets.items()
        }
    )


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
