"""Statements as pages and API show them."""

from __future__ import annotations

from rest_framework import serializers

from kernel.inputs import AmountField
from shared_apps.fees.serializers.fields import MonthField
from shared_apps.fees.serializers.tariffs import TariffSerializer


class ChargeSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Charge
    meter = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=24, decimal_places=4)
    free = serializers.DecimalField(max_digits=24, decimal_places=4)
    billable = serializers.DecimalField(max_digits=24, decimal_places=4)
    amount = AmountField(allow_zero=True, allow_null=True)


class UseSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads UseView
    journal_id = serializers.IntegerField()
    epoch = serializers.IntegerField()
    at = serializers.DateTimeField()
    quantity = serializers.DecimalField(max_digits=20, decimal_places=4)
    object_type = serializers.CharField()
    object_id = serializers.CharField()
    facts = serializers.DictField()


class StatementLineSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads StatementLine
    charge = ChargeSerializer()
    event_count = serializers.IntegerField()
    events = UseSerializer(many=True)


class AdjustmentSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Adjustment
    kind = serializers.CharField()
    item = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)


class StatementSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Statement
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    month = MonthField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    is_open = serializers.BooleanField()
    tariff = TariffSerializer(allow_null=True)
    lines = StatementLineSerializer(many=True)
    adjustments = AdjustmentSerializer(many=True)
    total = AmountField(allow_zero=True)


class MonthOfTenantSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads MonthOfTenant
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    charges = ChargeSerializer(many=True)
    total = AmountField(allow_zero=True, allow_null=True)


class MonthListSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads a mapping
    month = MonthField()
    tariff = TariffSerializer(allow_null=True)
    tenants = MonthOfTenantSerializer(many=True)
