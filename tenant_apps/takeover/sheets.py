"""The sheets of a package: names, columns and the fields each cell is read by.

The names are the templates': a package is filled in by people who run a mall, in their own language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.inputs import AmountField, CodeField, DayField, QuantityField, StrictSerializer, TextField, WholeField
from kernel.spreadsheets import Column
from tenant_apps.budgets.words import FUND_SOURCES
from tenant_apps.orders.words import MODES, STATES
from tenant_apps.takeover.rules import TAKEN_STATES, CodeKind

# Numbers and codes of other people's systems may hold any sign that can be seen.
_OLD_CODE = 60


def _old(*, required: bool = True) -> TextField:
    return TextField(max_length=_OLD_CODE) if required else TextField(max_length=_OLD_CODE, required=False, default="")


def _text(length: int) -> TextField:
    return TextField(max_length=length, required=False, default="")


class UnitRow(StrictSerializer):
    unit_code = _old()
    unit_name = TextField(max_length=120)


class LineRow(StrictSerializer):
    unit_code = _old()
    fiscal_year = WholeField(min_value=2000, max_value=2199)
    plan_number = CodeField(max_length=40)
    plan_filed_on = DayField(required=False, default=None)
    budget_item = TextField(max_length=120)
    fund_source = TextField(max_length=20)
    functional_class = CodeField(max_length=20)
    economic_class = CodeField(max_length=20)
    total = AmountField()
    frozen = AmountField(allow_zero=True)
    spent = AmountField(allow_zero=True)


class OrderRow(StrictSerializer):
    old_number = _old()
    state = _old()
    unit_code = _old()
    supplier_code = _old()
    mode = TextField(max_length=20)
    clerk_name = TextField(max_length=40)
    clerk_account = _old(required=False)
    approver_name = TextField(max_length=40)
    approver_account = _old(required=False)
    acceptor_name = _text(40)
    acceptor_account = _old(required=False)
    placed_on = DayField()
    accepted_on = DayField(required=False, default=None)
    shipped_on = DayField(required=False, default=None)
    received_on = DayField(required=False, default=None)
    carrier = _text(60)
    waybill = _text(60)
    certificate_number = _text(60)
    total = AmountField()
    delivery_address = TextField(max_length=200)
    contact_name = TextField(max_length=40)
    contact_phone = TextField(max_length=20)
    note = _text(300)


class GoodsRow(StrictSerializer):
    old_number = _old()
    position = WholeField(min_value=1, max_value=500)
    product_code = CodeField(max_length=20, required=False, default="")
    old_sku = _old(required=False)
    title = TextField(max_length=160)
    quantity = QuantityField()
    price = AmountField()
    freight = AmountField(allow_zero=True, required=False, default=None)


class FundingRow(StrictSerializer):
    old_number = _old()
    fiscal_year = WholeField(min_value=2000, max_value=2199)
    plan_number = CodeField(max_length=40)
    amount = AmountField()


class PaymentRow(StrictSerializer):
    old_number = _old()
    amount = AmountField()
    paid_on = DayField()
    reference = TextField(max_length=64)


class ControlRow(StrictSerializer):
    unit_code = _old()
    fiscal_year = WholeField(min_value=2000, max_value=2199)
    plan_number = CodeField(max_length=40)
    state = _old()
    orders = WholeField(min_value=0, max_value=1_000_000)
    amount = AmountField(allow_zero=True)


class MappingRow(StrictSerializer):
    kind = TextField(max_length=20)
    old_code = _old()
    our_code = TextField(max_length=40)


CODE_KINDS: dict[str, Promise] = {
    CodeKind.UNIT: _("Budget unit"),
    CodeKind.SUPPLIER: _("Supplier"),
    CodeKind.PRODUCT: _("Product"),
    CodeKind.STATE: _("Order state"),
    CodeKind.PERSON: _("Person"),
}
STATE_CHOICES: dict[str, Promise] = {state: STATES[state][0] for state in TAKEN_STATES}


def code_of(choices: Any, text: str) -> str:
    """The code whose word is `text`, or the code itself; empty for a stranger."""
    return next((str(code) for code, label in choices.items() if text in {str(label), str(code)}), "")


@dataclass(frozen=True)
class Sheet:
    """One sheet of the package. `choices` are the drop-downs of the template, by column."""

    name: str
    title: str | Promise
    row: type[StrictSerializer]
    columns: Sequence[Column]
    needed: bool = True
    choices: dict[str, dict[str, Promise]] = field(default_factory=dict)


def _columns(*columns: tuple[str, str | Promise, bool]) -> tuple[Column, ...]:
    return tuple(Column(name, label, required) for name, label, required in columns)


_UNIT = ("unit_code", _("Unit code in the old mall"), True)
_YEAR = ("fiscal_year", _("Fiscal year"), True)
_PLAN = ("plan_number", _("Plan number"), True)
_NUMBER = ("old_number", _("Order number in the old mall"), True)

SHEETS: tuple[Sheet, ...] = (
    Sheet("units", _("Units"), UnitRow, _columns(_UNIT, ("unit_name", _("Unit name"), True))),
    Sheet(
        "lines",
        _("Budget lines"),
        LineRow,
        _columns(
            _UNIT, _YEAR, _PLAN,
            ("plan_filed_on", _("Plan filed on"), False),
            ("budget_item", _("Budget item"), True),
            ("fund_source", _("Fund source"), True),
            ("functional_class", _("Functional class"), True),
            ("economic_class", _("Economic class"), True),
            ("total", _("Line total"), True),
            ("frozen", _("Frozen"), True),
            ("spent", _("Spent"), True),
        ),
        choices={"fund_source": FUND_SOURCES},
    ),
    Sheet(
        "orders",
        _("Orders"),
        OrderRow,
        _columns(
            _NUMBER,
            ("state", _("Order state"), True),
            _UNIT,
            ("supplier_code", _("Supplier's credit code"), True),
            ("mode", _("Way of buying"), True),
            ("clerk_name", _("Clerk"), True),
            ("clerk_account", _("Clerk's account in the old mall"), False),
            ("approver_name", _("Approver"), True),
            ("approver_account", _("Approver's account in the old mall"), False),
            ("acceptor_name", _("Acceptor"), False),
            ("acceptor_account", _("Acceptor's account in the old mall"), False),
            ("placed_on", _("Placed on"), True),
            ("accepted_on", _("Accepted by the supplier on"), False),
            ("shipped_on", _("Shipped on"), False),
            ("received_on", _("Goods accepted on"), False),
            ("carrier", _("Carrier"), False),
            ("waybill", _("Waybill number"), False),
            ("certificate_number", _("Number of the acceptance certificate"), False),
            ("total", _("Order total"), True),
            ("delivery_address", _("Delivery address"), True),
            ("contact_name", _("Contact person"), True),
            ("contact_phone", _("Contact's telephone"), True),
            ("note", pgettext_lazy("takeover", "Note"), False),
        ),
        choices={"state": STATE_CHOICES, "mode": MODES},
    ),
    Sheet(
        "goods",
        _("Order lines"),
        GoodsRow,
        _columns(
            _NUMBER,
            ("position", _("Line number"), True),
            ("product_code", _("The region's product number"), False),
            ("old_sku", _("Product code in the old mall"), False),
            ("title", _("Product name"), True),
            ("quantity", _("Quantity"), True),
            ("price", _("Price with tax"), True),
            ("freight", _("Freight"), False),
        ),
    ),
    Sheet(
        "fundings",
        _("Money of the orders"),
        FundingRow,
        _columns(_NUMBER, _YEAR, _PLAN, ("amount", _("Amount"), True)),
    ),
    Sheet(
        "payments",
        _("Payments made"),
        PaymentRow,
        _columns(
            _NUMBER,
            ("amount", _("Amount"), True),
            ("paid_on", _("Paid on"), True),
            ("reference", _("Treasury's payment number"), True),
        ),
        needed=False,
    ),
    Sheet(
        "controls",
        _("Control totals"),
        ControlRow,
        _columns(
            _UNIT, _YEAR, _PLAN,
            ("state", _("Order state"), True),
            ("orders", _("Number of orders"), True),
            ("amount", _("Amount"), True),
        ),
        choices={"state": STATE_CHOICES},
    ),
    Sheet(
        "mappings",
        _("Mapping of codes"),
        MappingRow,
        _columns(
            ("kind", _("Kind of code"), True),
            ("old_code", _("Code in the old mall"), True),
            ("our_code", _("Code here"), True),
        ),
        needed=False,
        choices={"kind": CODE_KINDS},
    ),
)  # fmt: skip
BY_NAME = {sheet.name: sheet for sheet in SHEETS}

NOTES: tuple[Promise, ...] = (
    _("One row is one thing; the first row of every sheet stays as it is. Dates are written as 2026-06-30."),
    _("Bring what is open: placed, accepted, shipped, returned, goods accepted, paid and not yet closed."),
    _("Left in the old mall until they end there: orders not approved yet, payments under way, disputes."),
    _("Goods are named by the region's product number, or by the old mall's code, which is mapped before."),
    _("Frozen is what the open orders of the line hold. Spent is everything paid from it so far this year."),
    _("Control totals come from the old mall's own statistics, one row for each budget line and order state."),
    _("A package whose sums do not match to the cent is not taken over, not even in part."),
)
