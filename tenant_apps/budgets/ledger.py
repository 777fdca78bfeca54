"""The ledger of budget lines. Everything here runs inside the caller's transaction, as its last step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connections
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.locks import advisory_lock_key
from kernel.money import ZERO, yuan
from kernel.problems import Conflict, InvalidInput, NotFound
from tenant_apps.budgets import carrying, postings
from tenant_apps.budgets.models import BudgetEntry
from tenant_apps.budgets.rules import EFFECTS, EntryKind
from tenants.database.context import TENANT_ALIAS, current_tenant
from tenants.database.rows import insert_rows


class BudgetInsufficient(Conflict):
    """`facts["lines"]` names every line asked: available and asked, and whether it falls short."""

    code = "budget-insufficient"
    title = _("The budget line does not have enough money left")


class NothingFrozen(Conflict):
    """The order has no open freeze: it was never frozen, or was spent or released before."""

    code = "nothing-frozen"
    title = _("No budget is frozen for this order")


class NothingSpent(Conflict):
    """The order has spent nothing, or it came back before."""

    code = "nothing-spent"
    title = _("No budget was spent for this order")


class AlreadyFrozen(Conflict):
    code = "already-frozen"
    title = _("The budget of this order is frozen already")


def freeze(
    *, actor: Actor, order_id: int, claims: Mapping[int, Decimal], now: datetime, interest_id: int | None = None
) -> None:
    """Freezes `claims` (line id to amount) for an order, all of them or none.

    With `interest_id` the money is late interest of the order: it is frozen and resolved apart from the order's own.

    Inside the caller's tenant transaction and as its last step: the conditional UPDATE holds the hot row only until
    the commit. Several lines are first locked in the order of their ids, so that two orders cannot wait for each other.
    FOR NO KEY UPDATE is enough and lets the foreign keys of other entries pass. A refusal leaves the transaction
    unusable: let it out. Raises BudgetInsufficient, AlreadyFrozen, InvalidInput, NotFound.
    """
    _require_transaction()
    asked = {line_id: yuan(amount) for line_id, amount in sorted(claims.items())}
    if not asked or min(asked.values()) <= 0:
        raise InvalidInput(errors={"claims": [str(_("Choose budget lines and amounts of more than 0."))]})
    _insert_freezes(actor, order_id, asked, now, interest_id)
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
        raise BudgetInsufficient(lines=shortfall(asked, available))


def spend(*, actor: Actor, order_id: int, now: datetime, interest_id: int | None = None) -> Decimal:
    """Spends everything the order has frozen; returns the amount. In the caller's transaction, last."""
    return _resolve(actor, order_id, EntryKind.SPEND, now, interest_id)


def give_back(*, actor: Actor, order_id: int, now: datetime, interest_id: int | None = None) -> Decimal:
    """Freezes again everything the order has spent, because the money came back; returns the amount.

    In the caller's transaction, last. A spending comes back once: `resolves` is unique. The entry is pending as a
    freeze is, on the line that paid; where that line's year is closed it goes on to the line of the year that is not,
    as frozen money does when a year is closed. Raises NothingSpent.
    """
    _require_transaction()
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_of(_SPENT, interest_id), {"order": order_id, "interest": interest_id, "lock": year_lock()})
        spendings = [_Frozen(*row[:3]) for row in cursor.fetchall()]
    if not spendings:
        raise NothingSpent(order_id=order_id)
    entries = [
        {
            "line_id": spending.line_id,
            "kind": EntryKind.RETURN,
            "amount": spending.left,
            "order_id": order_id,
            "interest_id": interest_id,
            "resolves_id": spending.entry_id,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "at": now,
        }
        for spending in spendings
    ]
    try:
        add_entries(entries, now)
    except IntegrityError as error:
        raise NothingSpent(order_id=order_id) from error
    amounts = {spending.line_id: spending.left for spending in spendings}
    _move_balances(order_id, EntryKind.RETURN, amounts)
    carrying.out_of_closed_years(
        actor=actor, order_id=order_id, interest_id=interest_id, line_ids=sorted(amounts), now=now
    )
    return sum(amounts.values(), ZERO)


def release(*, actor: Actor, order_id: int, now: datetime, interest_id: int | None = None) -> Decimal:
    """Gives back everything the order has frozen; returns the amount. In the caller's transaction, last."""
    return _resolve(actor, order_id, EntryKind.RELEASE, now, interest_id)


def release_part(*, actor: Actor, order_id: int, amounts: Mapping[int, Decimal], now: datetime) -> Decimal:
    """Gives back a part of what the order has frozen, by line; the rest stays pending. Returns the amount.

    In the caller's transaction, last. A freeze is trimmed, or released where nothing of it is left. Raises
    NothingFrozen where a line has less pending than is to be given back.
    """
    _require_transaction()
    pending = {frozen.line_id: frozen for frozen in _pending(order_id)}
    given = {line_id: yuan(amount) for line_id, amount in sorted(amounts.items()) if amount > 0}
    if not given:
        return ZERO
    if any(line_id not in pending or amount > pending[line_id].left for line_id, amount in given.items()):
        raise NothingFrozen(order_id=order_id)
    add_entries(
        [
            {
                "line_id": line_id,
                "kind": EntryKind.RELEASE if amount == pending[line_id].left else EntryKind.TRIM,
                "amount": amount,
                "order_id": order_id,
                "resolves_id": pending[line_id].entry_id if amount == pending[line_id].left else None,
                "actor_id": actor.user_id,
                "actor_name": actor.name,
                "at": now,
            }
            for line_id, amount in given.items()
        ],
        now,
    )
    _move_balances(order_id, EntryKind.RELEASE, given)
    return sum(given.values(), ZERO)


def _insert_freezes(
    actor: Actor, order_id: int, asked: Mapping[int, Decimal], now: datetime, interest_id: int | None
) -> None:
    entries = [
        {
            "line_id": line_id,
            "kind": EntryKind.FREEZE if interest_id is None else EntryKind.FREEZE_INTEREST,
            "amount": amount,
            "order_id": order_id,
            "interest_id": interest_id,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "at": now,
        }
        for line_id, amount in asked.items()
    ]
    try:
        add_entries(entries, now)
    except IntegrityError as error:
        if any(name in str(error) for name in _FROZEN_ONCE):
            raise AlreadyFrozen(order_id=order_id) from error
        raise


_FROZEN_ONCE = ("budget_entry_order_freezes_a_line_once", "budget_entry_interest_freezes_once")


def add_entries(entries: Sequence[dict[str, Any]], now: datetime) -> None:
    """Writes entries and tells whoever listens, in the caller's transaction; balances are the caller's duty."""
    keys = insert_rows(BudgetEntry, entries)
    postings.tell([{**entry, "id": key} for entry, (key,) in zip(entries, keys, strict=True)], now)


def _resolve(actor: Actor, order_id: int, kind: EntryKind, now: datetime, interest_id: int | None = None) -> Decimal:
    """One INSERT for the open freezes and one UPDATE of their lines, locked in the order of their ids."""
    _require_transaction()
    pending = _pending(order_id, interest_id)
    if not pending:
        raise NothingFrozen(order_id=order_id)
    entries = [
        {
            "line_id": frozen.line_id,
            "kind": kind,
            "amount": frozen.left,
            "order_id": order_id,
            "interest_id": interest_id,
            "resolves_id": frozen.entry_id,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "at": now,
        }
        for frozen in pending
    ]
    try:
        add_entries(entries, now)
    except IntegrityError as error:
        # Somebody resolved the same freeze in the meantime: `resolves` is unique.
        raise NothingFrozen(order_id=order_id) from error
    amounts = {frozen.line_id: frozen.left for frozen in pending}
    _move_balances(order_id, kind, amounts)
    return sum(amounts.values(), ZERO)


@dataclass(frozen=True, slots=True)
class _Frozen:
    """An open freeze and what is left of it after its trims."""

    entry_id: int
    line_id: int
    left: Decimal


# Frozen money that followed its order into a new year is of the kind `freeze_in`. The lock is shared by all who resolve
# and keeps the closing of a year out until they are done. `{first}` and `{same}` tell an order's own money from the
# late interest of it: fixed texts, so that the partial indexes are found.
_PENDING = """
SELECT frozen.id, frozen.line_id,
       frozen.amount - coalesce((SELECT sum(trim.amount) FROM budgets_budgetentry trim
           WHERE trim.order_id = %(order)s AND trim.kind = 'trim' AND trim.line_id = frozen.line_id
             AND trim.id > frozen.id AND {same}), 0),
       pg_advisory_xact_lock_shared(%(lock)s)
  FROM (SELECT id, line_id, amount FROM budgets_budgetentry WHERE order_id = %(order)s AND {first}
        UNION ALL
        SELECT id, line_id, amount FROM budgets_budgetentry
         WHERE order_id = %(order)s AND kind = 'freeze_in' AND {same}
        UNION ALL
        SELECT id, line_id, amount FROM budgets_budgetentry
         WHERE order_id = %(order)s AND kind = 'return' AND {same}) frozen
 WHERE NOT EXISTS (SELECT FROM budgets_budgetentry done WHERE done.resolves_id = frozen.id)
 ORDER BY frozen.line_id
"""


_SPENT = """
SELECT spent.id, spent.line_id, spent.amount, pg_advisory_xact_lock_shared(%(lock)s)
  FROM (SELECT id FROM budgets_budgetentry WHERE order_id = %(order)s AND {first}
        UNION ALL
        SELECT id FROM budgets_budgetentry WHERE order_id = %(order)s AND kind = 'freeze_in' AND {same}
        UNION ALL
        SELECT id FROM budgets_budgetentry WHERE order_id = %(order)s AND kind = 'return' AND {same}) frozen
  JOIN budgets_budgetentry spent ON spent.resolves_id = frozen.id AND spent.kind = 'spend'
 WHERE NOT EXISTS (SELECT FROM budgets_budgetentry back WHERE back.resolves_id = spent.id)
 ORDER BY spent.line_id
"""


def _of(sql: str, interest_id: int | None) -> str:
    """The statement for an order's own money, or for one interest payment's."""
    first, same = ("kind = 'freeze'", "interest_id IS NULL")
    if interest_id is not None:
        first, same = ("kind = 'freeze_interest' AND interest_id = %(interest)s", "interest_id = %(interest)s")
    return sql.replace("{first}", first).replace("{same}", same)


def year_lock() -> int:
    """Whoever closes a year takes it alone; whoever resolves a freeze shares it."""
    return advisory_lock_key("budgets", current_tenant().code, "year")


def _pending(order_id: int, interest_id: int | None = None) -> list[_Frozen]:
    """The open freezes of an order or of one interest payment, by line. One statement."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_of(_PENDING, interest_id), {"order": order_id, "interest": interest_id, "lock": year_lock()})
        return [_Frozen(*row[:3]) for row in cursor.fetchall()]


def _move_balances(order_id: int, kind: EntryKind, amounts: Mapping[int, Decimal]) -> None:
    """The projection of an order's entries: one UPDATE, after locking several lines in order of their ids."""
    if len(amounts) > 1:
        _locked_available(amounts)
    values = ", ".join(["(%s::bigint, %s::numeric)"] * len(amounts))
    _total, frozen, spent = EFFECTS[kind]
    updated = _execute(
        f"UPDATE budgets_budgetline AS line SET frozen = line.frozen + ({frozen}) * claim.amount, "  # noqa: S608
        f"spent = line.spent + ({spent}) * claim.amount FROM (VALUES {values}) AS claim (id, amount) "
        f"WHERE line.id = claim.id AND line.{'frozen' if frozen < 0 else 'spent'} >= claim.amount",
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


def shortfall(asked: Mapping[int, Decimal], available: Mapping[int, Decimal]) -> list[dict[str, Any]]:
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
            lines=shortfall(asked, available),
            asked=sum((asked[line_id] for line_id in short), ZERO),
            available=sum((available[line_id] for line_id in short), ZERO),
        )
