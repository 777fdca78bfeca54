"""Inputs that pages and API share, and what the API shows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import DayField, KeyField, StrictSerializer, TextField, WholeField
from shared_apps.scores.rules import AppealState, Part
from shared_apps.scores.selectors import SORTS


class ScoreListInput(StrictSerializer):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    sort = serializers.ChoiceField(choices=list(SORTS), required=False, default="-score")
    scored = serializers.ChoiceField(choices=["", "yes"], required=False, allow_blank=True, default="")
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class OwnScoreInput(StrictSerializer):
    """`supplier_id` for who acts for several; `part` shows only the orders that lower it."""

    supplier_id = KeyField(required=False)
    part = serializers.ChoiceField(choices=[part.value for part in Part], required=False, allow_blank=True, default="")
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class AppealListInput(StrictSerializer):
    state = serializers.ChoiceField(
        choices=[state.value for state in AppealState], required=False, allow_blank=True, default=""
    )
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class FileAppealInput(StrictSerializer):
    reason = TextField(max_length=1000, multiline=True)


class DecideAppealInput(StrictSerializer):
    reason = TextField(max_length=1000, multiline=True)


class FormulaInput(StrictSerializer):
    """The weights add up to 100 points; days are calendar days."""

    name = TextField(max_length=80)
    document_number = TextField(max_length=80)
    valid_from = DayField()
    weight_declined = WholeField(min_value=0, max_value=100)
    weight_expired = WholeField(min_value=0, max_value=100)
    weight_refused = WholeField(min_value=0, max_value=100)
    orders_min = WholeField(min_value=1, max_value=1000)
    window_days = WholeField(min_value=30, max_value=3650)
    appeal_days = WholeField(min_value=1, max_value=365)
    decide_days = WholeField(min_value=1, max_value=365)


class VerifyFormulaInput(StrictSerializer):
    document_number = TextField(max_length=80)


class WithdrawFormulaInput(StrictSerializer):
    reason = TextField(max_length=200)


class PartSerializer(serializers.Serializer[Any]):
    """`bad` of `of` orders lower the score by this part."""

    part = serializers.CharField()
    bad = serializers.IntegerField()
    of = serializers.IntegerField()
    weight = serializers.IntegerField()


class ScoreSerializer(serializers.Serializer[Any]):
    """A supplier's score; null for too few orders."""

    supplier_id = serializers.IntegerField()
    supplier_code = serializers.CharField()
    supplier_name = serializers.CharField()
    score = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)
    answered = serializers.IntegerField()
    orders_min = serializers.IntegerField()
    parts = PartSerializer(many=True)
    formula_version = serializers.IntegerField()
    formula_name = serializers.CharField()
    is_proposal = serializers.BooleanField()
    window_from = serializers.DateField()
    computed_at = serializers.DateTimeField(allow_null=True)


class ScoreListSerializer(serializers.Serializer[Any]):
    scores = ScoreSerializer(many=True)
    total = serializers.IntegerField()


class CountedOrderSerializer(serializers.Serializer[Any]):
    """An order as the score counts it."""

    id = serializers.IntegerField()
    order_number = serializers.CharField()
    unit_name = serializers.CharField()
    answered_at = serializers.DateTimeField()
    answer = serializers.CharField()
    goods = serializers.CharField()
    bad_parts = serializers.ListField(child=serializers.CharField())
    appeal_id = serializers.IntegerField(allow_null=True)
    appeal_state = serializers.CharField()
    appeal_until = serializers.DateField(allow_null=True)
    may_appeal = serializers.BooleanField()


class OwnScoreSerializer(serializers.Serializer[Any]):
    score = ScoreSerializer()
    orders = CountedOrderSerializer(many=True)
    more = serializers.BooleanField()


class AppealSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    supplier_id = serializers.IntegerField()
    supplier_name = serializers.CharField()
    order_number = serializers.CharField()
    order = CountedOrderSerializer(allow_null=True)
    reason = serializers.CharField()
    file_name = serializers.CharField()
    state = serializers.CharField()
    filed_by_name = serializers.CharField()
    filed_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by_name = serializers.CharField()
    decision_reason = serializers.CharField()


class FormulaSerializer(serializers.Serializer[Any]):
    """A version of the formula; 0 is the proposal that ships."""

    version = serializers.IntegerField(source="formula.version")
    name = serializers.CharField(source="formula.name")
    document_number = serializers.CharField(source="formula.document_number")
    valid_from = serializers.DateField(source="formula.valid_from", allow_null=True)
    weights = serializers.DictField(source="formula.weights", child=serializers.IntegerField())
    orders_min = serializers.IntegerField(source="formula.orders_min")
    window_days = serializers.IntegerField(source="formula.window_days")
    appeal_days = serializers.IntegerField(source="formula.appeal_days")
    decide_days = serializers.IntegerField(source="formula.decide_days")
    state = serializers.CharField()
    verified_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()
