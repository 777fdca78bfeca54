"""Budget lines by Excel: judged as a whole, stored once, and the same file again changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel import spreadsheets
from kernel.actor import Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import NotPermitted
from tenant_apps.budgets import line_importing, services, years
from tenant_apps.budgets.importing import RowsRefused
from tenant_apps.budgets.models import BudgetItem, BudgetLine
from tenant_apps.budgets.selectors import lines_of, statement
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.rules import bureau_of

A = "990001"
NOW = utc_now()
NAMES = [column.name for column in line_importing.COLUMNS]
ROW = {
    "unit_code": "001001", "fiscal_year": str(NOW.year), "plan_number": "JH-1", "quota_number": "ZB-1",
    "budget_item": "公用经费", "project_code": "X-1", "project_name": "改善办学条件", "functional_class": "2050203",
    "economic_class": "30201", "fund_source": "财政拨款", "total": "5000.00", "plan_filed_on": f"{NOW.year}-01-05",
}  # fmt: skip


def _file(*rows: dict[str, str]) -> bytes:
    texts = [[row.get(name, "") for name in NAMES] for row in rows]
    return spreadsheets.write(title="指标", columns=line_importing.COLUMNS, rows=texts)


def _preview(content: bytes) -> line_importing.LinesView:
    return line_importing.preview_file(actor=bureau_of(A), content=content, now=NOW)


def _import(found: line_importing.LinesView) -> line_importing.LinesView:
    rows: list[Any] = [row.values for row in found.rows]
    return line_importing.import_lines(actor=bureau_of(A), rows=rows, now=NOW)


def test_a_file_is_previewed_stored_and_sent_again_and_comes_back_as_it_was() -> None:
    make_unit(A)
    content = _file(ROW, {**ROW, "plan_number": "JH-2", "quota_number": "", "plan_filed_on": "", "total": "70"})
    with tenant_selected(A):
        found = _preview(content)
        assert (found.created, found.unchanged, found.total, found.errors) == (2, 0, Decimal("5070.00"), ())
        assert BudgetLine.objects.count() == 0
        _import(found)
        line = BudgetLine.objects.select_related("item").get(plan_number="JH-1")
        assert (line.total, line.plan_filed_on, line.item.project_code) == (5000, date(NOW.year, 1, 5), "X-1")
        assert (BudgetItem.objects.count(), statement(actor=bureau_of(A), line_id=line.pk).adds_up) == (1, True)
        events = JournalEntry.objects.filter(event="budgets.lines_imported").count()
        # An adjustment later changes nothing of what the file says.
        services.allot(actor=bureau_of(A), line_id=line.pk, change=Decimal(-1), reason="核减", now=NOW)
        assert (_import(_preview(content)).created, BudgetLine.objects.count()) == (0, 2)
        assert JournalEntry.objects.filter(event="budgets.lines_imported").count() == events == 1
        rows = list(line_importing.exported(lines_of(actor=bureau_of(A))))
        again = _preview(spreadsheets.write(title="指标", columns=line_importing.COLUMNS, rows=rows))
        assert (again.created, again.unchanged, again.errors) == (0, 2, ())


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"unit_code": "009"}, "unit_code"),
        ({"unit_code": "1"}, "unit_code"),
        ({"fund_source": "别的钱"}, "fund_source"),
        ({"total": "0"}, "total"),
        ({"total": "1e3"}, "total"),
        ({"plan_filed_on": "2199-01-01"}, "plan_filed_on"),
        ({"plan_number": "JH-0", "total": "1.00"}, "total"),
        ({"plan_number": "JH-0", "total": "500000.00", "quota_number": "", "budget_item": "别的"}, "budget_item"),
        ({"fiscal_year": "2001", "quota_number": ""}, "fiscal_year"),
        ({"quota_number": "ZB-0"}, "quota_number"),
        ({"functional_class": "2050 203"}, "functional_class"),
    ],
)
def test_a_wrong_cell_keeps_every_row_out(change: dict[str, str], column: str) -> None:
    unit = make_unit(A)
    make_line(A, unit.pk, plan_number="JH-0")
    make_line(A, unit.pk, plan_number="JH-00", quota_number="ZB-0")
    make_line(A, unit.pk, plan_number="JH-OLD", fiscal_year=2001)
    with tenant_selected(A):
        years.begin_closing(actor=bureau_of(A), year=2001, now=NOW)
        found = _preview(_file({**ROW, "plan_number": "JH-9", "quota_number": "ZB-9"}, {**ROW, **change}))
        assert [(one.row, one.column) for one in found.errors] == [(3, column)]
        lines = BudgetLine.objects.count()
        if found.rows and len(found.rows) == 1 and len(found.data) == 2:
            texts = [dict(row) for row in found.data]
            for row in texts:
                row.update(fiscal_year=int(row["fiscal_year"]), total=Decimal(row["total"]))  # type: ignore[call-overload]
                row.setdefault("quota_number", "")
                filed = row.get("plan_filed_on")
                row["plan_filed_on"] = date.fromisoformat(filed) if filed else None  # type: ignore[assignment]
            with pytest.raises(RowsRefused):
                line_importing.import_lines(actor=bureau_of(A), rows=texts, now=NOW)
        assert BudgetLine.objects.count() == lines


def test_a_number_twice_and_a_stranger_are_refused() -> None:
    make_unit(A)
    clerk = Actor(user_id=5, name="经办", tenant=A, held=(HeldPost(Post.BUYER_CLERK, 11),))
    with tenant_selected(A):
        found = _preview(_file(ROW, ROW, {**ROW, "plan_number": "JH-3"}))
        assert [(one.row, one.column) for one in found.errors] == [(3, "plan_number"), (4, "quota_number")]
        with pytest.raises(NotPermitted):
            line_importing.preview_file(actor=clerk, content=_file(ROW), now=NOW)
