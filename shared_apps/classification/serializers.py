"""Inputs that the catalogue's pages and API share, and what the API shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import CodeField, StrictSerializer, TextField, WholeField
from shared_apps.classification.attribute_rules import (
    ATTRIBUTES_MAX,
    CHOICE_LENGTH_MAX,
    CHOICES_MAX,
    AttributeType,
    AttributeView,
)


class ItemQuery(StrictSerializer):
    under = CodeField(max_length=11, required=False, allow_blank=True, default="")
    q = TextField(max_length=40, required=False, allow_blank=True, default="")

    def to_internal_value(self, data: Any) -> Any:
        # A filter form sends its empty fields along.
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


class ConfirmItemsInput(StrictSerializer):
    """The file that the preview has shown."""

    key = CodeField(max_length=70)


class BoundField(serializers.RegexField):
    """A bound of a number as text: digits, at most four decimal places."""

    default_error_messages = {"invalid": _("Write a number in digits, at most four decimal places.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^-?[0-9]{1,12}(?:\.[0-9]{1,4})?\Z", max_length=18, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class AttributeInput(StrictSerializer):
    key = CodeField(max_length=40)
    name = TextField(max_length=40)
    type = serializers.ChoiceField(choices=[str(kind) for kind in AttributeType])
    unit = TextField(max_length=20, required=False, allow_blank=True, default="")
    is_required = serializers.BooleanField(required=False, default=False)
    is_facet = serializers.BooleanField(required=False, default=False)
    choices = serializers.ListField(
        child=TextField(max_length=CHOICE_LENGTH_MAX), required=False, default=list, max_length=CHOICES_MAX
    )
    min_value = BoundField(required=False, allow_blank=True, default="")
    max_value = BoundField(required=False, allow_blank=True, default="")


class SetAttributesInput(StrictSerializer):
    """All attributes of the category in their order; `version` is the number that was read."""

    version = WholeField(min_value=0, max_value=1_000_000)
    reason = TextField(max_length=300)
    # The stubs do not know what many=True takes.
    attributes = AttributeInput(many=True, allow_empty=False, max_length=ATTRIBUTES_MAX)  # type: ignore[call-arg]


def views_of(rows: list[dict[str, Any]]) -> tuple[AttributeView, ...]:
    """The service's argument from validated input."""
    return tuple(
        AttributeView(
            key=row["key"],
            name=row["name"],
            type=row["type"],
            unit=row["unit"],
            is_facet=row["is_facet"],
            is_required=row["is_required"],
            choices=tuple(row["choices"]),
            min_value=Decimal(row["min_value"]) if row["min_value"] else None,
            max_value=Decimal(row["max_value"]) if row["max_value"] else None,
        )
        for row in rows
    )


class ItemOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.IntegerField()
    notes = serializers.CharField()
    # A field that leaves the class body: no property is hidden.
    source = serializers.CharField()  # type: ignore[assignment]
    verified = serializers.BooleanField()
    retired = serializers.BooleanField()
    below = serializers.IntegerField()


class ItemPageOutput(serializers.Serializer[Any]):
    """A place in the tree, or what a search found; `more`: the search found more than are shown."""

    node = ItemOutput(allow_null=True)
    above = ItemOutput(many=True)
    items = ItemOutput(many=True)
    more = serializers.BooleanField()


class AttributeOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    unit = serializers.CharField()
    is_required = serializers.BooleanField()
    is_facet = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField())
    min_value = serializers.CharField(allow_null=True)
    max_value = serializers.CharField(allow_null=True)


class CategoryAttributesOutput(serializers.Serializer[Any]):
    """The attributes that hold now; `version` 0 are the shipped ones."""

    code = serializers.CharField()
    name = serializers.CharField()
    item_code = serializers.CharField()
    version = serializers.IntegerField()
    attributes = AttributeOutput(many=True)
