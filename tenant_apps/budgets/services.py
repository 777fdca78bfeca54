"""Writing units and lines; the ledger's own writes are `ledger`'s, given on here for the steps of orders."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.budgets.ledger import (
    AlreadyFrozen,
    BudgetInsufficient,
    NothingFrozen,
    NothingSpent,
    add_entries,
    freeze,
    give_back,
    release,
    release_part,
    shortfall,
    spend,
)
from tenant_apps.budgets.models import Adjustment, BudgetItem, BudgetLine, BudgetUnit, FiscalYear
from tenant_apps.budgets.rules import AdjustmentKind, AdjustmentState, EntryKind
from tenant_apps.budgets.selectors import unit_organisations
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic

__all__ = [
    "AlreadyFrozen",
    "BudgetInsufficient",
    "LineClosed",
    "LineExists",
    "NothingFrozen",
    "NothingSpent",
    "UnitExists",
    "allot",
    "create_line",
    "create_unit",
    "file_plan",
    "freeze",
    "give_back",
    "release",
    "release_part",
    "spend",
]


class UnitExists(Conflict):
    code = "budget-unit-exists"
    title = _("A budget unit with this code exists already")


class LineExists(Conflict):
    code = "budget-line-exists"
    title = _("The unit has a budget line with this plan number in that year already")


class LineClosed(Conflict):
    """Nothing is allotted, moved or planned on a line whose year is being closed."""

    code = "budget-line-closed"
    title = _("The fiscal year is being closed or is closed")


def create_unit(*, actor: Actor, code: str, name: str, organisation_id: int, now: datetime) -> BudgetUnit:
    """A budget unit of this finance level, of one of its own organisations.

    Raises UnitExists, InvalidInput for a stranger's organisation, NotPermitted.
    """
    require_bureau(actor)
    if organisation_id not in unit_organisations():
        raise InvalidInput(errors={"organisation_id": [str(_("Choose an organisation of this level."))]})
    try:
        with tenant_atomic():
            unit = BudgetUnit.objects.create(code=code, name=name, organisation_id=organisation_id, created_at=now)
            record(
                actor=actor,
                event="budgets.unit_created",
                object_type="budget_unit",
                object_id=unit.pk,
                facts={"code": code, "name": name, "organisation_id": organisation_id},
                now=now,
            )
    except IntegrityError as error:
        if "budgets_budgetunit_code" in str(error):
            raise UnitExists(code_taken=code) from error
        raise
    return unit


def create_line(
    *,
    actor: Actor,
    unit_id: int,
    fiscal_year: int,
    plan_number: str,
    plan_filed_on: date | None,
    budget_item: str,
    fund_source: str,
    functional_class: str,
    economic_class: str,
    total: Decimal,
    now: datetime,
    project_code: str = "",
    project_name: str = "",
    quota_number: str = "",
) -> BudgetLine:
    """A budget line with its first allotment, of a budget item that is entered with it when it is new.

    Raises NotFound, LineExists, LineClosed, InvalidInput, NotPermitted.
    """
    require_bureau(actor)
    unit = BudgetUnit.objects.filter(pk=unit_id, is_active=True).first()
    if unit is None:
        raise NotFound(unit_id=unit_id)
    if plan_filed_on is not None and plan_filed_on > local_date(now):
        raise InvalidInput(errors={"plan_filed_on": [str(_("The filing date lies in the future."))]})
    try:
        with tenant_atomic():
            if FiscalYear.objects.filter(year=fiscal_year, closing_at__isnull=False).exists():
                raise LineClosed(fiscal_year=fiscal_year)
            item, _new = BudgetItem.objects.get_or_create(
                unit=unit,
                name=budget_item,
                project_code=project_code,
                functional_class=functional_class,
                economic_class=economic_class,
                fund_source=fund_source,
                defaults={"project_name": project_name},
            )
            line = BudgetLine.objects.create(
                unit=unit,
                item=item,
                quota_number=quota_number,
                fiscal_year=fiscal_year,
                plan_number=plan_number,
                plan_filed_on=plan_filed_on,
                budget_item=budget_item,
                fund_source=fund_source,
                functional_class=functional_class,
                economic_class=economic_class,
                total=total,
                created_at=now,
            )
            post_total(actor=actor, line=line, kind=EntryKind.ALLOT, amount=total, reason="", now=now)
            record(
                actor=actor,
                event="budgets.line_created",
                object_type="budget_line",
                object_id=line.pk,
                facts={**line_facts(line), "budget_item": budget_item, "total": total},
                now=now,
            )
    except IntegrityError as error:
        if "budget_line_plan_once" in str(error):
            raise LineExists(plan_number=plan_number, fiscal_year=fiscal_year) from error
        if "budget_line_quota_once" in str(error):
            raise LineExists(quota_number=quota_number, fiscal_year=fiscal_year) from error
        raise
    return line


def allot(*, actor: Actor, line_id: int, change: Decimal, reason: str, now: datetime, document: str = "") -> BudgetLine:
    """Adds to a line's total (or takes away, with a negative `change`), never below what is frozen and spent.

    Raises NotFound, InvalidInput, BudgetInsufficient, LineClosed.
    """
    require_bureau(actor)
    if change == 0 or not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give an amount and the reason for the change."))]})
    with tenant_atomic():
        line = locked_lines([line_id])[0]
        require_left(line, -change)
        kind = EntryKind.INCREASE if change > 0 else EntryKind.REDUCE
        post_total(actor=actor, line=line, kind=kind, amount=abs(change), reason=reason, now=now)
        line.total += change
        line.save(update_fields=["total"])
        Adjustment.objects.create(
            kind=AdjustmentKind.INCREASE if change > 0 else AdjustmentKind.DECREASE,
            line=line,
            amount=abs(change),
            reason=reason,
            document=document,
            state=AdjustmentState.APPLIED,
            asked_by_id=actor.user_id,
            asked_by_name=actor.name,
            asked_at=now,
            decided_by_id=actor.user_id,
            decided_by_name=actor.name,
            decided_at=now,
        )
        record(
            actor=actor,
            event="budgets.line_adjusted",
            object_type="budget_line",
            object_id=line.pk,
            facts={
                **line_facts(line), "change": change, "total": line.total, "reason": reason, "document": document,
            },
            now=now,
        )  # fmt: skip
    return line


def locked_lines(ids: list[int]) -> list[BudgetLine]:
    """Open lines, locked in the order of their ids, in the order asked for. Raises NotFound, LineClosed."""
    rows = (
        BudgetLine.objects.select_related("unit")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk__in=ids)
        .order_by("pk")
    )
    found = {line.pk: line for line in rows}
    if missing := set(ids) - set(found):
        raise NotFound(line_ids=sorted(missing))
    if closed := [line for line in found.values() if not line.is_open]:
        raise LineClosed(fiscal_year=closed[0].fiscal_year)
    return [found[key] for key in ids]


def require_left(line: BudgetLine, amount: Decimal) -> None:
    """A line gives up no more than is neither frozen nor spent. Raises BudgetInsufficient."""
    left = line.total - line.frozen - line.spent
    if amount > left:
        raise BudgetInsufficient(lines=shortfall({line.pk: amount}, {line.pk: left}), asked=amount, available=left)


def file_plan(*, actor: Actor, line_id: int, filed_on: date, now: datetime) -> BudgetLine:
    """Notes the day the line's procurement plan was filed. Source: Implementing Regulation art. 29."""
    require_bureau(actor)
    if filed_on > local_date(now):
        raise InvalidInput(errors={"filed_on": [str(_("The filing date lies in the future."))]})
    with tenant_atomic():
        line = locked_lines([line_id])[0]
        if line.plan_filed_on is not None:
            raise Conflict(_("The plan of this line is filed already."), filed_on=line.plan_filed_on)
        line.plan_filed_on = filed_on
        line.save(update_fields=["plan_filed_on"])
        record(
            actor=actor,
            event="budgets.plan_filed",
            object_type="budget_line",
            object_id=line.pk,
            facts={**line_facts(line), "filed_on": filed_on.isoformat()},
            now=now,
        )
    return line


def require_bureau(actor: Actor) -> None:
    if not actor.is_system and not actor.has(Post.TIER_SUPERVISOR):
        raise NotPermitted


def line_facts(line: BudgetLine) -> dict[str, Any]:
    return {
        "unit_id": line.unit_id,
        "unit_code": line.unit.code,
        "unit_name": line.unit.name,
        "organisation_id": line.unit.organisation_id,
        "fiscal_year": line.fiscal_year,
        "plan_number": line.plan_number,
    }


def post_total(
    *,
    actor: Actor,
    line: BudgetLine,
    kind: EntryKind,
    amount: Decimal,
    reason: str,
    now: datetime,
    other_line_id: int | None = None,
) -> None:
    """One entry that changes a line's total; the line itself is the caller's to change."""
    add_entries(
        [
            {
                "line_id": line.pk,
                "kind": kind,
                "amount": amount,
                "other_line_id": other_line_id,
                "reason": reason,
                "actor_id": actor.user_id,
                "actor_name": actor.name,
                "at": now,
            }
        ],
        now,
    )
