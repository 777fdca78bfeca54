"""What the portal takes and shows."""

from __future__ import annotations

from rest_framework import serializers

from kernel.inputs import CodeField, StrictSerializer, TextField


class MallQuery(StrictSerializer):
    q = TextField(max_length=40, required=False, allow_blank=True)


class MallCursor(MallQuery):
    """`after` is the `next_after` of the page before."""

    after = CodeField(max_length=30, required=False, default="")


class MallSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Mall
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()
    state = serializers.CharField()
    is_demo = serializers.BooleanField()
    url = serializers.CharField()


class PrefectureSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads Prefecture
    code = serializers.CharField()
    name = serializers.CharField()
    malls = MallSerializer(many=True)


class MallListSerializer(serializers.Serializer):  # type: ignore[type-arg]  # reads MallList
    total = serializers.IntegerField()
    live = serializers.IntegerField()
    found = serializers.IntegerField()
    groups = PrefectureSerializer(many=True)
    next_after = serializers.CharField(allow_null=True)
