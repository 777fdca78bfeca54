"""Suppliers that may belong together: the same legal representative, address, telephone or shareholder.

A finding for supervisors to look into (Implementing Regulation arts. 18, 74), not a judgement. One statement over the
whole library; texts are compared by their keys (rules.names).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import connections

from kernel.actor import Actor
from shared_apps.suppliers.permissions import SUPERVISORS
from tenants.database.context import REGION_ALIAS

GROUPS_MAX = 500


class Tie(StrEnum):
    REPRESENTATIVE = "representative"
    ADDRESS = "address"
    PHONE = "phone"
    SHAREHOLDER = "shareholder"


# Who holds a share in one and leads another, or is another, is a tie as well: `is_share` tells a share from those.
_TIES = """
WITH ties(tie, key, shown, supplier_id, is_share) AS (
    SELECT 'representative', representative_key, legal_representative, id, true
      FROM suppliers_supplier WHERE representative_key <> ''
    UNION ALL
    SELECT 'address', address_key, address, id, true FROM suppliers_supplier WHERE address_key <> ''
    UNION ALL
    SELECT 'phone', phone_key, phone, id, true FROM suppliers_supplier WHERE phone_key <> ''
    UNION ALL
    SELECT 'shareholder', key, name, supplier_id, true FROM suppliers_shareholder
    UNION ALL
    SELECT 'shareholder', s.representative_key, s.legal_representative, s.id, false FROM suppliers_supplier s
     WHERE EXISTS (SELECT 1 FROM suppliers_shareholder h WHERE h.key = s.representative_key)
), groups AS (
    SELECT tie, key, min(shown) AS shown, array_agg(DISTINCT supplier_id ORDER BY supplier_id) AS ids
      FROM ties
     WHERE (%(tie)s = '' OR tie = %(tie)s)
       AND (%(supplier_id)s = 0
            OR (tie, key) IN (SELECT own.tie, own.key FROM ties own WHERE own.supplier_id = %(supplier_id)s))
     GROUP BY tie, key
    HAVING count(DISTINCT supplier_id) > 1 AND bool_or(is_share)
     ORDER BY count(DISTINCT supplier_id) DESC, tie, key
     LIMIT %(groups_max)s
)
SELECT g.tie, g.shown, s.id, s.uscc, s.name, s.standing
  FROM groups g JOIN suppliers_supplier s ON s.id = ANY(g.ids)
 ORDER BY cardinality(g.ids) DESC, g.tie, g.key, s.id
"""


@dataclass(frozen=True, slots=True)
class Related:
    id: int
    uscc: str
    name: str
    standing: str


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """Suppliers with one tie; `shown` is the text of it as one of them wrote it."""

    tie: Tie
    shown: str
    suppliers: tuple[Related, ...]


def related_suppliers(*, actor: Actor, tie: str = "", supplier_id: int = 0) -> list[RelatedGroup]:
    """The largest groups first; with `supplier_id` only those it is in. Nobody but supervisors sees any."""
    if not (actor.is_system or actor.posts & SUPERVISORS):
        return []
    given: dict[str, str | int] = {"tie": tie, "supplier_id": supplier_id, "groups_max": GROUPS_MAX}
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_TIES, given)
        rows = cursor.fetchall()
    groups: dict[tuple[str, str], list[Related]] = {}
    for found, shown, *supplier in rows:
        groups.setdefault((found, shown), []).append(Related(*supplier))
    return [RelatedGroup(Tie(found), shown, tuple(suppliers)) for (found, shown), suppliers in groups.items()]
