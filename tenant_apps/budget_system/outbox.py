"""What is to be told is written beside the ledger's entries, in their transaction; it is sent after the commit.

Only lines with a quota number are told: the others that system does not know.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import connections
from kombu.exceptions import OperationalError

from tenant_apps.budget_system.rules import REPORTED
from tenant_apps.budgets import postings
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_on_commit

logger = logging.getLogger(__name__)

_INSERT = """
INSERT INTO budget_system_budgetreport
       (entry_id, number, kind, line_id, order_id, quota_number, unit_code, fiscal_year, amount, state, state_reason,
        reference, attempts, last_error, created_at, next_due_at, version)
SELECT entry.id, 'YS' || %(tenant)s || lpad(entry.id::text, 12, '0'),
       CASE entry.kind WHEN 'trim' THEN 'release' ELSE entry.kind END, line.id, entry.order_id, line.quota_number,
       unit.code, line.fiscal_year, entry.amount, 'waiting', '', '', 0, '', %(now)s, %(now)s, 1
  FROM budgets_budgetentry entry
  JOIN budgets_budgetline line ON line.id = entry.line_id AND line.quota_number <> ''
  JOIN budgets_budgetunit unit ON unit.id = line.unit_id
 WHERE entry.id = ANY(%(entries)s) AND entry.kind = ANY(%(kinds)s)
 ORDER BY entry.id
"""


def note(entry_ids: Sequence[int], now: datetime) -> None:
    """A report for each entry that is to be told. One statement, inside the transaction of the entries."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "tenant": current_tenant().code,
                "entries": list(entry_ids),
                "kinds": [str(kind) for kind in REPORTED],
                "now": now,
            },
        )
        if cursor.rowcount:
            tenant_on_commit(wake_sending)


def register() -> None:
    postings.register("budget_system", note)


def wake_sending() -> None:
    """Only a wake-up: the sweep finds what a lost one missed, so a broker that is away undoes nothing."""
    # The tasks call the services, which call this: the name is looked up when it is needed.
    from tenant_apps.budget_system.tasks import send_due

    try:
        send_due.enqueue(tenant=current_tenant().code)
    except OperationalError as error:
        logger.warning("reports not woken in %s: %s", current_tenant().code, error)
