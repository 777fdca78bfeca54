"""What the steps after placing take in, the same for API and pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import CodeField, DayField, KeyField, StrictSerializer, TextField, WholeField
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.orders.services.inspecting import LineFinding

PIECES_MAX = 999_999
LINES_MAX = 500


@extend_schema_field({"type": "boolean"})
class FlagField(serializers.BooleanField):
    """true or false, as JSON or as the words a checkbox sends; an unticked box sends nothing. Not 1, not "yes"."""

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, bool):
            return data
        if data not in ("true", "false"):
            self.fail("invalid", input=data)
        return bool(data == "true")


def each_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that name a line of the order or the contract, each another."""
    if len({row["line"] for row in rows}) != len(rows):
        raise serializers.ValidationError(_("A line is named twice."))
    return rows


class DeclineInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class AskToCancelInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class TerminateInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class ShipLineInput(StrictSerializer):
    """How many pieces of a line are in the shipment; 0 for none."""

    line = WholeField(min_value=1, max_value=LINES_MAX)
    quantity = WholeField(max_value=PIECES_MAX)


class ShipInput(VersionInput):
    """Without `lines` everything that is left is sent."""

    lines = ShipLineInput(many=True, required=False, max_length=LINES_MAX)  # type: ignore[call-arg]  # of the list
    carrier = TextField(max_length=60)
    waybill = CodeField(max_length=60)
    expected_on = DayField(required=False, allow_null=True)
    note = TextField(max_length=300, required=False, allow_blank=True, multiline=True)

    def validate_lines(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(rows)


class StandardsInput(VersionInput):
    """What the acceptor found on each standard. Source: Implementing Regulation art. 45.

    Without `shipment_id` it is the oldest shipment that waits.
    """

    shipment_id = KeyField(required=False)
    technical_met = FlagField()
    service_met = FlagField()
    safety_met = FlagField()


class AcceptGoodsInput(StandardsInput):
    remark = TextField(max_length=300, required=False, allow_blank=True, multiline=True)


class RefuseGoodsInput(StandardsInput):
    reason = TextField(max_length=300, multiline=True)


class LineFindingInput(StrictSerializer):
    """Of one line of the shipment: pieces taken, pieces refused and why."""

    line = WholeField(min_value=1, max_value=LINES_MAX)
    accepted = WholeField(max_value=PIECES_MAX)
    refused = WholeField(max_value=PIECES_MAX)
    reason = TextField(max_length=100, required=False, allow_blank=True)


class AcceptPartInput(StandardsInput):
    lines = LineFindingInput(many=True, max_length=LINES_MAX)  # type: ignore[call-arg]  # of the list
    remark = TextField(max_length=300, required=False, allow_blank=True, multiline=True)

    def validate_lines(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return each_once(rows)


def as_shipped(data: dict[str, Any]) -> dict[str, Any]:
    """The input as the service takes it."""
    lines = data.pop("lines", None)
    return data | {"lines": None if lines is None else [(row["line"], row["quantity"]) for row in lines]}


def as_found(data: dict[str, Any]) -> dict[str, Any]:
    """The input as the service takes it."""
    return data | {"lines": [LineFinding(**row) for row in data["lines"]]}
