"""Inputs and read models of the ledger, shared by pages and API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, FormInput, KeyField, StrictSerializer, TextField, WholeField
from tenant_apps.commitments.rules import EXCEPTION_LIFECYCLE, ExceptionKind, ExceptionState

ACTIONS = sorted({move.action for move in EXCEPTION_LIFECYCLE.transitions})
YEAR = {"min_value": 2000, "max_value": 2199}


class SumsQuery(FormInput):
    unit = KeyField(required=False, default=None)
    year = WholeField(required=False, default=None, **YEAR)


class ExceptionsQuery(FormInput):
    state = serializers.ChoiceField(choices=[str(state) for state in ExceptionState], required=False, default="")
    unit = KeyField(required=False, default=None)


class SharesQuery(FormInput):
    year = WholeField(required=False, default=None, **YEAR)
    unit = KeyField(required=False, default=None)


class NewExceptionQuery(FormInput):
    unit = KeyField(required=False, default=None)
    budget_item = TextField(max_length=120, required=False, default="")
    code = CodeField(max_length=20, required=False, default="")


class FileExceptionInput(StrictSerializer):
    unit_id = KeyField()
    fiscal_year = WholeField(**YEAR)
    budget_item = TextField(max_length=120)
    code = CodeField(max_length=20)
    kind = serializers.ChoiceField(choices=[str(kind) for kind in ExceptionKind])
    up_to = AmountField()
    document_number = TextField(max_length=80)
    document_on = DayField()
    reason = TextField(max_length=300)


class StepExceptionInput(StrictSerializer):
    action = serializers.ChoiceField(choices=ACTIONS)
    reason = TextField(max_length=300, required=False, allow_blank=True, default="")
    version = WholeField(min_value=1, max_value=1_000_000)


class DeclareFoodInput(StrictSerializer):
    unit_id = KeyField()
    fiscal_year = WholeField(**YEAR)
    has_canteen = serializers.BooleanField(required=False, default=False)
    food_planned = AmountField(required=False, default=None, allow_null=True)

    def to_internal_value(self, data: Any) -> Any:
        if hasattr(data, "getlist") and data.get("food_planned") == "":
            data = data.copy()
            del data["food_planned"]
        return super().to_internal_value(data)


class ReportReliefInput(StrictSerializer):
    unit_id = KeyField()
    bought_on = DayField()
    amount = AmountField()
    receipt_number = TextField(max_length=80)
    note = TextField(max_length=200, required=False, allow_blank=True, default="")


class AgainstOutput(serializers.Serializer[Any]):
    rule = serializers.CharField()
    limit = AmountField()
    percent = serializers.DecimalField(max_digits=12, decimal_places=1)
    state = serializers.CharField()
    is_demo = serializers.BooleanField()


class SumOutput(serializers.Serializer[Any]):
    budget_item = serializers.CharField()
    scope = serializers.CharField()
    code = serializers.CharField()
    amount = AmountField()
    tender = AgainstOutput(allow_null=True)
    mall = AgainstOutput(allow_null=True)


class ExceptionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    unit_id = serializers.IntegerField()
    fiscal_year = serializers.IntegerField()
    budget_item = serializers.CharField()
    code = serializers.CharField()
    kind = serializers.CharField()
    up_to = AmountField()
    document_number = serializers.CharField()
    document_on = serializers.DateField()
    reason = serializers.CharField()
    state = serializers.CharField()
    filed_at = serializers.DateTimeField()
    filed_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by_name = serializers.CharField()
    decided_reason = serializers.CharField()
    version = serializers.IntegerField()


class ShareOutput(serializers.Serializer[Any]):
    unit_id = serializers.IntegerField(source="unit.id")
    unit_name = serializers.CharField(source="unit.name")
    total = AmountField()
    sme = AmountField()
    small = AmountField()
    green_due = AmountField()
    green = AmountField()
    has_canteen = serializers.BooleanField(allow_null=True)
    food_planned = AmountField()
    relief = AmountField()
    sme_percent = serializers.DecimalField(max_digits=12, decimal_places=1)
    small_percent = serializers.DecimalField(max_digits=12, decimal_places=1)
    green_percent = serializers.DecimalField(max_digits=12, decimal_places=1)
    relief_percent = serializers.DecimalField(max_digits=12, decimal_places=1)


class FoodOutput(serializers.Serializer[Any]):
    unit_id = serializers.IntegerField()
    fiscal_year = serializers.IntegerField()
    has_canteen = serializers.BooleanField()
    food_planned = AmountField()
    declared_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class ReliefOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    unit_id = serializers.IntegerField()
    fiscal_year = serializers.IntegerField()
    bought_on = serializers.DateField()
    amount = AmountField()
    receipt_number = serializers.CharField()
    taken_back_at = serializers.DateTimeField(allow_null=True)
