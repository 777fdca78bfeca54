"""What the judging of lines and of orders share: what was found, the package sorted by order, texts and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.sm3 import canonical_json, sm3_hex
from tenant_apps.takeover import taken
from tenant_apps.takeover.codes import Codes
from tenant_apps.takeover.reading import Package, Row, SheetError
from tenant_apps.takeover.rules import Comparison, ItemKind, LineKey, Outcome, matches

DAY_REASONS: dict[str, Promise] = {
    "missing": _("An order in this state has this date."),
    "not-yet": _("An order in this state does not have this date yet."),
    "too-early": _("This date lies before the step before it."),
    "future": _("This date lies in the future."),
}
_TWICE = _("This stands in row %(row)s already.")


@dataclass(frozen=True, slots=True)
class Item:
    kind: ItemKind
    key: str
    outcome: Outcome
    amount: Decimal
    content: dict[str, Any]
    fingerprint: str
    state: str = ""
    party: str = ""


@dataclass
class Judged:
    """A package as it would be taken over now. Lines come before orders."""

    items: list[Item] = field(default_factory=list)
    errors: Sequence[SheetError] = ()
    unmapped: list[list[object]] = field(default_factory=list)
    comparison: Sequence[Comparison] = ()
    added_codes: list[tuple[str, str, str]] = field(default_factory=list)

    def count(self, outcome: Outcome, kind: ItemKind | None = None) -> int:
        return sum(1 for item in self.items if item.outcome == outcome and kind in {None, item.kind})

    @property
    def matches(self) -> bool:
        return matches(self.comparison)


class Given:
    """A package with its codes looked up, and what is here of its orders already."""

    def __init__(self, package: Package, codes: Codes, today: date) -> None:
        self.package, self.codes, self.today = package, codes, today
        self.goods = package.by("goods", "old_number")
        self.fundings = package.by("fundings", "old_number")
        self.payments = package.by("payments", "old_number")
        self.known = taken.known_orders([row["old_number"] for row in package["orders"]])
        # The state of each order, empty where its code is not mapped; of an order that stands here twice, the first.
        self.states: dict[str, str] = {}
        for row in package["orders"]:
            if row["old_number"] not in self.states:
                self.states[row["old_number"]] = codes.state(row["state"])
        for sheet in ("goods", "fundings", "payments"):
            self._strangers(sheet)
        self.once("units", "unit_code")

    def _strangers(self, sheet: str) -> None:
        """Rows of orders that the sheet of orders does not have; of a row that is wrong itself, too."""
        own = {row["old_number"] for row in self.package["orders"]}
        for row in self.package[sheet]:
            if row["old_number"] not in own:
                self.package.wrong(
                    sheet, row, "old_number", _("This order is not in the sheet of orders, or wrong there.")
                )

    def once(self, sheet: str, column: str, *more: str) -> None:
        seen: dict[tuple[Any, ...], int] = {}
        for row in self.package[sheet]:
            key = tuple(row[name] for name in (column, *more))
            first = seen.setdefault(key, row.number)
            if first != row.number:
                self.package.wrong(sheet, row, column, _TWICE % {"row": first})


def line_key(row: Row) -> LineKey:
    return row["unit_code"], row["fiscal_year"], row["plan_number"]


def day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def plain(value: Any) -> Any:
    """As JSON: amounts and days as texts."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, Decimal | date) else value


def fingerprint_of(content: Any) -> str:
    return sm3_hex(canonical_json(content))
