"""What the workbench takes in and shows, the same for API and page."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import CodeField, StrictSerializer, TextField, WholeField
from shared_apps.workbench.rules import Tab


class WorkQuery(StrictSerializer):
    """`after` is the `next_after` of the page before; `search` a number's beginning or part of a unit's name."""

    tab = serializers.ChoiceField(choices=[tab.value for tab in Tab], required=False, default=Tab.TO_ACCEPT.value)
    tenant = CodeField(max_length=30, required=False, allow_blank=True)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = WholeField(min_value=1, max_value=1_000_000, required=False)


class LatenessSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    interest = serializers.DecimalField(max_digits=18, decimal_places=2)


class WorkRowSerializer(serializers.Serializer[Any]):
    tenant_code = serializers.CharField()
    tenant_name = serializers.CharField()
    order_id = serializers.IntegerField()
    order_number = serializers.CharField()
    unit_name = serializers.CharField()
    state = serializers.CharField()
    total = serializers.DecimalField(max_digits=18, decimal_places=2)
    answer_due_at = serializers.DateTimeField(allow_null=True)
    promised_on = serializers.DateField(allow_null=True)
    late_from = serializers.DateTimeField(allow_null=True)
    late = LatenessSerializer()
    paid_at = serializers.DateTimeField(allow_null=True)
    interest_paid = serializers.DecimalField(max_digits=18, decimal_places=2)
    interest_left = serializers.DecimalField(max_digits=18, decimal_places=2)


class TabSumSerializer(serializers.Serializer[Any]):
    orders = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)


class DeliveriesSerializer(serializers.Serializer[Any]):
    """`late_days` is the mean of the late ones."""

    tenant_name = serializers.CharField(allow_blank=True)
    delivered = serializers.IntegerField()
    on_time = serializers.IntegerField()
    late = serializers.IntegerField()
    percent_on_time = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)
    late_days = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)


class WorkSerializer(serializers.Serializer[Any]):
    rows = WorkRowSerializer(many=True)
    sums = serializers.DictField(child=TabSumSerializer())
    deliveries = DeliveriesSerializer(many=True)
    all_deliveries = DeliveriesSerializer()
    next_after = serializers.IntegerField(allow_null=True)
