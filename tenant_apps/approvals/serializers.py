"""What approvals take in and show, the same for API and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, KeyField, StrictSerializer, TextField, WholeField
from kernel.posts import Post
from kernel.problems import as_problem
from tenant_apps.approvals.batch import PICKED_MAX, Verdict
from tenant_apps.approvals.rules import (
    NAME_MAX,
    PEOPLE_MAX,
    STAGES_MAX,
    STEP_POSTS,
    Band,
    Flow,
    FlowStep,
)
from tenant_apps.orders.serializers import VERSIONS_MAX

_POSTS = [post.value for post in STEP_POSTS]
ROWS_MAX = 24


# -- input ------------------------------------------------------------------------------------------------------------
class PickedInput(StrictSerializer):
    order_id = KeyField()
    version = WholeField(min_value=1, max_value=VERSIONS_MAX)


class ApprovalDecideInput(StrictSerializer):
    """`text` is the comment of an approval, the reason of the other two."""

    picked = PickedInput(many=True, allow_empty=False, max_length=PICKED_MAX)  # type: ignore[call-arg]
    verdict = serializers.ChoiceField(choices=[one.value for one in Verdict])
    text = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        ids = [one["order_id"] for one in attrs["picked"]]
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError({"picked": [_("An order is picked twice.")]})
        if attrs["verdict"] != Verdict.APPROVE and not attrs["text"].strip():
            raise serializers.ValidationError({"text": [_("Give the reason.")]})
        return attrs


class DecideFormInput(StrictSerializer):
    """The same from a form: each ticked box is "order:version"."""

    picked = serializers.ListField(
        child=TextField(max_length=40), allow_empty=False, max_length=PICKED_MAX,
        error_messages={"empty": _("Pick at least one order."), "required": _("Pick at least one order.")},
    )  # fmt: skip
    verdict = serializers.ChoiceField(choices=[one.value for one in Verdict])
    text = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)


class StepInput(StrictSerializer):
    """Orders of `from_amount` yuan and more take the steps of that amount; steps of one stage are asked together."""

    from_amount = AmountField(allow_zero=True)
    stage = WholeField(min_value=1, max_value=STAGES_MAX)
    name = TextField(max_length=NAME_MAX)
    post = serializers.ChoiceField(choices=_POSTS)
    user_ids = serializers.ListField(child=KeyField(), required=False, max_length=PEOPLE_MAX, default=list)


class FlowInput(StrictSerializer):
    """A unit's flow, or without `unit_id` the mall's."""

    unit_id = KeyField(required=False, allow_null=True, default=None)
    steps = StepInput(many=True, allow_empty=False, max_length=ROWS_MAX)  # type: ignore[call-arg]
    reason = TextField(max_length=200)


class FlowFormInput(StrictSerializer):
    """The same from a form: one row a step, the fields of all rows beside each other. An unnamed row is left out."""

    unit_id = KeyField(required=False)
    reason = TextField(max_length=200)
    from_amount = serializers.ListField(child=TextField(max_length=19, allow_blank=True), max_length=ROWS_MAX)
    stage = serializers.ListField(child=WholeField(min_value=1, max_value=STAGES_MAX), max_length=ROWS_MAX)
    name = serializers.ListField(child=TextField(max_length=NAME_MAX, allow_blank=True), max_length=ROWS_MAX)
    post = serializers.ListField(child=serializers.ChoiceField(choices=_POSTS), max_length=ROWS_MAX)
    person = serializers.ListField(
        child=TextField(max_length=19, allow_blank=True), max_length=ROWS_MAX, required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        rows = len(attrs["name"])
        people = attrs.setdefault("person", [""] * rows)
        if any(len(attrs[name]) != rows for name in ("from_amount", "stage", "post")) or len(people) != rows:
            raise serializers.ValidationError({"bands": [_("The rows of the form do not fit together.")]})
        return attrs


class FlowQuery(StrictSerializer):
    unit_id = KeyField(required=False)


def flow_of(rows: Iterable[tuple[Decimal, int, FlowStep]]) -> Flow:
    """Rows of (amount the band begins at, stage, step) as a flow: bands by amount, stages by number, steps in order."""
    bands: dict[Decimal, dict[int, list[FlowStep]]] = {}
    for amount, stage, step in rows:
        bands.setdefault(amount, {}).setdefault(stage, []).append(step)
    return Flow(
        tuple(
            Band(start, tuple(tuple(stages[number]) for number in sorted(stages)))
            for start, stages in sorted(bands.items())
        )
    )


def flow_of_steps(steps: Iterable[Mapping[str, Any]]) -> Flow:
    """The validated steps of the API as a flow."""
    return flow_of(
        (one["from_amount"], one["stage"], FlowStep(one["name"].strip(), Post(one["post"]), tuple(one["user_ids"])))
        for one in steps
    )


# -- output -----------------------------------------------------------------------------------------------------------
class WaitingSerializer(serializers.Serializer[Any]):
    order_id = serializers.IntegerField(source="order.pk")
    number = serializers.CharField(source="order.number")
    version = serializers.IntegerField(source="order.version")
    unit_name = serializers.CharField(source="order.unit_name")
    supplier_name = serializers.CharField(source="order.supplier_name")
    clerk_name = serializers.CharField(source="order.clerk_name")
    total_amount = serializers.DecimalField(max_digits=18, decimal_places=2, source="order.total_amount")
    step = serializers.CharField()
    is_last = serializers.BooleanField()
    since = serializers.DateTimeField()
    own = serializers.BooleanField()


class OutcomeSerializer(serializers.Serializer[Any]):
    """`problem` is null where the step was taken."""

    order_id = serializers.IntegerField()
    state = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField()

    def get_state(self, outcome: Any) -> str | None:
        return str(outcome.order.state) if outcome.order else None

    def get_problem(self, outcome: Any) -> dict[str, Any] | None:
        return as_problem(outcome.problem) if outcome.problem else None


class OutcomesSerializer(serializers.Serializer[Any]):
    outcomes = OutcomeSerializer(many=True)


class FlowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="row.pk")
    unit_id = serializers.IntegerField(source="row.unit_id", allow_null=True)
    unit_name = serializers.CharField(source="row.unit_name")
    bands = serializers.JSONField(source="row.content")
    reason = serializers.CharField(source="row.reason")
    set_at = serializers.DateTimeField(source="row.set_at")
    set_by_name = serializers.CharField(source="row.set_by_name")


class TookSerializer(serializers.Serializer[Any]):
    """Hours between asking and deciding; `key` is the step's name or the month, an empty name the plain step."""

    key = serializers.CharField()
    steps = serializers.IntegerField()
    average = serializers.DecimalField(max_digits=9, decimal_places=1)
    median = serializers.DecimalField(max_digits=9, decimal_places=1)
    ninth_tenth = serializers.DecimalField(max_digits=9, decimal_places=1)
    longest = serializers.DecimalField(max_digits=9, decimal_places=1)


class TimesSerializer(serializers.Serializer[Any]):
    by_step = TookSerializer(many=True)
    by_month = TookSerializer(many=True)
