"""Inputs and read models of budgets, shared by pages and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, FormInput, KeyField, StrictSerializer, TextField, WholeField
from tenant_apps.budgets.rules import FundSource
from tenant_apps.budgets.words import FUND_SOURCES

# No more than the spreadsheet reader gives.
IMPORT_ROWS_MAX = 2000


class UnitCodeField(CodeField):
    """Three digits a level, up to five levels: 001, 001001."""

    default_error_messages = {"levels": _("Write the unit code in groups of three digits, such as 001001.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=15, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if not (code.isascii() and code.isdigit() and len(code) % 3 == 0):
            self.fail("levels")
        return code


class CreateUnitInput(StrictSerializer):
    code = UnitCodeField()
    name = TextField(max_length=120)
    organisation_id = KeyField()


class UnitRowInput(StrictSerializer):
    """A row of the table of units. Without a code the organisation is the one with the unit's own.

    An organisation that the region does not list yet is named by its unified social credit code and its name.
    """

    code = UnitCodeField()
    name = TextField(max_length=120)
    organisation_code = CodeField(max_length=40, required=False, default="")
    organisation_name = TextField(max_length=120, required=False, default="")


class ImportUnitsInput(StrictSerializer):
    rows: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=UnitRowInput(), allow_empty=False, max_length=IMPORT_ROWS_MAX
    )


class ConfirmImportInput(StrictSerializer):
    """What the page shows before it stores, as text; every row of it is read again as a program's would be."""

    rows = TextField(max_length=900_000)


class FundSourceField(serializers.ChoiceField):
    """The kind's code, or its word as the template offers it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[str(kind) for kind in FundSource], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        by_word = {str(word): str(kind) for kind, word in FUND_SOURCES.items()}
        return super().to_internal_value(by_word.get(data, data) if isinstance(data, str) else data)


class LineRowInput(StrictSerializer):
    unit_code = UnitCodeField()
    fiscal_year = WholeField(min_value=2000, max_value=2199)
    plan_number = CodeField(max_length=40)
    quota_number = CodeField(max_length=40, required=False, default="")
    budget_item = TextField(max_length=120)
    project_code = CodeField(max_length=40, required=False, default="")
    project_name = TextField(max_length=120, required=False, default="")
    functional_class = CodeField(max_length=20)
    economic_class = CodeField(max_length=20)
    fund_source = FundSourceField()
    total = AmountField()
    plan_filed_on = DayField(required=False, default=None)


class ImportLinesInput(StrictSerializer):
    rows: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=LineRowInput(), allow_empty=False, max_length=IMPORT_ROWS_MAX
    )


class CreateLineInput(FormInput):
    unit_id = KeyField()
    fiscal_year = WholeField(min_value=2000, max_value=2199)
    plan_number = CodeField(max_length=40)
    plan_filed_on = DayField(required=False, default=None)
    budget_item = TextField(max_length=120)
    fund_source = serializers.ChoiceField(choices=[str(kind) for kind in FundSource])
    functional_class = CodeField(max_length=20)
    economic_class = CodeField(max_length=20)
    project_code = CodeField(max_length=40, required=False, default="")
    project_name = TextField(max_length=120, required=False, default="")
    quota_number = CodeField(max_length=40, required=False, default="")
    total = AmountField()


class AdjustInput(FormInput):
    direction = serializers.ChoiceField(choices=["add", "reduce"])
    amount = AmountField()
    reason = TextField(max_length=200)
    document = TextField(max_length=60, required=False, default="")


class FilePlanInput(StrictSerializer):
    filed_on = DayField()


class LinesQuery(FormInput):
    unit_id = KeyField(required=False, default=None)
    fiscal_year = WholeField(min_value=2000, max_value=2199, required=False, default=None)


class UnitOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    organisation_id = serializers.IntegerField()
    is_active = serializers.BooleanField()


class ImportOutput(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    renamed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    awaited = serializers.IntegerField()


class LineOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    unit_id = serializers.IntegerField()
    unit_code = serializers.CharField()
    unit_name = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    plan_number = serializers.CharField()
    plan_filed_on = serializers.DateField(allow_null=True)
    budget_item = serializers.CharField()
    fund_source = serializers.CharField()
    functional_class = serializers.CharField()
    economic_class = serializers.CharField()
    total = AmountField()
    frozen = AmountField()
    spent = AmountField()
    available = AmountField()
    is_open = serializers.BooleanField()
    item_id = serializers.IntegerField(allow_null=True)
    quota_number = serializers.CharField()


class EntryOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    amount = AmountField()
    order_id = serializers.IntegerField(allow_null=True)
    resolves_id = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    actor_name = serializers.CharField()
    at = serializers.DateTimeField()
    other_line_id = serializers.IntegerField(allow_null=True)
    total = AmountField()
    frozen = AmountField()
    spent = AmountField()


class BalanceOutput(serializers.Serializer[Any]):
    total = AmountField()
    frozen = AmountField()
    spent = AmountField()
    available = AmountField()


class StatementOutput(serializers.Serializer[Any]):
    line = LineOutput()
    opening = BalanceOutput()
    entries = serializers.SerializerMethodField()
    closing = BalanceOutput()
    adds_up = serializers.BooleanField()

    @extend_schema_field(EntryOutput(many=True))
    def get_entries(self, statement: Any) -> list[dict[str, Any]]:
        rows = [
            {**{name: getattr(entry, name) for name in entry.__slots__}, **_balance(balance)}
            for entry, balance in statement.rows
        ]
        return list(EntryOutput(rows, many=True).data)


def _balance(balance: Any) -> dict[str, Any]:
    return {"total": balance.total, "frozen": balance.frozen, "spent": balance.spent}
