"""What a purchase asks of local configuration, without a statement of its own: the write path counts them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections

from shared_apps.rulebook.rules import RuleSet
from tenant_apps.policies.rules import ModuleStatus, Tightening, tightened
from tenants.database.context import TENANT_ALIAS, current_tenant

# Asks nothing of the row it stands beside: the server works it out once a statement.
_LOCAL = """(SELECT jsonb_build_object(
    'open', EXISTS (SELECT 1 FROM policies_mallmodule WHERE name = %s AND state = %s),
    'tightenings', (SELECT coalesce(jsonb_agg(jsonb_build_array(code, kind, amount::text, parameters)
                                              ORDER BY code, kind), '[]')
                      FROM policies_ruletightening WHERE ended_at IS NULL)))"""


@dataclass(frozen=True, slots=True)
class Local:
    """Whether the module is open here, and the open local values, as of one statement."""

    is_open: bool
    tightenings: tuple[Tightening, ...]

    def rules(self, *, on: date, region: Callable[..., RuleSet]) -> RuleSet:
        """`selectors.effective_rules` with these local values; `region` is `rule_set` or `recent_rule_set`."""
        return tightened(rules=region(level=current_tenant().level, on=on), tightenings=self.tightenings)


def local_beside(module: str) -> tuple[str, list[str]]:
    """An expression with its parameters for another statement of the tenant's to carry; `local_from` reads it."""
    return _LOCAL, [module, ModuleStatus.OPEN]


def local_from(stored: Any, *, module: str) -> Local:
    """`stored` is what `local_beside` gave; None, when that statement found no row, asks by itself."""
    if stored is None:
        with connections[TENANT_ALIAS].cursor() as cursor:
            cursor.execute(f"SELECT {_LOCAL}::text", [module, ModuleStatus.OPEN])
            stored = json.loads(cursor.fetchone()[0])
    return Local(
        is_open=stored["open"],
        tightenings=tuple(
            Tightening(code, kind, None if amount is None else Decimal(amount), parameters)
            for code, kind, amount, parameters in stored["tightenings"]
        ),
    )
