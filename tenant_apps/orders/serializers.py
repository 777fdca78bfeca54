"""What orders take in and show, the same for API and pages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import KeyField, PhoneField, StrictSerializer, TextField, WholeField
from shared_apps.rulebook.wording import shown
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.words import EVENTS, MODES, STATES

VERSIONS_MAX = 2_147_483_647


# -- input ------------------------------------------------------------------------------------------------------------
class OrderQuery(StrictSerializer):
    """Filters of the list. `after` is the `next_after` of the page before."""

    state = serializers.ChoiceField(choices=[state.value for state in OrderState], required=False, allow_blank=True)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


class VersionInput(StrictSerializer):
    """`version` is the one the caller looked at: with it a step is refused when the order has changed since."""

    version = WholeField(min_value=1, max_value=VERSIONS_MAX, required=False)


class ApproveInput(VersionInput):
    comment = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)


class RejectInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class ResubmitInput(VersionInput):
    """What a clerk may mend of an order that was sent back; the reason of the choice belongs to a comparison."""

    delivery_address = TextField(max_length=200)
    contact_name = TextField(max_length=40)
    contact_phone = PhoneField()
    note = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)
    choice_reason = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)


# -- output -----------------------------------------------------------------------------------------------------------
class OrderSummarySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in OrderState])
    state_label = serializers.SerializerMethodField()
    unit_id = serializers.IntegerField()
    unit_name = serializers.CharField()
    supplier_code = serializers.CharField()
    supplier_name = serializers.CharField()
    clerk_name = serializers.CharField()
    module = serializers.CharField()
    total_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    submitted_at = serializers.DateTimeField()
    next_due_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_state_label(self, order: Any) -> str:
        return str(STATES[order.state][0])


class OrderListSerializer(serializers.Serializer[Any]):
    orders = OrderSummarySerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class OrderLineSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    product_code = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    model = serializers.CharField()
    spec = serializers.CharField()
    unit = serializers.CharField()
    category_code = serializers.CharField()
    vat_rate = serializers.DecimalField(max_digits=4, decimal_places=2)
    price = serializers.DecimalField(max_digits=18, decimal_places=2)
    quantity = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    freight = serializers.DecimalField(max_digits=18, decimal_places=2)


class FundingSerializer(serializers.Serializer[Any]):
    budget_line_id = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)


class DecisionSerializer(serializers.Serializer[Any]):
    """One rule's answer with its words in the language of the request."""

    occasion = serializers.CharField()
    decided_at = serializers.DateTimeField()
    asked_by_name = serializers.CharField()
    rule = serializers.CharField(source="decision.rule")
    version = serializers.IntegerField(source="decision.version")
    allowed = serializers.BooleanField(source="decision.allowed")
    article = serializers.CharField(source="decision.article")
    is_demo = serializers.BooleanField(source="decision.is_demo")
    verified = serializers.BooleanField(source="decision.verified")
    inputs = serializers.DictField(source="decision.inputs")
    reason = serializers.SerializerMethodField()
    remedy = serializers.SerializerMethodField()

    def get_reason(self, view: Any) -> str:
        return shown(view.decision).reason

    def get_remedy(self, view: Any) -> str:
        return shown(view.decision).remedy


class HistorySerializer(serializers.Serializer[Any]):
    event = serializers.CharField()
    event_label = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    actor_name = serializers.CharField()
    organisation_name = serializers.CharField()
    reason = serializers.SerializerMethodField()

    def get_event_label(self, entry: Any) -> str:
        return str(EVENTS[entry.event][0]) if entry.event in EVENTS else entry.event

    def get_reason(self, entry: Any) -> str | None:
        reason: str | None = entry.facts.get("reason")
        return reason


class UpcomingSerializer(serializers.Serializer[Any]):
    post = serializers.CharField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class OrderSerializer(serializers.Serializer[Any]):
    """The dossier of one order; funding and decisions are empty for a supplier."""

    order = OrderSummarySerializer()
    mode = serializers.CharField(source="order.mode")
    mode_label = serializers.SerializerMethodField()
    choice_reason = serializers.CharField(source="order.choice_reason")
    state_reason = serializers.CharField(source="order.state_reason")
    fiscal_year = serializers.IntegerField(source="order.fiscal_year")
    goods_amount = serializers.DecimalField(max_digits=18, decimal_places=2, source="order.goods_amount")
    freight_amount = serializers.DecimalField(max_digits=18, decimal_places=2, source="order.freight_amount")
    delivery_address = serializers.CharField(source="order.delivery_address")
    contact_name = serializers.CharField(source="order.contact_name")
    contact_phone = serializers.CharField(source="order.contact_phone")
    note = serializers.CharField(source="order.note")
    lines = OrderLineSerializer(many=True)
    funding = FundingSerializer(many=True)
    decisions = DecisionSerializer(many=True)
    history = HistorySerializer(many=True)
    upcoming = UpcomingSerializer(allow_null=True)
    actions = serializers.SerializerMethodField()

    def get_mode_label(self, dossier: Any) -> str:
        return str(MODES[dossier.order.mode])

    def get_actions(self, dossier: Any) -> list[str]:
        """What the caller may do with the order now, by the lifecycle table."""
        from kernel.api import actor_of
        from tenant_apps.orders.permissions import possible_actions

        moves = possible_actions(actor=actor_of(self.context["request"]), order=dossier.order)
        return [move.action for move in moves]


class BackInCartSerializer(serializers.Serializer[Any]):
    """How many lines are in the cart again, and the titles of those that cannot be bought now."""

    unit_id = serializers.IntegerField()
    added = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField())
