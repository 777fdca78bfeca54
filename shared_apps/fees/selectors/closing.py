"""Which malls' months are over and not metered yet, and what they wait for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connections

from kernel.clock import month_bounds
from shared_apps.fees.models import FeeStatement
from shared_apps.fees.rules.states import DisputeState, LineKind
from shared_apps.fees.selectors.usage import month_quantities
from tenants.database.context import REGION_ALIAS
from tenants.journaling.consumers import REGION_ROOM
from tenants.journaling.models import RelayCursor
from tenants.registry.selectors import tenant_names

# First month with a use that counts and no statement at or after it; practice malls have no uses.
_OLDEST = """
SELECT u.tenant_code, min(u.month)
  FROM fees_usageevent u
  LEFT JOIN (SELECT tenant_code, max(month) AS last FROM fees_feestatement GROUP BY 1) s USING (tenant_code)
 WHERE (s.last IS NULL OR u.month > s.last)
   AND NOT EXISTS (SELECT 1 FROM journaling_lostentry l
                    WHERE l.room = u.room AND l.epoch = u.epoch AND l.journal_id = u.journal_id)
 GROUP BY 1
"""
# Late uses, uses lost or given back since: something to correct.
_CHANGED = """
SELECT DISTINCT u.tenant_code
  FROM fees_usageevent u
  JOIN (SELECT tenant_code, max(month) AS last FROM fees_feestatement GROUP BY 1) s
    ON s.tenant_code = u.tenant_code AND u.month <= s.last
  LEFT JOIN LATERAL (SELECT max(n.turn) AS turn FROM fees_statementuse n WHERE n.usage_id = u.id) t ON true
 WHERE (t.turn IS NULL OR t.turn % 2 = 1)
       <> EXISTS (SELECT 1 FROM journaling_lostentry l
                   WHERE l.room = u.room AND l.epoch = u.epoch AND l.journal_id = u.journal_id)
"""
_CREDITS = """
SELECT DISTINCT s.tenant_code
  FROM fees_feedispute d JOIN fees_feestatement s ON s.id = d.statement_id
 WHERE d.state = %s AND NOT EXISTS (SELECT 1 FROM fees_statementline l WHERE l.kind = %s AND l.dispute_id = d.id)
"""


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A mall whose month has no statement. `reason`: the code of what it waits for, empty when nothing holds it."""

    tenant_code: str
    reason: str = ""


def oldest_unclosed() -> dict[str, date]:
    """The first month with uses that no statement has reached, by mall. One statement."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_OLDEST)
        return dict(cursor.fetchall())


def unclosed(*, month: date, codes: Collection[str] | None = None) -> list[Unclosed]:
    """Malls that owe something for the month, or whose earlier months changed, and have no statement yet."""
    oldest = oldest_unclosed()
    end = month_bounds(month.year, month.month)[1]
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_CHANGED)
        changed = {code for (code,) in cursor.fetchall()}
        cursor.execute(_CREDITS, [DisputeState.UPHELD, LineKind.CREDIT])
        changed |= {code for (code,) in cursor.fetchall()}
    levels = {code for (code, _month), found in month_quantities(codes=None, first=month, last=month).items() if found}
    done = set(FeeStatement.objects.filter(month__gte=month).values_list("tenant_code", flat=True))
    relayed = {
        room: at is not None and at >= end and not error
        for room, at, error in RelayCursor.objects.values_list("room", "relayed_at", "error")
    }
    region = relayed.get(REGION_ROOM, False)
    found = []
    for code, tenant in tenant_names(codes=codes).items():
        if tenant.is_practice or code in done:
            continue
        if code in oldest and oldest[code] < month:
            found.append(Unclosed(code, "earlier-month-open"))
        elif code in levels or code in changed or oldest.get(code) == month:
            found.append(Unclosed(code, "" if region and relayed.get(code, False) else "relay-behind"))
    return found
