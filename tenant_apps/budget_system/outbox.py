"""What is to be told is written beside the ledger's entries, in their transaction; it is sent after the commit.

Only lines with a quota number are told: the others that system does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from kernel.wakeups import wake
from tenant_apps.budget_system.rules import REPORTED
from tenant_apps.budgets import postings
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_on_commit

# One primary key is looked up for each entry: every order pays for this statement, whether its lines are told or not.
_INSERT = """
INSERT INTO budget_system_budgetreport
       (entry_id, number, kind, line_id, order_id, quota_number, unit_code, fiscal_year, amount, state, state_reason,
        reference, attempts, last_error, created_at, next_due_at, version)
SELECT told.entry_id, told.number, told.kind, line.id, told.order_id, line.quota_number,
       (SELECT unit.code FROM budgets_budgetunit unit WHERE unit.id = line.unit_id), line.fiscal_year, told.amount,
       'waiting', '', '', 0, '', %s, %s, 1
  FROM (VALUES {rows}) AS told (entry_id, number, kind, line_id, order_id, amount)
  JOIN budgets_budgetline line ON line.id = told.line_id AND line.quota_number <> ''
"""
_ROW = "(%s::bigint, %s, %s, %s::bigint, %s::bigint, %s::numeric)"


def note(entries: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """A report for each entry that is to be told. At most one statement, inside the transaction of the entries."""
    told = [entry for entry in entries if entry["kind"] in REPORTED]
    if not told:
        return
    tenant = current_tenant().code
    values: list[Any] = [now, now]
    for entry in told:
        number = f"YS{tenant}{entry['id']:012}"
        kind = REPORTED[entry["kind"]]
        values += [entry["id"], number, kind, entry["line_id"], entry["order_id"], entry["amount"]]
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_INSERT.replace("{rows}", ", ".join([_ROW] * len(told))), values)
        if cursor.rowcount:
            tenant_on_commit(wake_sending)


def register() -> None:
    postings.register("budget_system", note)


def wake_sending() -> None:
    """Tells the worker that reports wait."""
    # The tasks call the services, which call this: the name is looked up when it is needed.
    from tenant_apps.budget_system.tasks import send_due

    wake(send_due.enqueue, tenant=current_tenant().code)
