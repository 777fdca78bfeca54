"""The paper of a statement. Chinese whatever language a reader's pages have: it goes to Chinese offices."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.utils import translation

from kernel.clock import local_date
from shared_apps.fees.export import plain
from shared_apps.fees.rules.states import StatementState
from shared_apps.fees.selectors.issued import IssuedLine, StoredStatement
from shared_apps.fees.statement_words import STATES, line_words, unit_of
from webkit.documents import render

TEMPLATE = Path(__file__).parent / "documents" / "statement.typ"
# A paper of hundreds of pages helps nobody; the lines are few, the events are in the workbook.
LINES_MAX = 500
DEMO_MARK = "演示费率 · 不作缴费依据"


def statement_pdf(found: StoredStatement) -> bytes:
    """The document of a stored statement as it stands."""
    row = found.row
    with translation.override("zh-hans"):
        data = {
            "title": "平台使用费账单",
            "number": row.number,
            "month": f"{row.month.year}年{row.month.month}月",
            "mark": DEMO_MARK if row.tariff and row.tariff.is_demo else "",
            "seal": row.seal,
            "facts": [
                ["卖场", f"{row.tenant_name}（{row.tenant_code}）"],
                ["状态", str(STATES[StatementState(row.state)][0])],
                ["费率", f"第{row.tariff.version}版 {row.tariff.name}" if row.tariff else "无生效费率"],
                ["发出日期", local_date(row.issued_at).isoformat() if row.issued_at else "未发出"],
                ["异议截止", row.dispute_until.isoformat() if row.dispute_until else "—"],
                ["付款期限", row.pay_by.isoformat() if row.pay_by else "—"],
            ],
            "lines": [_line(line) for line in found.lines[:LINES_MAX]],
            "total": _amount(row.total),
            "shares": [
                {
                    "name": share.payer_name,
                    "percent": plain(share.percent),
                    "amount": _amount(share.amount),
                    "paid": _amount(share.paid),
                }
                for share in found.shares
            ],
            "notes": [
                "每行金额按费率计算，逐行四舍五入到分；合计为各行之和。",
                "更正行是以前月份按现有事件应计金额与已计金额之差；抵扣行是异议成立后的退还。",
                "各行所列事件见同号工作簿。",
            ],
        }
        return render(template=TEMPLATE, data=data, at=row.issued_at or row.metered_at)


def _line(line: IssuedLine) -> dict[str, object]:
    row = line.row
    return {
        "position": row.position,
        "words": line_words(row),
        "quantity": "" if row.quantity is None else plain(row.quantity),
        "unit": unit_of(row),
        "free": "" if row.free is None else plain(row.free),
        "billable": "" if row.billable is None else plain(row.billable),
        "events": row.event_count,
        "amount": _amount(row.amount),
    }


def _amount(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,.2f}"
