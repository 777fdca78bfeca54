"""Fiscal years: opened, being closed, closed. What is unspent lapses or is carried on; frozen money follows its order.

Closing is set-based: a fixed number of statements, however many lines the year has.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.locks import advisory_xact_lock
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound
from tenant_apps.budgets.ledger import year_lock
from tenant_apps.budgets.models import BudgetLine, CarryOver, FiscalYear
from tenant_apps.budgets.rules import Decision, YearState, year_state
from tenant_apps.budgets.selectors import units_of
from tenant_apps.budgets.services import line_facts, require_bureau
from tenant_apps.journal.services import record
from tenants.database.context import TENANT_ALIAS, tenant_atomic

YEARS = range(2000, 2200)


class WrongYearState(Conflict):
    code = "fiscal-year-state"
    title = _("The fiscal year is not in the state for this")


class CarryOverUndecided(Conflict):
    code = "carry-over-undecided"
    title = _("There are lines with unspent money for which nothing is decided")


def open_year(*, actor: Actor, year: int, now: datetime) -> FiscalYear:
    """Enters a year, open. Raises WrongYearState where it is entered already."""
    require_bureau(actor)
    with tenant_atomic():
        found, new = FiscalYear.objects.get_or_create(year=year, defaults={"opened_at": now})
        if not new:
            raise WrongYearState(year=year, state=str(state_of(found)))
        _record(actor, found, "budgets.year_opened", {}, now)
    return found


def begin_closing(*, actor: Actor, year: int, now: datetime) -> FiscalYear:
    """From now on nothing new is frozen in the year, and the list of what is unspent is made.

    Raises WrongYearState unless the year is open, NotFound for a year without lines.
    """
    require_bureau(actor)
    with tenant_atomic():
        advisory_xact_lock(TENANT_ALIAS, year_lock())
        found = _locked(year, now)
        _require(found, YearState.OPEN)
        lines = BudgetLine.objects.filter(fiscal_year=year).update(is_open=False)
        if not lines:
            raise NotFound(year=year)
        found.closing_at = now
        found.save(update_fields=["closing_at"])
        _list_unspent(year)
        unspent = CarryOver.objects.filter(line__fiscal_year=year).aggregate(sum=Sum("unspent"))["sum"] or ZERO
        _record(actor, found, "budgets.year_closing", {"lines": lines, "unspent": unspent}, now)
    return found


def ask_carry_over(*, actor: Actor, line_id: int, amount: Decimal, reason: str, now: datetime) -> CarryOver:
    """A unit's administrator asks for money to go on into the next year.

    Raises NotFound, WrongYearState, InvalidInput for more than is unspent.
    """
    with tenant_atomic():
        row = _undecided(line_id)
        if row.line.unit_id not in {unit.id for unit in units_of(actor, Post.UNIT_ADMINISTRATOR)}:
            raise NotFound(line_id=line_id)
        _require_unspent(row, amount)
        row.asked, row.asked_reason, row.asked_by_name = amount, reason, actor.name
        row.save(update_fields=["asked", "asked_reason", "asked_by_name"])
        _record_line(actor, row, "budgets.carry_over_asked", {"amount": amount, "reason": reason}, now)
    return row


def decide_carry_over(
    *, actor: Actor, line_id: int, decision: str, amount: Decimal, reason: str, now: datetime
) -> CarryOver:
    """The bureau lets a line's unspent money lapse or `amount` of it go on; may be changed until the year is closed.

    Raises NotFound, WrongYearState, InvalidInput for carrying without amount and reason, or more than is unspent.
    """
    require_bureau(actor)
    with tenant_atomic():
        row = _undecided(line_id)
        carried = amount if decision == Decision.CARRY else ZERO
        if decision == Decision.CARRY:
            _require_unspent(row, amount)
            if not reason.strip():
                raise InvalidInput(errors={"reason": [str(_("Give the reason for carrying money over."))]})
        row.decision, row.carried, row.reason = decision, carried, reason
        row.decided_by_id, row.decided_by_name, row.decided_at = actor.user_id, actor.name, now
        row.save(update_fields=["decision", "carried", "reason", "decided_by_id", "decided_by_name", "decided_at"])
        facts = {"decision": str(decision), "amount": carried, "reason": reason}
        _record_line(actor, row, "budgets.carry_over_decided", facts, now)
    return row


def close_year(*, actor: Actor, year: int, now: datetime) -> FiscalYear:
    """Closes the year: every line ends with what was spent of it.

    Money carried over and frozen money go to the line of the next year with the same unit and plan number, which is
    entered where there is none. Raises WrongYearState, CarryOverUndecided.
    """
    require_bureau(actor)
    with tenant_atomic():
        # Alone: whoever resolves a freeze shares this lock until the commit.
        advisory_xact_lock(TENANT_ALIAS, year_lock())
        found = _locked(year, now)
        _require(found, YearState.CLOSING)
        if FiscalYear.objects.filter(year=year + 1, closing_at__isnull=False).exists():
            raise WrongYearState(year=year + 1)
        _list_unspent(year)
        undecided = CarryOver.objects.filter(line__fiscal_year=year, decision="").count()
        if undecided:
            raise CarryOverUndecided(lines=undecided)
        facts = _move_on(actor, year, now)
        found.closed_at = now
        found.save(update_fields=["closed_at"])
        _record(actor, found, "budgets.year_closed", facts, now)
    return found


def state_of(year: FiscalYear) -> YearState:
    return year_state(closing_at=year.closing_at, closed_at=year.closed_at)


# In order: the lines of the new year, the entries of both years, the balances of the new lines, those of the old ones.
_SUCCESSORS = """
INSERT INTO budgets_budgetline (unit_id, item_id, fiscal_year, plan_number, plan_filed_on, budget_item, fund_source,
                                functional_class, economic_class, total, frozen, spent, is_open, created_at)
SELECT old.unit_id, old.item_id, old.fiscal_year + 1, old.plan_number, old.plan_filed_on, old.budget_item,
       old.fund_source, old.functional_class, old.economic_class, 0, 0, 0, TRUE, %(now)s
  FROM budgets_budgetline old LEFT JOIN budgets_carryover carry ON carry.line_id = old.id
 WHERE old.fiscal_year = %(year)s AND (old.frozen > 0 OR carry.carried > 0)
 ORDER BY old.id
    ON CONFLICT (unit_id, fiscal_year, plan_number) DO NOTHING
"""
_PAIRS = """
WITH pair AS (
    SELECT old.id AS old_id, new.id AS new_id, old.total - old.frozen - old.spent AS unspent, old.frozen,
           least(coalesce(carry.carried, 0), old.total - old.frozen - old.spent) AS carried,
           coalesce(carry.reason, '') AS reason
      FROM budgets_budgetline old
      LEFT JOIN budgets_budgetline new ON new.unit_id = old.unit_id AND new.fiscal_year = old.fiscal_year + 1
                                      AND new.plan_number = old.plan_number
      LEFT JOIN budgets_carryover carry ON carry.line_id = old.id
     WHERE old.fiscal_year = %(year)s
)"""
_ENTRIES = (
    _PAIRS  # noqa: S608  # fixed texts; the values are parameters
    + """, pending AS (
    SELECT entry.id, entry.line_id, entry.order_id, entry.interest_id,
           entry.amount - coalesce((SELECT sum(trim.amount) FROM budgets_budgetentry trim WHERE trim.kind = 'trim'
               AND trim.order_id = entry.order_id AND trim.line_id = entry.line_id AND trim.id > entry.id
               AND entry.interest_id IS NULL), 0) AS amount
      FROM budgets_budgetentry entry JOIN pair ON pair.old_id = entry.line_id AND pair.frozen > 0
     WHERE entry.kind IN ('freeze', 'freeze_interest', 'freeze_in', 'return')
       AND NOT EXISTS (SELECT FROM budgets_budgetentry done WHERE done.resolves_id = entry.id)
), wanted (line_id, kind, amount, order_id, interest_id, resolves_id, other_line_id, reason) AS (
    SELECT old_id, 'freeze_out', pending.amount, pending.order_id, pending.interest_id, pending.id, new_id, ''
      FROM pending JOIN pair ON pair.old_id = pending.line_id
    UNION ALL
    SELECT new_id, 'freeze_in', pending.amount, pending.order_id, pending.interest_id, NULL, old_id, ''
      FROM pending JOIN pair ON pair.old_id = pending.line_id
    UNION ALL
    SELECT old_id, 'carry_out', carried, NULL, NULL, NULL, new_id, reason FROM pair WHERE carried > 0
    UNION ALL
    SELECT new_id, 'carry_in', carried, NULL, NULL, NULL, old_id, reason FROM pair WHERE carried > 0
    UNION ALL
    SELECT old_id, 'lapse', unspent - carried, NULL, NULL, NULL, NULL, reason FROM pair WHERE unspent > carried
)
INSERT INTO budgets_budgetentry
       (line_id, kind, amount, order_id, interest_id, resolves_id, other_line_id, reason, actor_id, actor_name, at)
SELECT line_id, kind, amount, order_id, interest_id, resolves_id, other_line_id, reason, %(actor_id)s, %(actor_name)s,
       %(now)s
  FROM wanted ORDER BY line_id
"""
)
_NEW_BALANCES = (
    _PAIRS
    + """
UPDATE budgets_budgetline line SET total = line.total + pair.frozen + pair.carried, frozen = line.frozen + pair.frozen
  FROM pair WHERE line.id = pair.new_id AND pair.frozen + pair.carried > 0
"""
)
_TOTALS = (
    _PAIRS
    + """
SELECT count(*), coalesce(sum(carried), 0), coalesce(sum(unspent - carried), 0), coalesce(sum(frozen), 0) FROM pair
"""
)
_OLD_BALANCES = "UPDATE budgets_budgetline SET total = spent, frozen = 0 WHERE fiscal_year = %(year)s"


def _move_on(actor: Actor, year: int, now: datetime) -> dict[str, Any]:
    """Everything that leaves the year's lines; returns the facts for the journal."""
    values: dict[str, Any] = {"year": year, "now": now, "actor_id": actor.user_id, "actor_name": actor.name}
    with connections[TENANT_ALIAS].cursor() as cursor:
        # Before anything is read of them, so that no adjustment of the new year's lines comes between.
        cursor.execute(
            "SELECT id FROM budgets_budgetline WHERE fiscal_year IN (%(year)s, %(year)s + 1) ORDER BY id"
            " FOR NO KEY UPDATE",
            values,
        )
        cursor.execute(_SUCCESSORS, values)
        cursor.execute(_TOTALS, values)
        lines, carried, lapsed, frozen = cursor.fetchone()
        cursor.execute(_ENTRIES, values)
        cursor.execute(_NEW_BALANCES, values)
        cursor.execute(_OLD_BALANCES, values)
    return {"lines": lines, "carried": carried, "lapsed": lapsed, "frozen": frozen}


def _list_unspent(year: int) -> None:
    """A row for each line that has money left; rows that are there stay. One statement."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_carryover (line_id, unspent, asked, asked_reason, asked_by_name, decision, carried,"
            " reason, decided_by_name) SELECT id, total - frozen - spent, 0, '', '', '', 0, '', '' FROM"
            " budgets_budgetline WHERE fiscal_year = %s AND total > frozen + spent ORDER BY id"
            " ON CONFLICT (line_id) DO NOTHING",
            [year],
        )


def _locked(year: int, now: datetime) -> FiscalYear:
    """The year's row, made where nobody has opened the year by hand. Raises NotFound for a number that is no year."""
    if year not in YEARS:
        raise NotFound(year=year)
    found, _new = FiscalYear.objects.select_for_update().get_or_create(year=year, defaults={"opened_at": now})
    return found


def _require(year: FiscalYear, state: YearState) -> None:
    if state_of(year) != state:
        raise WrongYearState(year=year.year, state=str(state_of(year)))


def _undecided(line_id: int) -> CarryOver:
    row = CarryOver.objects.select_related("line__unit").select_for_update(of=("self",)).filter(line_id=line_id).first()
    if row is None:
        raise NotFound(line_id=line_id)
    closed = Q(closed_at__isnull=False)
    if FiscalYear.objects.filter(closed, year=row.line.fiscal_year).exists():
        raise WrongYearState(year=row.line.fiscal_year)
    return row


def _require_unspent(row: CarryOver, amount: Decimal) -> None:
    left = row.line.total - row.line.frozen - row.line.spent
    if amount <= 0 or amount > left:
        found = _("The line has %(left)s yuan left.") % {"left": left}
        raise InvalidInput(errors={"amount": [str(found)]})


def _record(actor: Actor, year: FiscalYear, event: str, facts: dict[str, Any], now: datetime) -> None:
    record(
        actor=actor, event=event, object_type="fiscal_year", object_id=year.year,
        facts={"year": year.year, **facts}, now=now,
    )  # fmt: skip


def _record_line(actor: Actor, row: CarryOver, event: str, facts: dict[str, Any], now: datetime) -> None:
    record(
        actor=actor, event=event, object_type="budget_line", object_id=row.line_id,
        facts={**line_facts(row.line), **facts}, now=now,
    )  # fmt: skip
