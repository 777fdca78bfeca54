"""Whether a package can be taken over: every cell that is wrong, every code that is not mapped, every sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.money import ZERO, line_amount
from kernel.sm3 import canonical_json, sm3_hex
from shared_apps.products.known_offers import latest_offers
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.words import FUND_SOURCES
from tenant_apps.orders.words import MODES
from tenant_apps.takeover import taken
from tenant_apps.takeover.codes import Codes, load_codes
from tenant_apps.takeover.reading import Package, Row, SheetError
from tenant_apps.takeover.rules import (
    TAKEN_STATES,
    Comparison,
    Draw,
    ItemKind,
    LineKey,
    LineMoney,
    Outcome,
    days_wrong,
    earlier_spent,
    matches,
    reconcile,
)
from tenant_apps.takeover.sheets import code_of

_DAY_REASONS: dict[str, Promise] = {
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


def judge_package(*, package: Package, live_on: date | None, today: date) -> Judged:
    """Reads the mall and the libraries, writes nothing. `live_on` is the day the mall went live, None before.

    Runs as the mall's login of the region.
    """
    codes, added = load_codes(package)
    judge = _Judge(package, codes, live_on, today)
    lines = judge.lines()
    orders = judge.orders()
    comparison = reconcile(lines=judge.money, draws=judge.draws, controls=judge.controls())
    judge.enough(lines)
    return Judged(
        items=[*lines, *orders],
        errors=package.sorted_errors(),
        unmapped=codes.unmapped(),
        comparison=comparison,
        added_codes=added,
    )


class _Judge:
    def __init__(self, package: Package, codes: Codes, live_on: date | None, today: date) -> None:
        self.package, self.codes, self.live_on, self.today = package, codes, live_on, today
        self.money: dict[LineKey, LineMoney] = {}
        self.line_rows: dict[LineKey, Row] = {}
        self.draws: list[Draw] = []
        self.new_draws: dict[LineKey, Decimal] = {}
        self.goods = package.by("goods", "old_number")
        self.fundings = package.by("fundings", "old_number")
        self.payments = package.by("payments", "old_number")
        self.known = taken.known_orders([row["old_number"] for row in package["orders"]])
        self.states: dict[str, str] = {}
        self._strangers("goods")
        self._strangers("fundings")
        self._strangers("payments")
        self._twice("units", "unit_code")
        self.offers = self._offers()

    # -- lines ------------------------------------------------------------------------------------------------------
    def lines(self) -> list[Item]:
        self._twice("lines", "plan_number", "unit_code", "fiscal_year")
        for row in self.package["lines"]:
            key = _line_key(row)
            self.money.setdefault(key, LineMoney(row["total"], row["frozen"], row["spent"]))
            self.line_rows.setdefault(key, row)
        self._draw()
        present = taken.present_lines(
            [(unit.id, key[1], key[2]) for key in self.money if (unit := self._unit_of(key)) is not None]
        )
        return [item for key in self.money if (item := self._line(key, present)) is not None]

    def _unit_of(self, key: LineKey) -> UnitView | None:
        return self.codes.unit(key[0])

    def _line(self, key: LineKey, present: dict[tuple[int, int, str], taken.PresentLine]) -> Item | None:
        row, unit = self.line_rows[key], self.codes.unit(key[0])
        source = code_of(FUND_SOURCES, row["fund_source"])
        if not source:
            self.package.wrong("lines", row, "fund_source", _("Choose one of the fund sources of the template."))
        if row["plan_filed_on"] is not None and row["plan_filed_on"] > self.today:
            self.package.wrong("lines", row, "plan_filed_on", _DAY_REASONS["future"])
        earlier = earlier_spent(self.money[key], [draw for draw in self.draws if draw.line == key])
        if unit is None or not source or earlier < 0:
            return None
        there = present.get((unit.id, key[1], key[2]))
        outcome = Outcome.NEW
        if there is not None and there.taken is not None:
            outcome = Outcome.SAME
            if there.taken != (row["total"], earlier):
                self.package.wrong(
                    "lines", row, "total",
                    _("This line was taken over with a total of %(total)s, of which %(spent)s spent before.")
                    % {"total": there.taken[0], "spent": there.taken[1]},
                )  # fmt: skip
        elif there is not None and there.total != row["total"]:
            self.package.wrong(
                "lines", row, "total",
                _("The mall has this line with a total of %(total)s: both must be the same.") % {"total": there.total},
            )  # fmt: skip
        content = {
            "unit_id": unit.id,
            "fiscal_year": key[1],
            "plan_number": key[2],
            "plan_filed_on": _day(row["plan_filed_on"]),
            "budget_item": row["budget_item"],
            "fund_source": source,
            "functional_class": row["functional_class"],
            "economic_class": row["economic_class"],
            "total": str(row["total"]),
            "earlier": str(earlier),
        }
        return Item(ItemKind.LINE, key[2], outcome, row["total"], content, _fingerprint(content), party=unit.name)

    def enough(self, lines: Sequence[Item]) -> None:
        """A line that is here already must have what the new orders take, and what was spent of it before."""
        by_key = {
            (item.content["unit_id"], item.content["fiscal_year"], item.content["plan_number"]): item for item in lines
        }
        present = taken.present_lines(list(by_key))
        for key, amount in self.new_draws.items():
            unit, row = self._unit_of(key), self.line_rows.get(key)
            there = present.get((unit.id, key[1], key[2])) if unit else None
            if row is None or unit is None or there is None or (unit.id, key[1], key[2]) not in by_key:
                continue
            item = by_key[unit.id, key[1], key[2]]
            off = Decimal(item.content["earlier"]) if there.taken is None else ZERO
            if there.available - off < amount:
                self.package.wrong(
                    "lines", row, "total",
                    _("The line here has %(left)s left, and the orders need %(needed)s.")
                    % {"left": there.available - off, "needed": amount},
                )  # fmt: skip

    def controls(self) -> dict[tuple[LineKey, str], tuple[int, Decimal]]:
        found: dict[tuple[LineKey, str], tuple[int, Decimal]] = {}
        for row in self.package["controls"]:
            key, state = _line_key(row), self.codes.state(row["state"])
            if key not in self.money:
                self.package.wrong("controls", row, "plan_number", _("This line is not in the sheet of budget lines."))
            if state:
                if (key, state) in found:
                    self.package.wrong("controls", row, "state", _("This line and state stand here twice."))
                found[key, state] = (row["orders"], row["amount"])
        return found

    # -- orders -----------------------------------------------------------------------------------------------------
    def orders(self) -> list[Item]:
        self._twice("orders", "old_number")
        seen: set[str] = set()
        found = []
        for row in self.package["orders"]:
            number = row["old_number"]
            if number not in seen:
                seen.add(number)
                item = self._order(row)
                if item is not None:
                    found.append(item)
        return found

    def _draw(self) -> None:
        """What each order of a known state takes from which line: the sums of the package."""
        for row in self.package["orders"]:
            number = row["old_number"]
            if number in self.states:
                continue
            self.states[number] = state = self.codes.state(row["state"])
            for part in self.fundings.get(number, []):
                key = (row["unit_code"], part["fiscal_year"], part["plan_number"])
                if key not in self.money:
                    self.package.wrong(
                        "fundings", part, "plan_number", _("This line is not in the sheet of budget lines.")
                    )
                elif state:
                    self.draws.append(Draw(key, state, part["amount"]))
                    if number not in self.known:
                        self.new_draws[key] = self.new_draws.get(key, ZERO) + part["amount"]

    def _order(self, row: Row) -> Item | None:
        number, state = row["old_number"], self.states[row["old_number"]]
        unit, supplier = self.codes.unit(row["unit_code"]), self.codes.supplier(row["supplier_code"])
        goods, people = self._goods(row), self._people(row)
        before = len(self.package.errors)
        if supplier is not None and supplier.organisation_id is None:
            self._wrong(
                row, "supplier_code", _("The supplier has not joined the platform yet and cannot go on with it.")
            )
        mode = code_of(MODES, row["mode"])
        if not mode:
            self._wrong(row, "mode", _("Choose one of the ways of buying of the template."))
        fundings, paid = self._fundings(row), self.payments.get(number, [])
        if state:
            self._state(row, state, paid)
        if self.live_on is not None and row["placed_on"] > self.live_on:
            self._wrong(row, "placed_on", _("Placed after this mall went live: such an order begins here."))
        raw = {sheet: self._raw(sheet, number) for sheet in ("goods", "fundings", "payments")}
        fingerprint = _fingerprint(_plain({"order": row.values, **raw}))
        known = self.known.get(number)
        if known is not None and known != fingerprint:
            self._wrong(row, "old_number", _("This order was taken over with other contents; it goes on here."))
        if not state or unit is None or supplier is None or goods is None or len(self.package.errors) > before:
            return None
        content = {
            **_plain(row.values),
            "unit_id": unit.id,
            "unit_name": unit.name,
            "organisation_id": unit.organisation_id,
            "supplier_id": supplier.id,
            "state": state,
            "old_state": row["state"],
            "mode": mode,
            "goods": goods,
            "fundings": [[unit.id, part["fiscal_year"], part["plan_number"], str(part["amount"])] for part in fundings],
            "payments": [_plain(one.values) for one in paid],
            "paid_on": _day(max((one["paid_on"] for one in paid), default=None)),
            **people,
        }
        return Item(
            ItemKind.ORDER, number, Outcome.NEW if known is None else Outcome.SAME, row["total"], content, fingerprint,
            state=state, party=supplier.name,
        )  # fmt: skip

    def _state(self, row: Row, state: str, paid: Sequence[Row]) -> None:
        wanted = TAKEN_STATES[state]
        given = sum((one["amount"] for one in paid), ZERO)
        if given != (row["total"] if wanted.is_paid else ZERO):
            self._wrong(
                row, "total",
                _("The payments made come to %(paid)s: all of a paid order, nothing of any other.") % {"paid": given},
                value=row["total"],
            )  # fmt: skip
        days = {**row.values, "paid_on": max((one["paid_on"] for one in paid), default=None)}
        wrong = days_wrong(state=state, days=days, today=self.today)
        if wrong is not None:
            name, why = wrong
            self._wrong(row, "total" if name == "paid_on" else name, _DAY_REASONS[why])
        if wanted.is_shipped and not (row["carrier"] and row["waybill"]):
            self._wrong(row, "waybill" if row["carrier"] else "carrier", _("An order that was shipped names both."))
        if "received_on" in wanted.days and not row["acceptor_name"]:
            self._wrong(row, "acceptor_name", _("An order whose goods were accepted names the acceptor."))

    def _fundings(self, row: Row) -> list[Row]:
        found = self.fundings.get(row["old_number"], [])
        keys = [(part["fiscal_year"], part["plan_number"]) for part in found]
        given = sum((part["amount"] for part in found), ZERO)
        if len(set(keys)) != len(keys):
            self._wrong(row, "old_number", _("The sheet of money names a budget line twice for this order."))
        elif given != row["total"]:
            self._wrong(row, "total", _("The budget lines give %(given)s.") % {"given": given})
        return found

    def _people(self, row: Row) -> dict[str, int | None]:
        ids = {
            f"{post}_id": self.codes.person(row[f"{post}_account"], row[f"{post}_name"])
            if row[f"{post}_account"]
            else None
            for post in ("clerk", "approver", "acceptor")
        }
        if ids["clerk_id"] is not None and ids["clerk_id"] == ids["approver_id"]:
            self._wrong(row, "approver_account", _("Clerk and approver are the same person here."))
        return ids

    # -- goods ------------------------------------------------------------------------------------------------------
    def _offers(self) -> dict[tuple[int, str], int]:
        suppliers = [view.id for view in self.codes.suppliers.values()]
        mapped = {sku: ours for (kind, sku), ours in self.codes.mapped.items() if kind == "product"}
        numbers = {row["product_code"] or mapped.get(row["old_sku"], "") for row in self.package["goods"]} - {""}
        return latest_offers(supplier_ids=suppliers, product_codes=numbers) if suppliers and numbers else {}

    def _goods(self, row: Row) -> list[dict[str, Any]] | None:
        supplier, found, total = self.codes.supplier(row["supplier_code"]), [], ZERO
        rows = sorted(self.goods.get(row["old_number"], []), key=lambda one: int(one["position"]))
        if not rows:
            self._wrong(row, "old_number", _("The sheet of order lines has no goods of this order."))
            return None
        used: set[int] = set()
        places: set[int] = set()
        for line in rows:
            amount, freight = line_amount(price=line["price"], quantity=line["quantity"]), line["freight"] or ZERO
            total += amount + freight
            if line["position"] in places:
                self.package.wrong("goods", line, "position", _("This line number stands here twice."))
            places.add(line["position"])
            if not line["product_code"] and not line["old_sku"]:
                self.package.wrong("goods", line, "product_code", _("Give the region's number or the old mall's code."))
                continue
            number = line["product_code"] or self.codes.product(line["old_sku"], line["title"])
            if not number or supplier is None:
                continue
            offer_id = self.offers.get((supplier.id, number))
            if offer_id is None:
                self.package.wrong(
                    "goods", line, "product_code" if line["product_code"] else "old_sku",
                    _("The library has no offer of %(code)s by this supplier: import his offers first.")
                    % {"code": number},
                )  # fmt: skip
                continue
            if offer_id in used:
                self.package.wrong("goods", line, "position", _("The same product twice in one order: write one line."))
                continue
            used.add(offer_id)
            found.append({
                "offer_id": offer_id, "title": line["title"], "quantity": line["quantity"],
                "price": str(line["price"]), "freight": str(freight),
            })  # fmt: skip
        if total != row["total"]:
            self._wrong(row, "total", _("The order lines add up to %(sum)s.") % {"sum": total})
        return found if len(found) == len(rows) else None

    # -- what is common ---------------------------------------------------------------------------------------------
    def _wrong(self, row: Row, column: str, reason: object, value: object = None) -> None:
        self.package.wrong("orders", row, column, reason, value)

    def _raw(self, sheet: str, number: str) -> list[dict[str, Any]]:
        rows = getattr(self, sheet).get(number, [])
        return [one.values for one in sorted(rows, key=lambda one: one.number)]

    def _strangers(self, sheet: str) -> None:
        """Rows of orders that the sheet of orders does not have; of a row that is wrong itself, too."""
        own = {row["old_number"] for row in self.package["orders"]}
        for row in self.package[sheet]:
            if row["old_number"] not in own:
                self.package.wrong(
                    sheet, row, "old_number", _("This order is not in the sheet of orders, or wrong there.")
                )

    def _twice(self, sheet: str, column: str, *more: str) -> None:
        seen: dict[tuple[Any, ...], int] = {}
        for row in self.package[sheet]:
            key = tuple(row[name] for name in (column, *more))
            first = seen.setdefault(key, row.number)
            if first != row.number:
                self.package.wrong(sheet, row, column, _TWICE % {"row": first})


def _line_key(row: Row) -> LineKey:
    return row["unit_code"], row["fiscal_year"], row["plan_number"]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: Any) -> Any:
    """As JSON: amounts and days as texts."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal | date) else value


def _fingerprint(content: Any) -> str:
    return sm3_hex(canonical_json(content))
