"""What a bureau sets aside for its mall's fees, and telling it that little of it is left. Trade is never cut off."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM, Actor
from kernel.clock import fiscal_year, local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotPermitted
from shared_apps.fees.models import BudgetWarning, FeeBudget
from shared_apps.fees.rules.forecast import warning_due
from shared_apps.fees.selectors.reach import readable_tenant
from shared_apps.fees.selectors.years import years_of
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.registry.selectors import tenant_names


class BudgetUnchanged(Conflict):
    code = "fee-budget-unchanged"
    title = _("The budget is already set to this amount with this reference")


class PracticeMallPaysNothing(Conflict):
    code = "practice-mall-pays-nothing"
    title = _("A practice mall is never metered and owes nothing")


def set_budget(
    *,
    actor: Actor,
    tenant_code: str,
    year: int,
    amount: Decimal,
    budget_reference: str,
    reason: str = "",
    now: datetime,
) -> FeeBudget:
    """The bureau sets its mall's fee budget of this or the next fiscal year; a change tells why.

    Every change is a new version, the earlier ones stay. Raises NotPermitted, NotFound, InvalidInput,
    BudgetUnchanged and PracticeMallPaysNothing.
    """
    if not actor.is_system and not actor.has(Post.TIER_SUPERVISOR):
        raise NotPermitted
    if not actor.is_system and readable_tenant(actor, tenant_code).is_practice:
        raise PracticeMallPaysNothing(tenant=tenant_code)
    this_year = fiscal_year(local_date(now))
    if year not in (this_year, this_year + 1):
        raise InvalidInput(errors={"year": [str(_("A budget is set for this year or the next."))]})
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("fees", "budget", tenant_code, year))
        before = FeeBudget.objects.filter(tenant_code=tenant_code, year=year).order_by("-version").first()
        if before is not None:
            if (before.amount, before.budget_reference) == (amount, budget_reference):
                raise BudgetUnchanged(year=year)
            if not reason:
                raise InvalidInput(errors={"reason": [str(_("Say why the budget changes."))]})
        budget = FeeBudget.objects.create(
            tenant_code=tenant_code,
            year=year,
            version=before.version + 1 if before else 1,
            amount=amount,
            budget_reference=budget_reference,
            reason=reason,
            set_by=actor.user_id,
            set_by_name=actor.name,
            set_at=now,
        )
        record(
            actor=actor,
            event="fees.budget_set",
            object_type="fee_budget",
            object_id=f"{tenant_code}-{year}",
            facts={
                "tenant": tenant_code,
                "year": year,
                "version": budget.version,
                "amount": amount,
                "before": before.amount if before else None,
                "budget_reference": budget_reference,
                "reason": reason,
            },
            now=now,
        )
    return budget


def warn_budgets(*, now: datetime) -> int:
    """Tells every bureau whose budget of this year is used up to 80 or 100 per cent; once a version of the budget.

    Returns how many were told. Constant in malls but for those that are told.
    """
    year = fiscal_year(local_date(now))
    warned: dict[int, list[int]] = {}
    for budget_id, percent in BudgetWarning.objects.filter(budget__year=year).values_list("budget_id", "percent"):
        warned.setdefault(budget_id, []).append(percent)
    set_aside = set(FeeBudget.objects.filter(year=year).values_list("tenant_code", flat=True))
    tenants = {code: one for code, one in tenant_names(codes=set_aside).items() if not one.is_practice}
    told = 0
    for code, found in years_of(tenants=tenants, year=year, now=now).items():
        if found.budget is None:
            continue
        due = warning_due(
            used=found.used, budget=found.budget.amount, warned=warned.get(found.budget.budget_id, ())
        )  # fmt: skip
        if due is not None:
            told += _warn(code, found.budget.budget_id, year, due, found.used, found.budget.amount, now)
    return told


def _warn(
    tenant_code: str, budget_id: int, year: int, percent: int, used: Decimal, amount: Decimal, now: datetime
) -> int:
    """A second worker at the same time tells nothing."""
    try:
        with region_atomic():
            BudgetWarning.objects.create(budget_id=budget_id, percent=percent, used=used, warned_at=now)
            record(
                actor=SYSTEM,
                event="fees.budget_warned",
                object_type="fee_budget",
                object_id=f"{tenant_code}-{year}",
                facts={"tenant": tenant_code, "year": year, "percent": percent, "used": used, "amount": amount},
                now=now,
            )
    except IntegrityError as error:
        if "budget_warning_once" not in str(error):
            raise
        return 0
    return 1
