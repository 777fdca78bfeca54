"""Inputs of the exercises."""

from __future__ import annotations

from rest_framework import serializers

from kernel.inputs import StrictSerializer
from shared_apps.training.rules import Exercise


class BeginInput(StrictSerializer):
    exercise = serializers.ChoiceField(choices=[str(one) for one in Exercise])
