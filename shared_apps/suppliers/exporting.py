"""Lists of this app as tables for spreadsheets: UTF-8 with a byte order mark, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from kernel.clock import local
from shared_apps.fees.export import safe_cell
from shared_apps.suppliers.models import SupplierApplication
from shared_apps.suppliers.selectors import SupplierView
from shared_apps.suppliers.selectors.related import RelatedGroup
from shared_apps.suppliers.wording import KINDS, SIZES, TIES
from webkit import states


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    out.write("\ufeff")  # without it spreadsheets take the file for another encoding
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def applications_csv(rows: Iterable[SupplierApplication]) -> str:
    heading = [_("Number"), _("Kind"), _("State"), _("Supplier"), _("Credit code"), _("Division"), _("Sent"), _("Due")]
    return table(
        heading,
        (
            (
                row.number,
                str(KINDS[row.kind]),
                str(states.label_of("supplier_application", row.state).label),
                row.name,
                row.uscc,
                row.division_code,
                f"{local(row.submitted_at):%Y-%m-%d %H:%M}" if row.submitted_at else "",
                row.due_on or "",
            )
            for row in rows
        ),
    )


def suppliers_csv(rows: Iterable[SupplierView]) -> str:
    heading = [_("Credit code"), _("Supplier"), _("Size"), _("Division"), _("Standing"), _("Demonstration")]
    return table(
        heading,
        (
            (
                row.uscc,
                row.name,
                str(SIZES[row.size]),
                row.division_code,
                str(states.label_of("supplier", row.standing).label),
                _("Demonstration") if row.is_demo else "",
            )
            for row in rows
        ),
    )


def related_csv(groups: Iterable[RelatedGroup]) -> str:
    heading = [_("Tie"), _("What is the same"), _("Credit code"), _("Supplier"), _("Standing")]
    return table(
        heading,
        (
            (
                str(TIES[group.tie]),
                group.shown,
                one.uscc,
                one.name,
                str(states.label_of("supplier", one.standing).label),
            )
            for group in groups
            for one in group.suppliers
        ),
    )
