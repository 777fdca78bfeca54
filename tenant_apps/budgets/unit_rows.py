"""The rows of the table of budget units: its columns, and what storing a row would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from kernel.inputs import UsccField
from kernel.spreadsheets import CellError, Column, shown
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant, unusable_unit_organisations
from tenant_apps.budgets.models import AwaitedUnit, BudgetUnit
from tenants.database.context import current_tenant
from tenants.registry.practice import home_of

COLUMNS = (
    Column("code", _("Unit code"), width=18),
    Column("name", _("Name of the unit"), width=36),
    Column("organisation_code", _("Code of the organisation"), required=False, width=28),
    Column("organisation_name", _("Name of the organisation"), required=False, width=36),
)
NOTES = (
    _("One row a unit. Do not change the first row."),
    _("Unit code: groups of three digits, one group a level, such as 001 or 001002. Format the cells as text."),
    _("Code of the organisation: as the region's list has it. Leave it empty when it is the unit code."),
    _(
        "An organisation that is not in the list yet: write its unified social credit code and its name; it is entered"
        " in the list with the unit."
    ),
    _("A unit that exists already is left as it is; another name in the table changes its name."),
    _("Nothing is stored while a row is wrong. The same file may be sent again."),
)


class Change(StrEnum):
    """What storing a row does."""

    CREATE = "create"
    RENAME = "rename"
    # The region enters the organisation first; the unit follows by itself.
    AWAIT = "await"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row that is right."""

    number: int
    code: str
    name: str
    organisation_id: int | None
    organisation_code: str
    organisation_name: str
    change: Change
    unit_id: int | None
    name_before: str


LISTED_AS = _("The region's list has this organisation as %(name)s.")
CALLED = _("Another row of the table calls this organisation %(name)s.")
UNUSABLE = {
    "closed": _("The organisation with this code is closed in the region's list; ask the platform's operator."),
    "elsewhere": _("Another finance level has this organisation as its unit; a unit belongs to one level's budget."),
}


class Judge:
    """Judges rows by what is stored now: units, the region's organisations of this level, and units that wait."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        home = home_of(current_tenant().code)
        # Practice units stand on the organisations of the real mall; practice enters nobody in the region's list.
        self.is_practice = home != current_tenant().code
        kind = OrganisationKind.BUDGET_UNIT
        self.organisations = {one.code: one for one in organisations_of_tenant(tenant_code=home, kind=kind)}
        self.units = {unit.code: unit for unit in BudgetUnit.objects.all()}
        self.awaited = {unit.code: unit for unit in AwaitedUnit.objects.all()}
        named = {str(row.get("organisation_code") or "").upper() for row in rows} - {"", *self.organisations}
        self.unusable = unusable_unit_organisations(tenant_code=home, codes=named) if named else {}
        self.new_names: dict[str, str] = {}

    def row(self, number: int, values: Mapping[str, Any]) -> UnitRow | CellError:
        code, name = str(values["code"]), str(values["name"])
        given_code, given_name = str(values.get("organisation_code") or ""), str(values.get("organisation_name") or "")
        organisation = self.organisations.get(given_code or code) or self.organisations.get(given_code.upper())
        unit = self.units.get(code)
        if organisation is None:
            return self._of_a_new_organisation(number, code, name, given_code, given_name)
        # A leading apostrophe is how our own export keeps a name from being a formula.
        if given_name and given_name.removeprefix("'") != organisation.name:
            return wrong_cell(number, "organisation_name", given_name, LISTED_AS % {"name": organisation.name})
        if unit is not None and unit.organisation_id != organisation.pk:
            return wrong_cell(
                number, "organisation_code", given_code, _("The unit belongs to another organisation already.")
            )
        change = Change.CREATE if unit is None else Change.NONE if unit.name == name else Change.RENAME
        return UnitRow(
            number, code, name, organisation.pk, organisation.code, organisation.name, change,
            unit.pk if unit else None, unit.name if unit else "",
        )  # fmt: skip

    def _of_a_new_organisation(
        self, number: int, code: str, name: str, given_code: str, given_name: str
    ) -> UnitRow | CellError:
        if self.is_practice or not given_name:
            return wrong_cell(
                number, "organisation_code", given_code, _("This level has no organisation with this code.")
            )
        try:
            credit_code = UsccField().run_validation(given_code)
        except ValidationError as error:
            found = error.detail[0] if isinstance(error.detail, list) else error.detail
            return wrong_cell(number, "organisation_code", given_code, found)
        if code in self.units:
            return wrong_cell(
                number, "organisation_code", given_code, _("The unit belongs to another organisation already.")
            )
        if credit_code in self.unusable:
            return wrong_cell(number, "organisation_code", given_code, UNUSABLE[self.unusable[credit_code]])
        if self.new_names.setdefault(credit_code, given_name) != given_name:
            return wrong_cell(number, "organisation_name", given_name, CALLED % {"name": self.new_names[credit_code]})
        waiting = self.awaited.get(code)
        same = waiting is not None and (waiting.name, waiting.organisation_code, waiting.organisation_name) == (
            name, credit_code, given_name,
        )  # fmt: skip
        change = Change.NONE if same else Change.AWAIT
        return UnitRow(number, code, name, None, credit_code, given_name, change, None, "")


def wrong_cell(row: int, column: str, value: str, reason: Any) -> CellError:
    """The finding of one cell, with the column's words."""
    label = next(str(one.label) for one in COLUMNS if one.name == column)
    return CellError(row, column, label, shown(value), str(reason))
