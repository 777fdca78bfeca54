"""What a purchase asks of local configuration, in one statement of the tenant's: the write path counts them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from django.db import connections

from shared_apps.rulebook.rules import RuleSet
from shared_apps.rulebook.selectors import rule_set
from tenant_apps.policies.rules import ModuleStatus, Tightening, tightened
from tenants.database.context import TENANT_ALIAS, current_tenant

_OPEN_AND_TIGHTENED = """
SELECT EXISTS (SELECT 1 FROM policies_mallmodule WHERE name = %s AND state = %s),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(code, kind, amount::text, parameters) ORDER BY code, kind), '[]')
          FROM policies_ruletightening WHERE ended_at IS NULL)
"""


def rules_if_open(*, module: str, on: date) -> RuleSet | None:
    """`selectors.effective_rules`, or None while the module is closed here. One statement, and the region's own."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_OPEN_AND_TIGHTENED, [module, ModuleStatus.OPEN])
        is_open, rows = cursor.fetchone()
    if not is_open:
        return None
    # Raw cursors give jsonb as text or as a list, by what the driver has registered.
    stored = json.loads(rows) if isinstance(rows, str) else rows
    local = tuple(
        Tightening(code, kind, None if amount is None else Decimal(amount), parameters)
        for code, kind, amount, parameters in stored
    )
    return tightened(rules=rule_set(level=current_tenant().level, on=on), tightenings=local)
