"""What evaluations take in and show, the same for API and pages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import KeyField, StrictSerializer, TextField, WholeField
from tenant_apps.evaluations.rules import INDICATORS_MOST, MARKS, Side

SIDES = [side.value for side in Side]


class EvaluateInput(StrictSerializer):
    """A mark for each indicator in force, in their order."""

    marks: serializers.ListField = serializers.ListField(
        child=WholeField(min_value=MARKS[0], max_value=MARKS[-1]), min_length=1, max_length=INDICATORS_MOST
    )
    comment = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)


class IndicatorsInput(StrictSerializer):
    side = serializers.ChoiceField(choices=SIDES)
    names: serializers.ListField = serializers.ListField(
        child=TextField(max_length=20, allow_blank=True), min_length=1, max_length=INDICATORS_MOST
    )
    reason = TextField(max_length=300, multiline=True)


class EvaluationQuery(StrictSerializer):
    """`side` is who rated; `after` the `next_after` of the page before."""

    side = serializers.ChoiceField(choices=SIDES, required=False, allow_blank=True)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


class MarkSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    mark = serializers.IntegerField()


class EvaluationSerializer(serializers.Serializer[Any]):
    order_id = serializers.IntegerField()
    order_number = serializers.CharField()
    unit_name = serializers.CharField()
    supplier_name = serializers.CharField()
    side = serializers.ChoiceField(choices=SIDES)
    marks = MarkSerializer(many=True)
    mean = serializers.DecimalField(max_digits=2, decimal_places=1)
    comment = serializers.CharField(allow_blank=True)
    given_by_name = serializers.CharField()
    given_at = serializers.DateTimeField()


class EvaluationListSerializer(serializers.Serializer[Any]):
    evaluations = EvaluationSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class OrderEvaluationsSerializer(serializers.Serializer[Any]):
    side = serializers.CharField(allow_blank=True)
    until = serializers.DateTimeField(allow_null=True)
    may_rate = serializers.BooleanField()
    given = EvaluationSerializer(many=True)
    hidden = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())


class IndicatorsSerializer(serializers.Serializer[Any]):
    side = serializers.ChoiceField(choices=SIDES)
    names = serializers.ListField(child=serializers.CharField())
