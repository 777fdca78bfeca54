"""Inputs and read models of the exercises, shared by pages and API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField, StrictSerializer
from shared_apps.training.rules import Exercise


class BeginInput(StrictSerializer):
    exercise = serializers.ChoiceField(choices=[str(one) for one in Exercise])


class BegunOutput(serializers.Serializer[Any]):
    """Where the exercise is done: the order that waits, or for buying the product to buy."""

    exercise = serializers.CharField()
    order_id = serializers.IntegerField(allow_null=True)
    product_code = serializers.CharField(allow_null=True)


class PracticeOrderOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.CharField()
    total = AmountField()


class ExerciseOutput(serializers.Serializer[Any]):
    exercise = serializers.CharField(source="task.exercise")
    post = serializers.CharField(source="task.post")
    done_by_order_id = serializers.IntegerField(source="done.id", default=None, allow_null=True)
    waiting_order_id = serializers.IntegerField(source="waiting.id", default=None, allow_null=True)


class BoardOrderOutput(serializers.Serializer[Any]):
    order = PracticeOrderOutput()
    partner_next = serializers.BooleanField()


class BoardOutput(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    exercises = ExerciseOutput(many=True)
    orders = BoardOrderOutput(many=True)
