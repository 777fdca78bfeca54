"""What the steps after placing take in, the same for API and pages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import CodeField, DayField, TextField
from tenant_apps.orders.serializers import VersionInput


@extend_schema_field({"type": "boolean"})
class FlagField(serializers.BooleanField):
    """true or false, as JSON or as the words a checkbox sends; an unticked box sends nothing. Not 1, not "yes"."""

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, bool):
            return data
        if data not in ("true", "false"):
            self.fail("invalid", input=data)
        return bool(data == "true")


class DeclineInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class AskToCancelInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class TerminateInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class ShipInput(VersionInput):
    """All lines are sent at once."""

    carrier = TextField(max_length=60)
    waybill = CodeField(max_length=60)
    expected_on = DayField(required=False, allow_null=True)
    note = TextField(max_length=300, required=False, allow_blank=True, multiline=True)


class StandardsInput(VersionInput):
    """What the acceptor found on each standard. Source: Implementing Regulation art. 45."""

    technical_met = FlagField()
    service_met = FlagField()
    safety_met = FlagField()


class AcceptGoodsInput(StandardsInput):
    remark = TextField(max_length=300, required=False, allow_blank=True, multiline=True)


class RefuseGoodsInput(StandardsInput):
    reason = TextField(max_length=300, multiline=True)
