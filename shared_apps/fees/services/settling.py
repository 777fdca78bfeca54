"""Receipts: what arrived for each level's share of a statement, by hand or by table; paid whole, it is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import Conflict, DomainError, InvalidInput, NotFound, NotPermitted, WrongState
from kernel.spreadsheets import CellError
from shared_apps.fees.models import FeeReceipt, FeeStatement, StatementShare
from shared_apps.fees.receipt_table import read_receipts
from shared_apps.fees.rules.lifecycles import PAYABLE, STATEMENT_LIFECYCLE
from shared_apps.fees.rules.states import StatementState
from shared_apps.fees.services.statements import locked, tell
from tenants.database.context import REGION_ALIAS, region_atomic


class ReceiptExists(Conflict):
    code = "receipt-exists"
    title = gettext_lazy("A receipt with this number is recorded already")


class Overpaid(Conflict):
    """More than the share has left; a share below zero is paid back, and no more than it is."""

    code = "overpaid"
    title = gettext_lazy("The receipt is for more than is left to pay")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of the table that was recorded or, in a preview, could be."""

    number: int
    statement: str
    payer: str
    receipt_number: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table: a row is recorded whole or not at all, and each that is not says why."""

    rows: tuple[ImportRow, ...]
    errors: tuple[CellError, ...]

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), ZERO)


def record_receipt(
    *,
    actor: Actor,
    statement_id: int,
    payer_code: str,
    receipt_number: str,
    amount: Decimal,
    paid_on: date,
    budget_reference: str,
    now: datetime,
) -> FeeReceipt:
    """Money that arrived for a share. When every share is covered and the bureau has confirmed, it is settled.

    Raises NotPermitted, NotFound, WrongState, InvalidInput, ReceiptExists and Overpaid.
    """
    _require(actor)
    with region_atomic():
        row = locked(statement_id)
        if row.state not in PAYABLE:
            raise WrongState(lifecycle="fee_statement", state=row.state, action="receipt", possible=[])
        share = row.shares.filter(payer_code=payer_code).first()
        if share is None:
            raise NotFound(payer=payer_code)
        if paid_on > local_date(now):
            raise InvalidInput(errors={"paid_on": [_("Money that has not arrived yet is not recorded.")]})
        # Two receipts of one number may be for two statements: the lock is the number's.
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("fees", "receipt", receipt_number))
        if FeeReceipt.objects.filter(receipt_number=receipt_number).exists():
            raise ReceiptExists(receipt_number=receipt_number)
        left = left_of(share)
        if amount > left:
            raise Overpaid(left=left, wanted=amount)
        receipt = FeeReceipt.objects.create(
            share=share,
            receipt_number=receipt_number,
            amount=amount,
            paid_on=paid_on,
            budget_reference=budget_reference,
            recorded_by=actor.user_id,
            recorded_by_name=actor.name,
            recorded_at=now,
        )
        tell(
            actor, "fees.receipt_recorded", row, now,
            payer=payer_code, receipt_number=receipt_number, amount=amount, paid_on=paid_on,
            budget_reference=budget_reference,
        )  # fmt: skip
        settle_if_covered(row=row, actor=actor, now=now)
    return receipt


def left_of(share: StatementShare) -> Decimal:
    """What is left to pay of a share; of one below zero, what is left to pay back."""
    paid = share.receipts.aggregate(sum=Sum("amount"))["sum"] or ZERO
    return abs(share.amount) - paid


def settle_if_covered(*, row: FeeStatement, actor: Actor, now: datetime) -> bool:
    """Inside the transaction that locked the statement: confirmed and every share covered, it is settled."""
    if row.state != StatementState.CONFIRMED or any(left_of(share) for share in row.shares.all()):
        return False
    row.state, row.settled_at = STATEMENT_LIFECYCLE.next(row.state, "settle").target, now
    row.save(update_fields=["state", "settled_at"])
    tell(actor, "fees.statement_settled", row, now, total=row.total)
    return True


class _TriedOut(Exception):
    """Ends the transaction of a preview: nothing of it stays."""


def preview_receipts(*, actor: Actor, content: bytes, now: datetime) -> Imported:
    """What importing the table would do. Records nothing. Raises NotPermitted, SpreadsheetRefused."""
    _require(actor)
    right, errors = read_receipts(content)
    found: Imported | None = None
    try:
        with region_atomic():
            found = _import(actor, right, errors, now)
            raise _TriedOut
    except _TriedOut:
        pass
    if found is None:
        raise RuntimeError("the table was not judged")
    return found


def import_receipts(*, actor: Actor, content: bytes, now: datetime) -> Imported:
    """Records every row that is right; each wrong one is reported with its reason and changes nothing.

    Sending the same table again records nothing twice: its receipt numbers exist. Raises NotPermitted,
    SpreadsheetRefused.
    """
    _require(actor)
    right, errors = read_receipts(content)
    with region_atomic():
        return _import(actor, right, errors, now)


def _import(
    actor: Actor, right: Sequence[tuple[int, Mapping[str, Any]]], errors: Sequence[CellError], now: datetime
) -> Imported:
    numbers = {values["statement"] for _number, values in right}
    rows = {row.number: row.pk for row in FeeStatement.objects.filter(number__in=numbers).exclude(seal="")}
    done, wrong = [], list(errors)
    for number, values in sorted(right, key=lambda one: (rows.get(one[1]["statement"], 0), one[0])):
        try:
            if values["statement"] not in rows:
                raise NotFound(statement=values["statement"])
            with region_atomic():
                receipt = record_receipt(
                    actor=actor,
                    statement_id=rows[values["statement"]],
                    payer_code=values["payer"],
                    receipt_number=values["receipt_number"],
                    amount=values["amount"],
                    paid_on=values["paid_on"],
                    budget_reference=values["budget_reference"],
                    now=now,
                )
        except DomainError as error:
            wrong.append(_wrong(number, values, error))
        else:
            done.append(ImportRow(number, values["statement"], values["payer"], receipt.receipt_number, receipt.amount))
    wrong.sort(key=lambda one: (one.row, one.column))
    return Imported(tuple(sorted(done, key=lambda one: one.number)), tuple(wrong))


def _wrong(number: int, values: Mapping[str, Any], error: DomainError) -> CellError:
    reasons = [text for found in getattr(error, "errors", {}).values() for text in found]
    if isinstance(error, NotFound):
        reasons = [_("There is no issued statement with this number and payer.")]
    return CellError(number, "", "", str(values["receipt_number"]), " ".join(reasons) or str(error.title))


def _require(actor: Actor) -> None:
    if not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
