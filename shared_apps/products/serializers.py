"""Inputs that the library's pages and API share, and what the API shows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import CodeField, KeyField, StrictSerializer, TextField
from shared_apps.products.rules import QUERY_LENGTH_MAX


class ProductListInput(StrictSerializer):
    q = TextField(max_length=QUERY_LENGTH_MAX, required=False, allow_blank=True, default="")
    category = CodeField(max_length=10, required=False, allow_blank=True, default="")
    after = KeyField(required=False, default=0)


class ShelfBoundInput(StrictSerializer):
    """The region's bound of the malls' shelves."""

    local_approval_allowed = serializers.BooleanField()
    reason = TextField(max_length=300)


class ShelfBoundSerializer(serializers.Serializer[Any]):
    """One version of the bound."""

    local_approval_allowed = serializers.BooleanField()
    reason = serializers.CharField()
    set_at = serializers.DateTimeField()
    set_by_name = serializers.CharField()


class LibraryProductSerializer(serializers.Serializer[Any]):
    """One product of the region's library; prices are the malls', they depend on the delivery area."""

    code = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    model = serializers.CharField()
    unit = serializers.CharField()
    category_code = serializers.CharField()
    category_name = serializers.CharField()
    item_code = serializers.CharField()
    state = serializers.CharField()
    offers = serializers.IntegerField()
    is_demo = serializers.BooleanField()


class ProductListSerializer(serializers.Serializer[Any]):
    """A page of the library; pass `next_after` as `after` for the next one."""

    products = LibraryProductSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)
