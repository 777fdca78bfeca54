"""What a purchase asks of the ledger, without a statement of its own: the write path counts them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db import connections

from shared_apps.rulebook.committed import Committed, Excepted, ItemKey, ReliefYear, YearShares
from shared_apps.rulebook.deciding_policies import SMALL_SIZES, SME_SIZES
from tenant_apps.commitments.sql import READ
from tenants.database.context import TENANT_ALIAS


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger of one unit and year as of one statement; `versions` tell whether somebody wrote since."""

    unit_id: int
    fiscal_year: int
    versions: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[ItemKey, Decimal] = field(default_factory=dict)
    exceptions: tuple[Excepted, ...] = ()
    shares: YearShares = field(default_factory=YearShares)
    relief: ReliefYear | None = None

    def committed(self, asked: Mapping[ItemKey, Decimal], *, own: bool = False) -> Committed:
        """The sums that `asked` adds to. `own`: the ledger holds it already, as an order that waits for approval."""
        before = self.items
        if own:
            before = {**before, **{key: before.get(key, amount) - amount for key, amount in asked.items()}}
        return Committed(self.unit_id, self.fiscal_year, before, asked, self.exceptions)

    def shares_without(self, total: Decimal, *, size: str) -> YearShares:
        """The year's shares without an order of `total` that the ledger holds already."""
        return replace(
            self.shares,
            total=self.shares.total - total,
            sme=self.shares.sme - (total if size in SME_SIZES else 0),
            small=self.shares.small - (total if size in SMALL_SIZES else 0),
        )


def books_beside(*, unit_id: int, fiscal_year: int, line_ids: Collection[int]) -> tuple[str, list[Any]]:
    """An expression with its parameters for another statement of the tenant's to carry; `books_from` reads it."""
    return READ, [unit_id, fiscal_year, list(line_ids)]


def books_from(stored: Any, *, unit_id: int, fiscal_year: int) -> Books:
    """`stored` is what `books_beside` gave; None, when that statement found no row, is an empty ledger."""
    if stored is None:
        return Books(unit_id, fiscal_year)
    relief = stored["relief"]
    return Books(
        unit_id=unit_id,
        fiscal_year=fiscal_year,
        versions={budget_item: version for budget_item, code, _amount, version in stored["sums"] if not code},
        items={(budget_item, code): Decimal(amount) for budget_item, code, amount, _version in stored["sums"] if code},
        exceptions=tuple(
            Excepted(budget_item, code, Decimal(up_to), number)
            for budget_item, code, up_to, number in stored["exceptions"]
        ),
        shares=YearShares(*(Decimal(amount or 0) for amount in stored["shares"])),
        relief=None if relief is None else ReliefYear(relief[0], Decimal(relief[1]), Decimal(relief[2])),
    )


def books(*, unit_id: int, fiscal_year: int, line_ids: Collection[int]) -> Books:
    """The ledger by a statement of its own."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT {READ}::text", [unit_id, fiscal_year, list(line_ids)])
        stored = json.loads(cursor.fetchone()[0])
    return books_from(stored, unit_id=unit_id, fiscal_year=fiscal_year)
