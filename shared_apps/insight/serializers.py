"""What supervision takes and shows."""

from __future__ import annotations

from rest_framework import serializers

from kernel.inputs import AmountField, StrictSerializer, WholeField


class YearQuery(StrictSerializer):
    year = WholeField(min_value=2000, max_value=2199, required=False)


class FiguresSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Figures
    orders = serializers.IntegerField()
    value = AmountField(allow_zero=True)


class TenantFiguresSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads TenantFigures
    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()
    is_demo = serializers.BooleanField()
    total = FiguresSerializer()
    by_stage = serializers.DictField(child=FiguresSerializer())
    by_order_state = serializers.DictField(child=FiguresSerializer())


class SupervisionSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Supervision
    fiscal_year = serializers.IntegerField()
    years = serializers.ListField(child=serializers.IntegerField())
    total = FiguresSerializer()
    by_stage = serializers.DictField(child=FiguresSerializer())
    tenants = TenantFiguresSerializer(many=True)
