"""Orders of a package: their states and days, people, goods, money and payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.money import ZERO, line_amount
from shared_apps.products.known_offers import latest_offers
from tenant_apps.orders.words import MODES
from tenant_apps.takeover.judging.common import DAY_REASONS, Given, Item, day_text, fingerprint_of, plain
from tenant_apps.takeover.reading import Row
from tenant_apps.takeover.rules import TAKEN_STATES, ItemKind, Outcome, days_wrong
from tenant_apps.takeover.sheets import code_of


class OrderJudge:
    def __init__(self, given: Given, live_on: date | None) -> None:
        self.given, self.package, self.codes, self.today = given, given.package, given.codes, given.today
        self.live_on = live_on
        self.offers = self._offers()

    def orders(self) -> list[Item]:
        self.given.once("orders", "old_number")
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

    def _order(self, row: Row) -> Item | None:
        number, state = row["old_number"], self.given.states[row["old_number"]]
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
        fundings, paid = self._fundings(row), self.given.payments.get(number, [])
        if state:
            self._state(row, state, paid)
        if self.live_on is not None and row["placed_on"] > self.live_on:
            self._wrong(row, "placed_on", _("Placed after this mall went live: such an order begins here."))
        raw = {sheet: self._raw(sheet, number) for sheet in ("goods", "fundings", "payments")}
        fingerprint = fingerprint_of(plain({"order": row.values, **raw}))
        known = self.given.known.get(number)
        if known is not None and known != fingerprint:
            self._wrong(row, "old_number", _("This order was taken over with other contents; it goes on here."))
        if not state or unit is None or supplier is None or goods is None or len(self.package.errors) > before:
            return None
        content = {
            **plain(row.values),
            "unit_id": unit.id,
            "unit_name": unit.name,
            "organisation_id": unit.organisation_id,
            "supplier_id": supplier.id,
            "state": state,
            "old_state": row["state"],
            "mode": mode,
            "goods": goods,
            "fundings": [[unit.id, part["fiscal_year"], part["plan_number"], str(part["amount"])] for part in fundings],
            "payments": [plain(one.values) for one in paid],
            "paid_on": day_text(max((one["paid_on"] for one in paid), default=None)),
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
            self._wrong(row, "total" if name == "paid_on" else name, DAY_REASONS[why])
        if wanted.is_shipped and not (row["carrier"] and row["waybill"]):
            self._wrong(row, "waybill" if row["carrier"] else "carrier", _("An order that was shipped names both."))
        if "received_on" in wanted.days and not row["acceptor_name"]:
            self._wrong(row, "acceptor_name", _("An order whose goods were accepted names the acceptor."))

    def _fundings(self, row: Row) -> list[Row]:
        found = self.given.fundings.get(row["old_number"], [])
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
        rows = sorted(self.given.goods.get(row["old_number"], []), key=lambda one: int(one["position"]))
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
        rows = getattr(self.given, sheet).get(number, [])
        return [one.values for one in sorted(rows, key=lambda one: one.number)]
