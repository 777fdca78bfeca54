"""Inputs and read models of applications, shared by pages and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, DayField, PhoneField, StrictSerializer, TextField, WholeField
from shared_apps.accounts.serializers import EmailField
from shared_apps.onboarding.models import Application
from shared_apps.onboarding.rules import ROWS_MAX, ApplicationState, WantedModule
from shared_apps.onboarding.services.applying import Content


class PlanStepInput(StrictSerializer):
    step = TextField(max_length=200)
    due_on = DayField()


class WeakPointInput(StrictSerializer):
    weakness = TextField(max_length=300)
    measure = TextField(max_length=300)


class ContentInput(StrictSerializer):
    """What an application says; an amendment says all of it anew."""

    default_error_messages = {
        "modules_twice": _("A module was named more than once."),
        "order": _("Put the steps in the order of their days."),
        "same": _("The same line was given twice."),
    }

    bureau_name = TextField(max_length=120)
    responsible_name = TextField(max_length=40)
    responsible_title = TextField(max_length=60, required=False, allow_blank=True, default="")
    phone = PhoneField()
    email = EmailField()
    modules = serializers.ListField(
        child=serializers.ChoiceField(choices=[str(module) for module in WantedModule]),
        min_length=1,
        max_length=len(WantedModule),
    )
    fee_year = WholeField(min_value=2020, max_value=2100)
    fee_budget = AmountField(allow_zero=True)
    # The stubs do not know what many=True takes.
    work_plan = PlanStepInput(many=True, allow_empty=False, max_length=ROWS_MAX)  # type: ignore[call-arg]
    weak_points = WeakPointInput(many=True, allow_empty=False, max_length=ROWS_MAX)  # type: ignore[call-arg]

    def validate_modules(self, value: list[str]) -> list[str]:
        if len(set(value)) != len(value):
            raise serializers.ValidationError(self.error_messages["modules_twice"])
        return value

    def validate_work_plan(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        days = [row["due_on"] for row in value]
        if days != sorted(days):
            raise serializers.ValidationError(self.error_messages["order"])
        return self._each_once(value)

    def validate_weak_points(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self._each_once(value)

    def _each_once(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if any(row in rows[:index] for index, row in enumerate(rows)):
            raise serializers.ValidationError(self.error_messages["same"])
        return rows


class ApplyInput(ContentInput):
    division_code = CodeField(max_length=6)


def content_of(wanted: dict[str, Any]) -> Content:
    """The service's argument from validated input."""
    return Content(**{name: value for name, value in wanted.items() if name != "division_code"})


class ApproveInput(StrictSerializer):
    version = WholeField(min_value=1, max_value=1_000_000)


class RefuseInput(StrictSerializer):
    version = WholeField(min_value=1, max_value=1_000_000)
    reason = TextField(max_length=500)


class ApplicationQuery(StrictSerializer):
    q = TextField(max_length=40, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(
        choices=[str(state) for state in ApplicationState], required=False, allow_blank=True, default=""
    )

    def to_internal_value(self, data: Any) -> Any:
        # A filter form sends its empty fields along.
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


class ApplicationPageQuery(ApplicationQuery):
    page = WholeField(min_value=1, max_value=10_000, required=False, default=1)


class DivisionQuery(StrictSerializer):
    q = TextField(max_length=40, required=False, allow_blank=True, default="")


class PlanStepOutput(serializers.Serializer[Any]):
    step = serializers.CharField()
    due_on = serializers.DateField()


class WeakPointOutput(serializers.Serializer[Any]):
    weakness = serializers.CharField()
    measure = serializers.CharField()


class ApplicationOutput(serializers.ModelSerializer[Application]):
    """What region staff read in the list; the contacts are on the application itself."""

    fee_budget = AmountField()

    class Meta:
        model = Application
        fields: tuple[str, ...] = (
            "id", "number", "state", "version", "division_code", "division_name", "bureau_name", "modules", "fee_year",
            "fee_budget", "applied_at", "amended_at", "withdrawn_at", "decided_at", "decided_by_name", "reason",
            "error", "provisioned_at",
        )  # fmt: skip


class StepOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class WholeApplicationOutput(ApplicationOutput):
    work_plan = PlanStepOutput(many=True)
    weak_points = WeakPointOutput(many=True)

    class Meta(ApplicationOutput.Meta):
        fields = (
            *ApplicationOutput.Meta.fields, "responsible_name", "responsible_title", "phone", "email", "work_plan",
            "weak_points",
        )  # fmt: skip


class ProgressOutput(serializers.Serializer[Any]):
    """How far the mall's go-live checklist is, as it told last."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField())
    told_at = serializers.DateTimeField()


class ApplicationViewOutput(serializers.Serializer[Any]):
    application = WholeApplicationOutput(source="row")
    steps = StepOutput(many=True)
    mall_code = serializers.CharField()
    mall_state = serializers.CharField()
    progress = ProgressOutput(allow_null=True)


class FiledOutput(serializers.Serializer[Any]):
    """The number and the link, once: the secret in it is kept nowhere."""

    number = serializers.CharField()
    link = serializers.CharField()


class ChoiceOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()
    prefecture_name = serializers.CharField()
    is_free = serializers.BooleanField()
