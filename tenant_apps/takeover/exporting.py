"""Files of the takeover: the template, what is wrong with a package, its sums, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.workbooks import WrittenSheet, write_workbook
from tenant_apps.orders.words import STATES as ORDER_STATES
from tenant_apps.takeover import selectors
from tenant_apps.takeover.models import Takeover
from tenant_apps.takeover.reading import SheetError, label_of
from tenant_apps.takeover.sheets import NOTES, SHEETS
from tenant_apps.takeover.words import COMPARED, KINDS, OUTCOMES

Rows = dict[str, list[list[str]]]


def template(rows: Rows | None = None) -> bytes:
    """The empty package with its drop-downs; with `rows` by sheet a filled one."""
    given = rows or {}
    return write_workbook(
        [
            WrittenSheet(
                str(sheet.title),
                sheet.columns,
                given.get(sheet.name, ()),
                {name: [str(label) for label in labels.values()] for name, labels in sheet.choices.items()},
            )
            for sheet in SHEETS
        ],
        notes_title=_("How to fill it in"),
        notes=[str(note) for note in NOTES],
    )


def errors_of(row: Takeover) -> Iterator[tuple[str, int, str, str, str]]:
    """Sheet, row, column, cell and reason, in words."""
    for sheet, number, column, value, reason in row.errors:
        title, label = label_of(SheetError(sheet, number, column, value, reason))
        yield title, number, label, value, reason


def errors_table(row: Takeover) -> tuple[list[str], Iterable[tuple[object, ...]]]:
    return [_("Sheet"), _("Row"), _("Column"), _("Cell"), _("Reason")], errors_of(row)


def comparison_of(row: Takeover) -> Iterator[dict[str, object]]:
    """One figure of the package beside the sum of its orders, in words."""
    for what, unit, year, plan, state, said, summed, matches in row.comparison:
        yield {
            "what": COMPARED[what],
            "unit": unit,
            "year": year,
            "plan": plan,
            "state": ORDER_STATES[state][0] if state else "",
            "is_money": what != "orders",
            "said": said if what == "orders" else Decimal(said),
            "summed": summed if what == "orders" else Decimal(summed),
            "matches": matches,
        }


def comparison_table(row: Takeover) -> tuple[list[str], Iterable[tuple[object, ...]]]:
    header = [
        _("Unit code in the old mall"), _("Fiscal year"), _("Plan number"), _("Order state"),
        pgettext("takeover", "Figure"), _("In the package"), _("Sum of the orders"), _("Matches"),
    ]  # fmt: skip
    yes, no = _("Yes"), _("No")
    return header, (
        (one["unit"], one["year"], one["plan"], one["state"], one["what"], one["said"], one["summed"],
         yes if one["matches"] else no)
        for one in comparison_of(row)
    )  # fmt: skip


def result_table(row: Takeover) -> tuple[list[str], Iterable[tuple[object, ...]]]:
    header = [
        _("Kind"),
        _("Number"),
        _("Order state"),
        _("Unit or supplier"),
        _("Amount"),
        _("What became of it"),
        _("Reason"),
    ]
    return header, (
        (KINDS[one.kind], one.key, ORDER_STATES[one.state][0] if one.state else "", one.party, one.amount,
         OUTCOMES[one.outcome], one.reason)
        for one in selectors.all_items(row=row)
    )  # fmt: skip
