"""The supplier library, by the region's staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.inputs import CodeField, DayField, TextField, UsccField
from shared_apps.exchange.columns import ExchangeColumn, LabelledField, Values, as_day, shown_by, texts_by
from shared_apps.exchange.kinds.base import KINDS, ImportKind, Judged, Scope
from shared_apps.exchange.kinds.staff import scope_of, told
from shared_apps.exchange.rules import LIBRARIANS, Outcome
from shared_apps.suppliers.bulk import SupplierRow, all_suppliers, judge_suppliers, store_suppliers
from shared_apps.suppliers.rules import Standing
from shared_apps.suppliers.wording import SIZES
from tenants.divisions.selectors import places


def _standings() -> Mapping[str, str | Promise]:
    return {
        Standing.UNDER_REVIEW.value: gettext_lazy("To be vetted"),
        Standing.ADMITTED.value: gettext_lazy("Admitted already"),
    }


def _sizes() -> Mapping[str, str | Promise]:
    return {str(size): label for size, label in SIZES.items()}


def _shown_standing(standing: object) -> str:
    """Only what a table may say; a suspended supplier's cell is left empty."""
    return str(_standings().get(str(standing), ""))


SUPPLIER_COLUMNS = (
    ExchangeColumn("uscc", gettext_lazy("Unified social credit code"), width=24, field=UsccField()),
    ExchangeColumn("name", gettext_lazy("Name of the supplier"), width=36, field=TextField(max_length=120)),
    ExchangeColumn("division_code", gettext_lazy("Division code"), width=14, field=CodeField(max_length=6)),
    ExchangeColumn(
        "size", gettext_lazy("Size"), width=12, field=LabelledField(labels=_sizes), choices=texts_by(_sizes),
        show=shown_by(_sizes),
    ),
    ExchangeColumn(
        "legal_representative", gettext_lazy("Legal representative"), required=False, width=18,
        field=TextField(max_length=40), left_out="",
    ),
    ExchangeColumn(
        "address", gettext_lazy("Address"), required=False, width=36, field=TextField(max_length=200), left_out=""
    ),
    ExchangeColumn(
        "phone", gettext_lazy("Telephone"), required=False, width=16, field=TextField(max_length=20), left_out=""
    ),
    ExchangeColumn("joined_on", gettext_lazy("Joined on"), required=False, width=14, field=DayField(), read=as_day),
    ExchangeColumn(
        "standing", gettext_lazy("Standing"), required=False, width=14, field=LabelledField(labels=_standings),
        choices=texts_by(_standings), show=_shown_standing, left_out=Standing.UNDER_REVIEW.value,
    ),
)  # fmt: skip
SUPPLIER_NOTES = (
    gettext_lazy("One row a supplier. Do not change the first row."),
    gettext_lazy("Standing: left empty, a new supplier is vetted first. It counts for new suppliers only."),
    gettext_lazy("Suppliers that look after their own entry are left as they are."),
)


def judge_supplier_rows(*, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]:
    known = places()
    return [
        one if row["division_code"] in known else _no_division(row)
        for row, one in zip(rows, told(judge_suppliers(rows=cast(list[SupplierRow], rows))), strict=True)
    ]


def store_supplier_rows(*, actor: Actor, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]:
    known = places()
    right = [row for row in rows if row["division_code"] in known]
    stored = iter(told(store_suppliers(actor=actor, rows=cast(list[SupplierRow], right), now=now)))
    return [next(stored) if row["division_code"] in known else _no_division(row) for row in rows]


def _no_division(row: Values) -> Judged:
    reason = _("There is no division with the code %(code)s.") % {"code": row["division_code"]}
    return Judged(Outcome.WRONG, "division_code", reason)


def export_suppliers(scope: Scope) -> Iterator[Values]:
    yield from cast(Iterator[Values], all_suppliers())


SUPPLIERS = KINDS.register(
    "suppliers",
    ImportKind(
        name="suppliers",
        label=gettext_lazy("Suppliers of the library"),
        columns=SUPPLIER_COLUMNS,
        notes=SUPPLIER_NOTES,
        posts=LIBRARIANS,
        key="uscc",
        scope_of=scope_of,
        judge=judge_supplier_rows,
        store=store_supplier_rows,
        export=export_suppliers,
    ),
)
