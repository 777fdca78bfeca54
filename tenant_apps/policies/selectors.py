"""Reading local configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from shared_apps.classification.rules import kind_of
from shared_apps.products.rules import Label
from shared_apps.rulebook.rules import (
    ONLINE_SUPERMARKET,
    R_DECENTRALISED,
    R_DIRECT,
    R_GREEN,
    R_MODULE,
    R_RELIEF,
    R_SME_RESERVE,
    R_SME_SHARE,
    R_SPLIT_DECENTRALISED,
    R_SPLIT_TENDER,
    REQUIRED_THRESHOLDS,
    THRESHOLDS,
    Decision,
    Kind,
    Purchase,
    PurchaseLine,
    Rule,
    RuleSet,
    decide,
)
from shared_apps.rulebook.selectors import rule_set
from tenant_apps.budgets.selectors import lines_of
from tenant_apps.commitments.reading import Books, books
from tenant_apps.policies import checklist as registered
from tenant_apps.policies.checklist import ChecklistState
from tenant_apps.policies.models import MallModule, MallOpening, RuleAcknowledgement, RuleTightening, TariffAcceptance
from tenant_apps.policies.rules import BUILT, ModuleName, ModuleStatus, Tightening, tightened
from tenants.database.context import current_tenant
from webkit.navigation import try_reverse


def effective_rules(*, on: date) -> RuleSet:
    """The region's rules for this tenant's level on a day, with its stricter local values. Two statements."""
    return tightened(rules=rule_set(level=current_tenant().level, on=on), tightenings=open_tightenings())


def open_tightenings() -> tuple[Tightening, ...]:
    rows = RuleTightening.objects.filter(ended_at__isnull=True).order_by("code", "kind")
    return tuple(Tightening(row.code, row.kind, row.amount, row.parameters) for row in rows)


def module_open(module: str) -> bool:
    """Whether the module may be used in this tenant now. One statement."""
    return MallModule.objects.filter(name=module, state=ModuleStatus.OPEN).exists()


def opening() -> MallOpening | None:
    """When and with what the mall went live; None while it has not.

    A mall goes live with its first module: while none has ever been open there is no opening to read.
    """
    if not any(module.opened_at for module in modules()):
        return None
    return registered.once("opening", MallOpening.objects.first)


def has_opened() -> bool:
    """Whether the mall has gone live. One statement."""
    return MallOpening.objects.exists()


def modules_chosen() -> bool:
    """Whether some module is to open with the mall, or the mall has opened."""
    return any(module.state != ModuleStatus.CLOSED for module in modules()) or opening() is not None


@dataclass(frozen=True)
class ModuleView:
    name: str
    state: str
    built: bool
    opened_at: datetime | None
    closed_at: datetime | None
    changed_by_name: str


def modules() -> list[ModuleView]:
    """All five modules with their state here."""
    rows = registered.once("modules", lambda: {row.name: row for row in MallModule.objects.all()})
    views = []
    for name in ModuleName:
        row = rows.get(name)
        views.append(
            ModuleView(
                name=name,
                state=row.state if row else ModuleStatus.CLOSED,
                built=name in BUILT,
                opened_at=row.opened_at if row else None,
                closed_at=row.closed_at if row else None,
                changed_by_name=row.changed_by_name if row else "",
            )
        )
    return views


@dataclass(frozen=True)
class ThresholdView:
    """A threshold in force here, and whether the bureau has acknowledged this very version."""

    rule: Rule
    acknowledged_at: datetime | None
    acknowledged_by: str
    required: bool


def thresholds(*, on: date) -> list[ThresholdView]:
    """Every threshold of this level in force on a day."""
    rules = rule_set(level=current_tenant().level, on=on)
    read = {(row.code, row.version, row.level, row.kind): row for row in RuleAcknowledgement.objects.all()}
    needed = {pair for pairs in REQUIRED_THRESHOLDS.values() for pair in pairs}
    views = []
    for rule in sorted(rules.rules.values(), key=lambda one: (one.code, one.kind)):
        if rule.code in THRESHOLDS:
            row = read.get((rule.code, rule.version, rule.level, rule.kind))
            views.append(
                ThresholdView(
                    rule=rule,
                    acknowledged_at=row.acknowledged_at if row else None,
                    acknowledged_by=row.acknowledged_by_name if row else "",
                    required=(rule.code, rule.kind) in needed,
                )
            )
    return views


def required_thresholds(*, module: str = ONLINE_SUPERMARKET, on: date) -> list[ThresholdView]:
    """Those that a module cannot open without."""
    needed = set(REQUIRED_THRESHOLDS.get(module, ()))
    return [view for view in thresholds(on=on) if (view.rule.code, view.rule.kind) in needed]


def accepted_tariff() -> int | None:
    """The number of the tariff version accepted last."""
    return TariffAcceptance.objects.order_by("-tariff_version").values_list("tariff_version", flat=True).first()


def checklist(*, now: datetime | None = None) -> list[ChecklistState]:
    """Every go-live item as it stands now."""
    moment = now or utc_now()
    states = []
    with registered.looking():
        found = [(item, item.check(moment)) for item in registered.items()]
    for item, reason in found:
        states.append(
            ChecklistState(
                key=item.key,
                label=item.label,
                done=reason is None,
                reason=reason or "",
                action_url=try_reverse(item.action_url_name),
                region_url=_region_address(item.region_url_name),
                responsible=item.responsible,
            )
        )
    return states


def _region_address(name: str) -> str:
    return f"{settings.YZ_REGION_URL}{reverse(name, urlconf=settings.ROOT_URLCONF)}" if name else ""


def on_demo_rules(*, now: datetime) -> bool:
    """Some threshold that the open modules rest on is a demonstration value."""
    return any(view.rule.is_demo for view in required_thresholds(on=local_date(now)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A purchase nobody has asked for. What is left empty is not looked at."""

    amount: Decimal
    kind: str
    on: date
    unit_id: int | None = None
    budget_item: str = ""
    item_code: str = ""
    supplier_size: str = ""
    certified: bool = False


def supposed_from(wanted: Mapping[str, Any], *, today: date) -> Supposed:
    """What a form or program asked for; without a day it is today."""
    return Supposed(
        amount=wanted["amount"],
        kind=wanted["kind"],
        on=wanted["on"] or today,
        unit_id=wanted["unit"],
        budget_item=wanted["budget_item"],
        item_code=wanted["item"],
        supplier_size=wanted["supplier_size"],
        certified=wanted["certified"],
    )


# Rules that need nothing but what is supposed; supplier, plan, offers and prices are looked at when an order is made.
SUPPOSABLE = frozenset(
    {
        *(R_MODULE, R_DECENTRALISED, R_DIRECT, R_SPLIT_TENDER, R_SPLIT_DECENTRALISED),
        *(R_SME_RESERVE, R_SME_SHARE, R_RELIEF, R_GREEN),
    }
)


def what_if(*, actor: Actor, supposed: Supposed) -> list[Decision]:
    """What the rules would say of a purchase, by the ledger of the unit as it is now. Writes nothing.

    Raises NotFound for a unit that is not the actor's to read.
    """
    rules = effective_rules(on=supposed.on)
    kind = kind_of(supposed.item_code) if supposed.item_code else supposed.kind
    labels = (Label.ENERGY.value,) if supposed.certified else ()
    amount = supposed.amount
    line = PurchaseLine("", supposed.item_code, kind, 1, amount, amount, amount, True, True, labels=labels)
    found = _books_of(actor, supposed)
    knows_item = found is not None and supposed.budget_item and supposed.item_code and kind != Kind.WORKS
    asked = {(supposed.budget_item, supposed.item_code): amount}
    purchase = Purchase(
        module=ONLINE_SUPERMARKET,
        level=rules.level,
        kind=kind,
        total=amount,
        fiscal_year=supposed.on.year,
        lines=(line,),
        supplier_standing="",
        supplier_code="",
        budget_year=None,
        plan_filed=False,
        supplier_size=supposed.supplier_size,
        committed=found.committed(asked) if found and knows_item else None,
        shares=found.shares if found and supposed.supplier_size else None,
        relief=found.relief if found else None,
    )
    return [one for one in decide(purchase=purchase, rules=rules) if one.rule in SUPPOSABLE]


def _books_of(actor: Actor, supposed: Supposed) -> Books | None:
    if supposed.unit_id is None:
        return None
    lines = lines_of(actor=actor, unit_id=supposed.unit_id, fiscal_year=supposed.on.year)
    ids = [line.id for line in lines if line.budget_item == supposed.budget_item]
    return books(unit_id=supposed.unit_id, fiscal_year=supposed.on.year, line_ids=ids)


def region_rules(*, on: date) -> RuleSet:
    """The region's rules for this level without local values: what bounds are measured against."""
    return rule_set(level=current_tenant().level, on=on)
