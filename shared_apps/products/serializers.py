"""Inputs that the library's pages and API share, and what the API shows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import CodeField, KeyField, StrictSerializer, TextField
from shared_apps.products.rules import CERTIFIED_LABELS, QUERY_LENGTH_MAX


class ProductListInput(StrictSerializer):
    q = TextField(max_length=QUERY_LENGTH_MAX, required=False, allow_blank=True, default="")
    category = CodeField(max_length=10, required=False, allow_blank=True, default="")
    label = serializers.ChoiceField(  # type: ignore[assignment]  # a field leaves the class body
        choices=[label.value for label in CERTIFIED_LABELS], required=False, allow_blank=True, default=""
    )
    after = KeyField(required=False, default=0)


class BrandQuery(StrictSerializer):
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


class CertificateSerializer(serializers.Serializer[Any]):
    """What a label rests on; only valid ones are shown."""

    # Fields that leave the class body: no property is hidden.
    label = serializers.CharField()  # type: ignore[assignment]
    number = serializers.CharField()
    body = serializers.CharField()
    valid_from = serializers.DateField()
    expires_on = serializers.DateField()
    is_demo = serializers.BooleanField()


class ImageSerializer(serializers.Serializer[Any]):
    place = serializers.IntegerField()
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField()


class SiblingSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    spec = serializers.CharField()


class ProductRecordSerializer(serializers.Serializer[Any]):
    """One product as everybody may see it. A merged product's code answers with the product it was merged into."""

    code = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    brand_id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    model = serializers.CharField()
    spec = serializers.CharField()
    unit = serializers.CharField()
    category_code = serializers.CharField()
    category_name = serializers.CharField()
    item_code = serializers.CharField()
    item_name = serializers.CharField()
    state = serializers.CharField()
    is_demo = serializers.BooleanField()
    offers = serializers.IntegerField()
    labels = serializers.ListField(child=serializers.CharField())
    attributes = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    certificates = CertificateSerializer(many=True)
    images = ImageSerializer(many=True)
    drawing_url = serializers.CharField()
    siblings = SiblingSerializer(many=True)
