"""Local decisions of a finance level: what it acknowledged, where it is stricter, which modules are open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.fields import MoneyField, money_check
from tenant_apps.policies.rules import TIGHTENABLE, ModuleName, ModuleStatus
from tenants.database.models import TenantModel


class RuleAcknowledgement(TenantModel):
    """The bureau has read this version of a threshold. Append-only; `snapshot` is the rule as it read then."""

    code = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    level = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    is_demo = models.BooleanField()
    snapshot = models.JSONField()
    acknowledged_at = models.DateTimeField()
    acknowledged_by_id = models.BigIntegerField(null=True)
    acknowledged_by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="rule_acknowledged_once", fields=["code", "version", "level", "kind"]),
        )

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class RuleTightening(TenantModel):
    """A local value stricter than the region's. A new one ends the one before."""

    code = models.CharField(max_length=24)
    kind = models.CharField(max_length=12)
    amount = MoneyField(null=True)  # type: ignore[misc]  # the field's type knows no null
    parameters = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    document_number = models.CharField(max_length=80, blank=True)
    set_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)
    set_by_name = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="rule_tightening_one_open", fields=["code", "kind"], condition=Q(ended_at__isnull=True)
            ),
            # Limits of law are set by the region alone (Government Procurement Law arts. 8, 27).
            models.CheckConstraint(name="rule_tightening_of_local_rules", condition=Q(code__in=TIGHTENABLE)),
            models.CheckConstraint(
                name="rule_tightening_amount_is_money",
                condition=Q(amount__isnull=True) | money_check("amount") & Q(amount__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.code


class MallModule(TenantModel):
    """One of the five modules and whether it is open here. No row: it was never opened."""

    name = models.CharField(max_length=24, unique=True, choices=[(name.value, name.value) for name in ModuleName])
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in ModuleStatus])
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="mall_module_open_says_since_when",
                condition=~Q(state=ModuleStatus.OPEN.value) | Q(opened_at__isnull=False, closed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.name


class MallOpening(TenantModel):
    """The mall went live. One row at most, append-only: a mall opens once."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_name = models.CharField(max_length=40)
    modules = models.JSONField()
    on_demo_rules = models.BooleanField()

    class Meta:
        constraints = (models.CheckConstraint(name="mall_opens_once", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d}"


class ChecklistStanding(TenantModel):
    """How far the checklist was when the region was told last: what did not change is not told again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    done = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    missing = models.JSONField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(name="checklist_standing_is_one", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class TariffAcceptance(TenantModel):
    """The bureau accepted this version of the fee tariff. Append-only."""

    tariff_version = models.PositiveIntegerField(unique=True)
    is_demo = models.BooleanField()
    snapshot = models.JSONField()
    accepted_at = models.DateTimeField()
    accepted_by_id = models.BigIntegerField(null=True)
    accepted_by_name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return str(self.tariff_version)
