"""Lists of this app as tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kernel.clock import local
from shared_apps.suppliers.models import SupplierApplication
from shared_apps.suppliers.selectors import SupplierView
from shared_apps.suppliers.selectors.related import RelatedGroup
from shared_apps.suppliers.wording import KINDS, SIZES, TIES
from webkit import states
from webkit.tables import csv_response


def applications_csv(rows: Iterable[SupplierApplication]) -> HttpResponse:
    heading = [_("Number"), _("Kind"), _("State"), _("Supplier"), _("Credit code"), _("Division"), _("Sent"), _("Due")]
    return csv_response(
        "supplier-applications.csv",
        heading,
        (
            (
                row.number,
                KINDS[row.kind],
                states.label_of("supplier_application", row.state).label,
                row.name,
                row.uscc,
                row.division_code,
                f"{local(row.submitted_at):%Y-%m-%d %H:%M}" if row.submitted_at else "",
                row.due_on,
            )
            for row in rows
        ),
    )


def suppliers_csv(rows: Iterable[SupplierView]) -> HttpResponse:
    heading = [_("Credit code"), _("Supplier"), _("Size"), _("Division"), _("Standing"), _("Demonstration")]
    return csv_response(
        "suppliers.csv",
        heading,
        (
            (
                row.uscc,
                row.name,
                SIZES[row.size],
                row.division_code,
                states.label_of("supplier", row.standing).label,
                _("Demonstration") if row.is_demo else "",
            )
            for row in rows
        ),
    )


def related_csv(groups: Iterable[RelatedGroup]) -> HttpResponse:
    heading = [_("Tie"), _("What is the same"), _("Credit code"), _("Supplier"), _("Standing")]
    return csv_response(
        "related-suppliers.csv",
        heading,
        (
            (
                TIES[group.tie],
                group.shown,
                one.uscc,
                one.name,
                states.label_of("supplier", one.standing).label,
            )
            for group in groups
            for one in group.suppliers
        ),
    )
