"""Inputs that pages and API share, and what the API shows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import KeyField, StrictSerializer, TextField
from shared_apps.suppliers.rules import Standing


class SupplierListInput(StrictSerializer):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    standing = serializers.ChoiceField(
        choices=[standing.value for standing in Standing], required=False, allow_blank=True, default=""
    )
    after = KeyField(required=False, default=0)


class SupplierSerializer(serializers.Serializer[Any]):
    """What everybody may know of a supplier."""

    id = serializers.IntegerField()
    uscc = serializers.CharField()
    name = serializers.CharField()
    division_code = serializers.CharField()
    size = serializers.CharField()
    is_sme = serializers.BooleanField()
    standing = serializers.CharField()
    is_demo = serializers.BooleanField()


class SupplierListSerializer(serializers.Serializer[Any]):
    """A page of the library; pass `next_after` as `after` for the next one."""

    suppliers = SupplierSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)
