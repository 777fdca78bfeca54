"""Budget lines of a package: what they hold, what its orders take from them, and what the old mall says of both."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.money import ZERO
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.words import FUND_SOURCES
from tenant_apps.takeover import taken
from tenant_apps.takeover.judging.common import DAY_REASONS, Given, Item, day_text, fingerprint_of, line_key
from tenant_apps.takeover.reading import Row
from tenant_apps.takeover.rules import Draw, ItemKind, LineKey, LineMoney, Outcome, earlier_spent
from tenant_apps.takeover.sheets import code_of


class LineJudge:
    def __init__(self, given: Given) -> None:
        self.given, self.package, self.codes, self.today = given, given.package, given.codes, given.today
        self.money: dict[LineKey, LineMoney] = {}
        self.line_rows: dict[LineKey, Row] = {}
        self.draws: list[Draw] = []
        self.new_draws: dict[LineKey, Decimal] = {}

    def lines(self) -> list[Item]:
        self.given.once("lines", "plan_number", "unit_code", "fiscal_year")
        for row in self.package["lines"]:
            key = line_key(row)
            self.money.setdefault(key, LineMoney(row["total"], row["frozen"], row["spent"]))
            self.line_rows.setdefault(key, row)
        self._draw()
        present = taken.present_lines(
            [(unit.id, key[1], key[2]) for key in self.money if (unit := self._unit_of(key)) is not None]
        )
        return [item for key in self.money if (item := self._line(key, present)) is not None]

    def _unit_of(self, key: LineKey) -> UnitView | None:
        return self.codes.unit(key[0])

    def _draw(self) -> None:
        """What each order of a known state takes from which line: the sums of the package."""
        units = {row["old_number"]: row["unit_code"] for row in reversed(self.package["orders"])}
        for number, state in self.given.states.items():
            for part in self.given.fundings.get(number, []):
                key = (units[number], part["fiscal_year"], part["plan_number"])
                if key not in self.money:
                    self.package.wrong(
                        "fundings", part, "plan_number", _("This line is not in the sheet of budget lines.")
                    )
                elif state:
                    self.draws.append(Draw(key, state, part["amount"]))
                    if number not in self.given.known:
                        self.new_draws[key] = self.new_draws.get(key, ZERO) + part["amount"]

    def _line(self, key: LineKey, present: dict[tuple[int, int, str], taken.PresentLine]) -> Item | None:
        row, unit = self.line_rows[key], self.codes.unit(key[0])
        source = code_of(FUND_SOURCES, row["fund_source"])
        if not source:
            self.package.wrong("lines", row, "fund_source", _("Choose one of the fund sources of the template."))
        if row["plan_filed_on"] is not None and row["plan_filed_on"] > self.today:
            self.package.wrong("lines", row, "plan_filed_on", DAY_REASONS["future"])
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
            "plan_filed_on": day_text(row["plan_filed_on"]),
            "budget_item": row["budget_item"],
            "fund_source": source,
            "functional_class": row["functional_class"],
            "economic_class": row["economic_class"],
            "total": str(row["total"]),
            "earlier": str(earlier),
        }
        return Item(ItemKind.LINE, key[2], outcome, row["total"], content, fingerprint_of(content), party=unit.name)

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
            key, state = line_key(row), self.codes.state(row["state"])
            if key not in self.money:
                self.package.wrong("controls", row, "plan_number", _("This line is not in the sheet of budget lines."))
            if state:
                if (key, state) in found:
                    self.package.wrong("controls", row, "state", _("This line and state stand here twice."))
                found[key, state] = (row["orders"], row["amount"])
        return found
