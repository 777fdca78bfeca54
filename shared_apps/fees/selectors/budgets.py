"""Reading who bears a mall's fees, by the rules of shares."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kernel.problems import NotFound
from shared_apps.fees.models import CostShareRule
from shared_apps.fees.rules.shares import REGION_PAYER, WHOLE, Part, in_force, possible_payers
from tenants.divisions.models import Level
from tenants.divisions.selectors import places, supervisors
from tenants.registry.selectors import TenantName, tenant_names


@dataclass(frozen=True, slots=True)
class ShareRule:
    """A rule of who bears a mall's fees, with its history."""

    rule_id: int
    tenant_code: str
    valid_from: date
    document_number: str
    parts: tuple[Part, ...]
    entered_by_name: str
    entered_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str


def share_rules(*, tenant_codes: Collection[str] | None = None, standing_only: bool = False) -> list[ShareRule]:
    """Rules of these malls, the latest first; four statements at most whatever their number."""
    rows = CostShareRule.objects.order_by("-valid_from", "-id").prefetch_related("parts")
    if tenant_codes is not None:
        rows = rows.filter(tenant_code__in=tenant_codes)
    if standing_only:
        rows = rows.filter(withdrawn_at=None)
    found = list(rows)
    if not found:
        return []
    names = payer_names(names=tenant_names())
    return [
        ShareRule(
            row.pk, row.tenant_code, row.valid_from, row.document_number,
            tuple(
                Part(part.payer_code, names.get(part.payer_code, part.payer_code), part.percent)
                for part in sorted(row.parts.all(), key=lambda part: part.payer_code)
            ),
            row.entered_by_name, row.entered_at, row.withdrawn_at, row.withdrawn_reason,
        )
        for row in found
    ]  # fmt: skip


def share_rule(*, rule_id: int) -> ShareRule:
    """For region staff. Raises NotFound."""
    code = CostShareRule.objects.filter(pk=rule_id).values_list("tenant_code", flat=True).first()
    found = [] if code is None else [row for row in share_rules(tenant_codes=[code]) if row.rule_id == rule_id]
    if not found:
        raise NotFound(share_rule=rule_id)
    return found[0]


def payer_names(*, names: dict[str, TenantName]) -> dict[str, str]:
    """What payers are called: malls, divisions without one, and the region; one statement."""
    known = places()
    region = next((place.name for place in known.values() if place.level == Level.PROVINCE), REGION_PAYER)
    divisions = {code: place.name for code, place in known.items()}
    return {**divisions, **{code: tenant.name for code, tenant in names.items()}, REGION_PAYER: region}


def cost_shares(*, tenant_code: str, month: date) -> tuple[Part, ...]:
    """Who bears a mall's fees of a month; without a rule its own level all of them."""
    return cost_shares_of_all(tenant_codes=[tenant_code], month=month)[tenant_code]


def cost_shares_of_all(*, tenant_codes: Collection[str], month: date) -> dict[str, tuple[Part, ...]]:
    """`cost_shares` of many malls; five statements whatever their number."""
    names = tenant_names(codes=tenant_codes)
    rules: dict[str, list[ShareRule]] = {}
    for rule in share_rules(tenant_codes=tenant_codes, standing_only=True):
        rules.setdefault(rule.tenant_code, []).append(rule)
    found = {}
    for code in tenant_codes:
        standing = in_force(rules.get(code, ()), month)
        found[code] = standing.parts if standing else (own_level(code, names),)
    return found


def own_level(code: str, names: dict[str, TenantName]) -> Part:
    """The whole of a mall's fees for its own level."""
    return Part(code, names[code].name if code in names else code, Decimal(WHOLE))


def payers_for(*, tenant_code: str) -> list[tuple[str, str]]:
    """Codes and names of those who may bear a part of a mall's fees; three statements."""
    known = places()
    top = frozenset(code for code, place in known.items() if place.level == Level.PROVINCE and code != tenant_code)
    codes = possible_payers(tenant_code=tenant_code, above=supervisors(), top=top)
    names = payer_names(names=tenant_names())
    return [(code, names.get(code, code)) for code in codes]
