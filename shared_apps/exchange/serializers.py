"""Inputs that pages and API share, and what the API shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import StrictSerializer, TextField, WholeField
from shared_apps.exchange.rules import ROWS_MAX, SCOPES, SYNC_ROWS_MAX, TOKEN_DAYS_MAX, ImportState, Outcome
from shared_apps.exchange.targets import URL_LENGTH_MAX
from shared_apps.exchange.told import EVENTS


class ImportSerializer(serializers.Serializer[Any]):
    """A table that was sent: what its rows do, and how far it is."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    file_name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in ImportState])
    reason = serializers.CharField(allow_blank=True)
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    wrong = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    for_review = serializers.IntegerField()
    refused = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class RowsQuery(StrictSerializer):
    """Which rows of a table: of one outcome, behind the number of the last one seen."""

    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome], required=False)
    after = WholeField(max_value=ROWS_MAX + 1, required=False, default=0)


class CellFaultSerializer(serializers.Serializer[Any]):
    """What is wrong with one cell, or with the row where `column` is empty."""

    column = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class ImportRowSerializer(serializers.Serializer[Any]):
    """One row: what it does or became; its values by column, of a wrong one the texts as they were sent."""

    number = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    values = serializers.DictField()
    faults = CellFaultSerializer(many=True)


class TokenInput(StrictSerializer):
    name = TextField(max_length=40)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), min_length=1, max_length=len(SCOPES))
    days = WholeField(min_value=1, max_value=TOKEN_DAYS_MAX)
    addresses = TextField(max_length=1000, multiline=True, required=False, allow_blank=True, default="")


class WebhookInput(StrictSerializer):
    url = serializers.URLField(max_length=URL_LENGTH_MAX)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=list(EVENTS)), min_length=1, max_length=len(EVENTS)
    )


@extend_schema_field(
    {
        "type": "array",
        "minItems": 1,
        "maxItems": SYNC_ROWS_MAX,
        "items": {
            "type": "object",
            "properties": {
                "sku": {"type": "string", "maxLength": 40},
                "product_code": {"type": "string", "maxLength": 20},
                "price": {"type": "string", "example": "12.30"},
                "reference_price": {"type": "string", "example": "15.00"},
                "min_quantity": {"type": "integer", "minimum": 1, "default": 1},
                "pack_quantity": {"type": "integer", "minimum": 1, "default": 1},
                "stock_note": {"type": "string", "maxLength": 60},
                "delivery_days": {"type": "integer", "minimum": 1, "maximum": 365},
                "valid_from": {"type": "string", "format": "date", "nullable": True},
                "valid_to": {"type": "string", "format": "date", "nullable": True},
                "areas": {"type": "string", "example": "650000:0.00:0.00; 653101:5.00:0.50"},
            },
            "required": ["sku", "product_code", "price", "reference_price", "delivery_days", "areas"],
        },
    }
)
class RowsField(serializers.Field[list[Mapping[str, Any]], Any, Any, Any]):
    """Objects, each read by itself afterwards: one wrong row does not keep the others out."""

    default_error_messages = {
        "invalid": _("Send a list of rows."),
        "count": _("Send 1 to {most} rows."),
        "row": _("Every row is an object."),
    }

    def to_internal_value(self, data: Any) -> list[Mapping[str, Any]]:
        if not isinstance(data, list):
            self.fail("invalid")
        if not 1 <= len(data) <= SYNC_ROWS_MAX:
            self.fail("count", most=SYNC_ROWS_MAX)
        if not all(isinstance(row, Mapping) for row in data):
            self.fail("row")
        return data


class CatalogueInput(StrictSerializer):
    rows = RowsField()


class RowResultSerializer(serializers.Serializer[Any]):
    """What became of one row; `problem` where it was refused."""

    sku = serializers.CharField(allow_blank=True)
    result = serializers.ChoiceField(choices=["created", "updated", "unchanged", "refused"])
    for_review = serializers.BooleanField()
    problem = serializers.DictField(allow_null=True)


class CatalogueResultSerializer(serializers.Serializer[Any]):
    """Counts, and the results in the order of the rows."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RowResultSerializer(many=True)
