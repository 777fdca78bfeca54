"""Inputs and read models of the fleet, shared by pages and API."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, StrictSerializer, TextField, WholeField
from shared_apps.fleet.rules import JOB_TENANTS_MAX, JobAction, Sort
from shared_apps.fleet.selectors import APPLIED_STATES
from tenants.registry.rules import TenantState

LEVELS = ("province", "prefecture", "county")
CODE_LENGTH = 30


class DivisionCodeField(CodeField):
    """Six digits (GB/T 2260)."""

    default_error_messages = {"division": _("Write the six digits of the division's code.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=6, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if re.fullmatch(r"[0-9]{6}", code) is None:
            self.fail("division")
        return code


class FleetFilter(StrictSerializer):
    q = TextField(max_length=40, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(choices=LEVELS, required=False, default="")
    prefecture = CodeField(max_length=6, required=False, default="")
    supervisor = CodeField(max_length=CODE_LENGTH, required=False, default="")
    state = serializers.ChoiceField(
        choices=[*(str(state) for state in TenantState), *APPLIED_STATES], required=False, default=""
    )
    sort = serializers.ChoiceField(choices=[str(sort) for sort in Sort], required=False, default=str(Sort.CODE))

    def to_internal_value(self, data: Any) -> Any:
        # A filter form sends its empty fields along.
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


# Of the API's lists; the pages have fewer.
API_ROWS = 200


class FleetCursor(FleetFilter):
    """Filters of the API's list. `after` is the `next_after` of the page before."""

    after = CodeField(max_length=CODE_LENGTH, required=False, default="")


class FleetQuery(FleetFilter):
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class SupervisedFilter(StrictSerializer):
    q = TextField(max_length=40, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(
        choices=[*(str(state) for state in TenantState), *APPLIED_STATES], required=False, default=""
    )

    def to_internal_value(self, data: Any) -> Any:
        # A filter form sends its empty fields along.
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


class SupervisedCursor(SupervisedFilter):
    """Filters of the API's list. `after` is the `next_after` of the page before."""

    after = CodeField(max_length=CODE_LENGTH, required=False, default="")


class SupervisedQuery(SupervisedFilter):
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class JobQuery(StrictSerializer):
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class SuspendInput(StrictSerializer):
    reason = TextField(max_length=300)


class ResumeInput(StrictSerializer):
    reason = TextField(max_length=300, required=False, allow_blank=True, default="")


class ArchiveInput(StrictSerializer):
    reason = TextField(max_length=300)
    # Typed once more: there is no way back.
    repeat_code = CodeField(max_length=CODE_LENGTH)


class RenameInput(StrictSerializer):
    name = TextField(max_length=80)
    document_number = TextField(max_length=80)


class MoveHostInput(StrictSerializer):
    host = CodeField(max_length=63)


class SupervisorInput(StrictSerializer):
    supervisor_code = CodeField(max_length=6)
    valid_from = DayField()
    document_number = TextField(max_length=80)


class RecodeInput(StrictSerializer):
    new = DivisionCodeField()
    name = TextField(max_length=60)
    valid_from = DayField()
    document_number = TextField(max_length=80)


class JobInput(StrictSerializer):
    action = serializers.ChoiceField(choices=[str(action) for action in JobAction])
    reason = TextField(max_length=300, required=False, allow_blank=True, default="")
    codes = serializers.ListField(
        child=CodeField(max_length=CODE_LENGTH), max_length=JOB_TENANTS_MAX, required=False, default=list
    )
    # Every mall that fits this filter, instead of those ticked: a form takes a thousand fields at most.
    everything = serializers.BooleanField(required=False, default=False)
    q = TextField(max_length=40, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(choices=LEVELS, required=False, allow_blank=True, default="")
    prefecture = CodeField(max_length=6, required=False, allow_blank=True, default="")
    supervisor = CodeField(max_length=CODE_LENGTH, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(choices=[str(state) for state in TenantState], required=False, allow_blank=True,
                                    default="")  # fmt: skip

    def validate_codes(self, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))


class FleetMallOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    division_code = serializers.CharField()
    level = serializers.CharField()
    prefecture_code = serializers.CharField()
    prefecture_name = serializers.CharField()
    supervisor_code = serializers.CharField()
    supervisor_name = serializers.CharField()
    state = serializers.CharField()
    has_mall = serializers.BooleanField()
    host = serializers.CharField()
    is_demo = serializers.BooleanField()
    is_practice = serializers.BooleanField()
    schema_bytes = serializers.IntegerField(allow_null=True)
    behind = serializers.IntegerField(allow_null=True)
    last_activity_at = serializers.DateTimeField(allow_null=True)
    measured_at = serializers.DateTimeField(allow_null=True)
    checklist_done = serializers.IntegerField(allow_null=True)
    checklist_total = serializers.IntegerField(allow_null=True)
    fee = AmountField(allow_null=True)
    fee_budget = AmountField(allow_null=True)


class FleetPageOutput(serializers.Serializer[Any]):
    """A page; pass `next_after` as `after` for the next one."""

    malls = FleetMallOutput(many=True)
    next_after = serializers.CharField(allow_null=True)


class SupervisedOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()
    has_mall = serializers.BooleanField()
    checklist_done = serializers.IntegerField(allow_null=True)
    checklist_total = serializers.IntegerField(allow_null=True)
    live_at = serializers.DateTimeField(allow_null=True)
    last_activity_at = serializers.DateTimeField(allow_null=True)
    supervisor_name = serializers.CharField()


class SupervisedPageOutput(serializers.Serializer[Any]):
    """A page; pass `next_after` as `after` for the next one."""

    levels = SupervisedOutput(many=True)
    next_after = serializers.CharField(allow_null=True)
