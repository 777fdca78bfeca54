"""Writing budgets. `freeze`, `spend` and `release` run inside the caller's transaction, as its last step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connections
from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.money import ZERO, yuan
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.budgets.models import BudgetEntry, BudgetLine, BudgetUnit
from tenant_apps.budgets.rules import EntryKind
from tenant_apps.budgets.selectors import unit_organisations
from tenant_apps.journal.services import record
from tenants.database.context import TENANT_ALIAS, tenant_atomic
from tenants.database.rows import insert_rows


class BudgetInsufficient(Conflict):
    """`facts["lines"]` names every line asked: available and asked, and whether it falls short."""

    code = "budget-insufficient"
    title = _("The budget line does not have enough money left")


class NothingFrozen(Conflict):
    """The order has no open freeze: it was never frozen, or was spent or released before."""

    code = "nothing-frozen"
    title = _("No budget is frozen for this order")


class AlreadyFrozen(Conflict):
    code = "already-frozen"
    title = _("The budget of this order is frozen already")


class UnitExists(Conflict):
    code = "budget-unit-exists"
    title = _("A budget unit with this code exists already")


class LineExists(Conflict):
    code = "budget-line-exists"
    title = _("The unit has a budget line with this plan number in that year already")


# -- the ledger -------------------------------------------------------------------------------------------------------
def freeze(*, actor: Actor, order_id: int, claims: Mapping[int, Decimal], now: datetime) -> None:
    """Freezes `claims` (line id to amount) for an order, all of them or none.

    Inside the caller's tenant transaction and as its last step: the conditional UPDATE holds the hot row only until
    the commit. Several lines are first locked in the order of their ids, so that two orders cannot wait for each other.
    FOR NO KEY UPDATE is enough and lets the foreign keys of other entries pass. A refusal leaves the transaction
    unusable: let it out. Raises BudgetInsufficient, AlreadyFrozen, InvalidInput, NotFound.
    """
    _require_transaction()
    asked = {line_id: yuan(amount) for line_id, amount in sorted(claims.items())}
    if not asked or min(asked.values()) <= 0:
        raise InvalidInput(errors={"claims": [str(_("Choose budget lines and amounts of more than 0."))]})
    _insert_freezes(actor, order_id, asked, now)
    if len(asked) == 1:
        ((line_id, amount),) = asked.items()
        updated = _execute(
            "UPDATE budgets_budgetline SET frozen = frozen + %s "
            "WHERE id = %s AND is_open AND total - frozen - spent >= %s",
            [amount, line_id, amount],
        )
    else:
        _refuse_short(asked, _locked_available(asked))
        values = ", ".join(["(%s::bigint, %s::numeric)"] * len(asked))
        updated = _execute(
            f"UPDATE budgets_budgetline AS line SET frozen = line.frozen + claim.amount "  # noqa: S608 placeholders
            f"FROM (VALUES {values}) AS claim (id, amount) "
            "WHERE line.id = claim.id AND line.is_open AND line.total - line.frozen - line.spent >= claim.amount",
            [part for claim in asked.items() for part in claim],
        )
    if updated != len(asked):
        available = _locked_available(asked)
        _refuse_short(asked, available)
        raise BudgetInsufficient(lines=_shortfall(asked, available))


def spend(*, actor: Actor, order_id: int, now: datetime) -> Decimal:
    """Spends everything the order has frozen; returns the amount. In the caller's transaction, last."""
    return _resolve(actor, order_id, EntryKind.SPEND, now)


def release(*, actor: Actor, order_id: int, now: datetime) -> Decimal:
    """Gives back everything the order has frozen; returns the amount. In the caller's transaction, last."""
    return _resolve(actor, order_id, EntryKind.RELEASE, now)


def release_part(*, actor: Actor, order_id: int, amounts: Mapping[int, Decimal], now: datetime) -> Decimal:
    """Gives back a part of what the order has frozen, by line; the rest stays pending. Returns the amount.

    In the caller's transaction, last. A freeze is trimmed, or released where nothing of it is left. Raises
    NothingFrozen where a line has less pending than is to be given back.
    """
    _require_transaction()
    pending = {freeze.line_id: (freeze.pk, left) for freeze, left in _pending(order_id)}
    given = {line_id: yuan(amount) for line_id, amount in sorted(amounts.items()) if amount > 0}
    if not given:
        return ZERO
    if any(line_id not in pending or amount > pending[line_id][1] for line_id, amount in given.items()):
        raise NothingFrozen(order_id=order_id)
    BudgetEntry.objects.bulk_create(
        [
            BudgetEntry(
                line_id=line_id,
                kind=EntryKind.RELEASE if amount == pending[line_id][1] else EntryKind.TRIM,
                amount=amount,
                order_id=order_id,
                resolves_id=pending[line_id][0] if amount == pending[line_id][1] else None,
                actor_id=actor.user_id,
                actor_name=actor.name,
                at=now,
            )
            for line_id, amount in given.items()
        ]
    )
    _move_balances(order_id, EntryKind.RELEASE, given)
    return sum(given.values(), ZERO)


def _insert_freezes(actor: Actor, order_id: int, asked: Mapping[int, Decimal], now: datetime) -> None:
    entries = [
        {
            "line_id": line_id,
            "kind": EntryKind.FREEZE,
            "amount": amount,
            "order_id": order_id,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "at": now,
        }
        for line_id, amount in asked.items()
    ]
    try:
        insert_rows(BudgetEntry, entries)
    except IntegrityError as error:
        if "budget_entry_order_freezes_a_line_once" in str(error):
            raise AlreadyFrozen(order_id=order_id) from error
        raise


def _resolve(actor: Actor, order_id: int, kind: EntryKind, now: datetime) -> Decimal:
    """One INSERT … SELECT of the open freezes and one UPDATE of their lines, locked in the order of their ids."""
    _require_transaction()
    pending = _pending(order_id)
    if not pending:
        raise NothingFrozen(order_id=order_id)
    entries = [
        BudgetEntry(
            line_id=frozen.line_id,
            kind=kind,
            amount=left,
            order_id=order_id,
            resolves_id=frozen.pk,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=now,
        )
        for frozen, left in pending
    ]
    try:
        BudgetEntry.objects.bulk_create(entries)
    except IntegrityError as error:
        # Somebody resolved the same freeze in the meantime: `resolves` is unique.
        raise NothingFrozen(order_id=order_id) from error
    amounts = {frozen.line_id: left for frozen, left in pending}
    _move_balances(order_id, kind, amounts)
    return sum(amounts.values(), ZERO)


def _pending(order_id: int) -> list[tuple[BudgetEntry, Decimal]]:
    """The order's open freezes with what is left of each after its trims, by line. One statement."""
    trimmed = BudgetEntry.objects.filter(order_id=order_id, kind=EntryKind.TRIM, line_id=OuterRef("line_id"))
    rows = (
        BudgetEntry.objects.filter(order_id=order_id, kind=EntryKind.FREEZE, resolved_by__isnull=True)
        .annotate(trimmed=Subquery(trimmed.order_by().values("line_id").annotate(sum=Sum("amount")).values("sum")))
        .order_by("line_id")
        .only("id", "line_id", "amount")
    )
    return [(row, row.amount - (row.trimmed or ZERO)) for row in rows]


def _move_balances(order_id: int, kind: EntryKind, amounts: Mapping[int, Decimal]) -> None:
    """The projection of resolved or trimmed freezes: one UPDATE, after locking several lines in order of their ids."""
    if len(amounts) > 1:
        _locked_available(amounts)
    values = ", ".join(["(%s::bigint, %s::numeric)"] * len(amounts))
    spent = "line.spent + claim.amount" if kind == EntryKind.SPEND else "line.spent"
    updated = _execute(
        f"UPDATE budgets_budgetline AS line SET frozen = line.frozen - claim.amount, spent = {spent} "  # noqa: S608
        f"FROM (VALUES {values}) AS claim (id, amount) WHERE line.id = claim.id AND line.frozen >= claim.amount",
        [part for claim in amounts.items() for part in claim],
    )
    if updated != len(amounts):
        raise RuntimeError(f"the ledger of order {order_id} does not match its lines")


def _require_transaction() -> None:
    if not connections[TENANT_ALIAS].in_atomic_block:
        raise RuntimeError("budgets are frozen and resolved inside the transaction of the order's step")


def _execute(sql: str, values: list[Any]) -> int:
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _locked_available(asked: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What is left on each open line, with the lines locked in the order of their ids."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT id, CASE WHEN is_open THEN total - frozen - spent ELSE 0 END FROM budgets_budgetline "
            "WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(asked)],
        )
        return dict(cursor.fetchall())


def _shortfall(asked: Mapping[int, Decimal], available: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    return [
        {
            "line_id": line_id,
            "asked": amount,
            "available": available.get(line_id, ZERO),
            "short": amount > available.get(line_id, ZERO),
        }
        for line_id, amount in asked.items()
    ]


def _refuse_short(asked: Mapping[int, Decimal], available: Mapping[int, Decimal]) -> None:
    if missing := set(asked) - set(available):
        raise NotFound(line_ids=sorted(missing))
    short = [line_id for line_id, amount in asked.items() if amount > available[line_id]]
    if short:
        raise BudgetInsufficient(
            lines=_shortfall(asked, available),
            asked=sum((asked[line_id] for line_id in short), ZERO),
            available=sum((available[line_id] for line_id in short), ZERO),
        )


# -- units and lines --------------------------------------------------------------------------------------------------
def create_unit(*, actor: Actor, code: str, name: str, organisation_id: int, now: datetime) -> BudgetUnit:
    """A budget unit of this finance level, of one of its own organisations.

    Raises UnitExists, InvalidInput for a stranger's organisation, NotPermitted.
    """
    _require_bureau(actor)
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
) -> BudgetLine:
    """A budget line with its first allotment. Raises NotFound, LineExists, InvalidInput, NotPermitted."""
    _require_bureau(actor)
    unit = BudgetUnit.objects.filter(pk=unit_id, is_active=True).first()
    if unit is None:
        raise NotFound(unit_id=unit_id)
    if plan_filed_on is not None and plan_filed_on > local_date(now):
        raise InvalidInput(errors={"plan_filed_on": [str(_("The filing date lies in the future."))]})
    try:
        with tenant_atomic():
            line = BudgetLine.objects.create(
                unit=unit,
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
            _allot_entry(actor, line, total, "", now)
            record(
                actor=actor,
                event="budgets.line_created",
                object_type="budget_line",
                object_id=line.pk,
                facts={**_line_facts(line), "budget_item": budget_item, "total": total},
                now=now,
            )
    except IntegrityError as error:
        if "budget_line_plan_once" in str(error):
            raise LineExists(plan_number=plan_number, fiscal_year=fiscal_year) from error
        raise
    return line


def allot(*, actor: Actor, line_id: int, change: Decimal, reason: str, now: datetime) -> BudgetLine:
    """Adds to a line's total (or takes away, with a negative `change`), never below what is frozen and spent.

    Raises NotFound, InvalidInput, BudgetInsufficient.
    """
    _require_bureau(actor)
    if change == 0 or not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give an amount and the reason for the change."))]})
    with tenant_atomic():
        line = (
            BudgetLine.objects.select_related("unit")
            .select_for_update(no_key=True, of=("self",))
            .filter(pk=line_id)
            .first()
        )
        if line is None:
            raise NotFound(line_id=line_id)
        left = line.total - line.frozen - line.spent
        if left + change < 0:
            raise BudgetInsufficient(
                lines=_shortfall({line_id: -change}, {line_id: left}), asked=-change, available=left
            )
        _allot_entry(actor, line, change, reason, now)
        line.total += change
        line.save(update_fields=["total"])
        record(
            actor=actor,
            event="budgets.line_adjusted",
            object_type="budget_line",
            object_id=line.pk,
            facts={**_line_facts(line), "change": change, "total": line.total, "reason": reason},
            now=now,
        )
    return line


def file_plan(*, actor: Actor, line_id: int, filed_on: date, now: datetime) -> BudgetLine:
    """Notes the day the line's procurement plan was filed. Source: Implementing Regulation art. 29."""
    _require_bureau(actor)
    if filed_on > local_date(now):
        raise InvalidInput(errors={"filed_on": [str(_("The filing date lies in the future."))]})
    with tenant_atomic():
        line = (
            BudgetLine.objects.select_related("unit")
            .select_for_update(no_key=True, of=("self",))
            .filter(pk=line_id)
            .first()
        )
        if line is None:
            raise NotFound(line_id=line_id)
        if line.plan_filed_on is not None:
            raise Conflict(_("The plan of this line is filed already."), filed_on=line.plan_filed_on)
        line.plan_filed_on = filed_on
        line.save(update_fields=["plan_filed_on"])
        record(
            actor=actor,
            event="budgets.plan_filed",
            object_type="budget_line",
            object_id=line.pk,
            facts={**_line_facts(line), "filed_on": filed_on.isoformat()},
            now=now,
        )
    return line


def _require_bureau(actor: Actor) -> None:
    if not actor.is_system and not actor.has(Post.TIER_SUPERVISOR):
        raise NotPermitted


def _line_facts(line: BudgetLine) -> dict[str, Any]:
    return {
        "unit_id": line.unit_id,
        "unit_code": line.unit.code,
        "unit_name": line.unit.name,
        "organisation_id": line.unit.organisation_id,
        "fiscal_year": line.fiscal_year,
        "plan_number": line.plan_number,
    }


def _allot_entry(actor: Actor, line: BudgetLine, change: Decimal, reason: str, now: datetime) -> None:
    BudgetEntry.objects.create(
        line=line,
        kind=EntryKind.ALLOT if change > 0 else EntryKind.REDUCE,
        amount=abs(change),
        reason=reason,
        actor_id=actor.user_id,
        actor_name=actor.name,
        at=now,
    )
