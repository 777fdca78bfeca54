"""Inputs and read models of plans, transfers and fiscal years, shared by pages and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, DayField, FormInput, KeyField, StrictSerializer, TextField, WholeField
from tenant_apps.budgets.rules import AdjustmentState, Decision, PlanState

PAGES_MAX = 100_000


class PlanInput(FormInput):
    subject = TextField(max_length=200)
    amount = AmountField()
    expected_on = DayField()
    note = TextField(max_length=300, required=False, default="")


class CommentInput(FormInput):
    comment = TextField(max_length=300, required=False, default="")


class DecidePlanInput(CommentInput):
    decision = serializers.ChoiceField(choices=["accept", "return"])


class PlansQuery(FormInput):
    state = serializers.ChoiceField(choices=[str(state) for state in PlanState], required=False, default="")
    search = TextField(max_length=60, required=False, default="")
    page = WholeField(min_value=1, max_value=PAGES_MAX, required=False, default=1)


class AskTransferInput(FormInput):
    line_id = KeyField()
    to_line_id = KeyField()
    amount = AmountField()
    reason = TextField(max_length=200)
    document = TextField(max_length=60, required=False, default="")


class DecideTransferInput(CommentInput):
    decision = serializers.ChoiceField(choices=["apply", "refuse"])


class AdjustmentsQuery(FormInput):
    state = serializers.ChoiceField(choices=[str(state) for state in AdjustmentState], required=False, default="")
    page = WholeField(min_value=1, max_value=PAGES_MAX, required=False, default=1)


class YearInput(StrictSerializer):
    year = WholeField(min_value=2000, max_value=2199)


class YearStepInput(StrictSerializer):
    action = serializers.ChoiceField(choices=["begin_closing", "close"])


class AskCarryOverInput(StrictSerializer):
    amount = AmountField()
    reason = TextField(max_length=200)


class DecideCarryOverInput(FormInput):
    decision = serializers.ChoiceField(choices=[str(one) for one in Decision])
    amount = AmountField(allow_zero=True, required=False, default=None)
    reason = TextField(max_length=200, required=False, default="")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if values["decision"] == Decision.CARRY and not values["amount"]:
            raise serializers.ValidationError({"amount": _("Write the amount to carry over.")})
        return {**values, "amount": values["amount"] or 0}


class StatementQuery(FormInput):
    since = DayField(required=False, default=None)
    until = DayField(required=False, default=None)


class PlanOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    line_id = serializers.IntegerField()
    unit_name = serializers.CharField(source="line.unit.name")
    plan_number = serializers.CharField(source="line.plan_number")
    version = serializers.IntegerField()
    subject = serializers.CharField()
    amount = AmountField()
    expected_on = serializers.DateField()
    note = serializers.CharField()
    state = serializers.CharField()
    comment = serializers.CharField()
    drafted_by_name = serializers.CharField()
    drafted_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class AdjustmentOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    line_id = serializers.IntegerField()
    to_line_id = serializers.IntegerField(allow_null=True)
    amount = AmountField()
    reason = serializers.CharField()
    document = serializers.CharField()
    state = serializers.CharField()
    comment = serializers.CharField()
    asked_by_name = serializers.CharField()
    asked_at = serializers.DateTimeField()
    decided_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class YearOutput(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    closing_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    lines = serializers.IntegerField()
    total = AmountField()
    frozen = AmountField()
    spent = AmountField()
    undecided = serializers.IntegerField()


class CarryOverOutput(serializers.Serializer[Any]):
    line_id = serializers.IntegerField()
    unit_name = serializers.CharField(source="line.unit.name")
    plan_number = serializers.CharField(source="line.plan_number")
    unspent = AmountField()
    asked = AmountField()
    asked_reason = serializers.CharField()
    asked_by_name = serializers.CharField()
    decision = serializers.CharField()
    carried = AmountField()
    reason = serializers.CharField()
    decided_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class LinesStored(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    total = AmountField()
