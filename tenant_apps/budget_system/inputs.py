"""Inputs and read models of reports and compared quotas, shared by pages and API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, FormInput, KeyField, StrictSerializer, TextField, WholeField
from tenant_apps.budget_system.rules import ReportState

NUMBERS_MAX = 200


class ReportsQuery(FormInput):
    state = serializers.ChoiceField(choices=[str(state) for state in ReportState], required=False, default="")
    search = TextField(max_length=40, required=False, default="")
    page = WholeField(min_value=1, max_value=100_000, required=False, default=1)


class QuotasQuery(FormInput):
    unit_id = KeyField()
    fiscal_year = WholeField(min_value=2000, max_value=2199)


class QuotasFilter(FormInput):
    """The page begins without a choice."""

    unit_id = KeyField(required=False, default=None)
    fiscal_year = WholeField(min_value=2000, max_value=2199, required=False, default=None)


class TakeOverInput(StrictSerializer):
    unit_id = KeyField()
    fiscal_year = WholeField(min_value=2000, max_value=2199)
    numbers: serializers.ListField = serializers.ListField(
        child=CodeField(max_length=40), allow_empty=False, max_length=NUMBERS_MAX
    )


class ReportOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.CharField()
    line_id = serializers.IntegerField()
    order_id = serializers.IntegerField()
    quota_number = serializers.CharField()
    amount = AmountField()
    state = serializers.CharField()
    state_reason = serializers.CharField()
    reference = serializers.CharField()
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class TakenOutput(serializers.Serializer[Any]):
    line_ids = serializers.ListField(child=serializers.IntegerField())


class QuotaBalanceOutput(serializers.Serializer[Any]):
    total = AmountField()
    frozen = AmountField()
    spent = AmountField()


class ComparedOutput(serializers.Serializer[Any]):
    quota_number = serializers.CharField()
    name = serializers.CharField()
    line_id = serializers.IntegerField(allow_null=True)
    ours = QuotaBalanceOutput(source="our_balance", allow_null=True)
    theirs = QuotaBalanceOutput(source="their_balance", allow_null=True)
    differs = serializers.BooleanField()
    unsettled = serializers.IntegerField()
