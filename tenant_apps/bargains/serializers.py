"""What bargains take in and show, the same for API and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, KeyField, StrictSerializer, TextField
from tenant_apps.bargains.rules import LINES_MAX, BargainState
from tenant_apps.bargains.words import SIDES, STATES
from tenant_apps.orders.serializers import VersionInput


class PriceInput(StrictSerializer):
    """The price of one piece, tax included."""

    offer_id = KeyField()
    price = AmountField()


class PricesMixin(StrictSerializer):
    """A price for each of the goods, and for no others."""

    prices = PriceInput(
        many=True, allow_empty=False, max_length=LINES_MAX,  # type: ignore[call-arg]  # goes to the list
        error_messages={"empty": _("Say a price for each of the goods.")},
    )  # fmt: skip
    note = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)

    def validate_prices(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["offer_id"] for row in rows}) != len(rows):
            raise serializers.ValidationError(_("One of the goods is named twice."))
        return rows


class ProposeInput(PricesMixin):
    """All of the supplier's goods in the cart are bargained about."""

    unit_id = KeyField()
    supplier_id = KeyField()


class PricesInput(PricesMixin, VersionInput):
    pass


class DeclineBargainInput(VersionInput):
    reason = TextField(max_length=300, multiline=True)


class BargainQuery(StrictSerializer):
    """Filters of the list. `after` is the `next_after` of the page before."""

    state = serializers.ChoiceField(choices=[state.value for state in BargainState], required=False, allow_blank=True)
    search = TextField(max_length=60, required=False, allow_blank=True)
    after = KeyField(required=False)


class BargainSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in BargainState])
    state_label = serializers.SerializerMethodField()
    unit_id = serializers.IntegerField()
    unit_name = serializers.CharField()
    supplier_id = serializers.IntegerField()
    supplier_name = serializers.CharField()
    counters = serializers.IntegerField()
    listed_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    asked_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    offered_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    proposed_at = serializers.DateTimeField()
    next_due_at = serializers.DateTimeField(allow_null=True)
    good_until = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_state_label(self, bargain: Any) -> str:
        return str(STATES[bargain.state][0])


class BargainListSerializer(serializers.Serializer[Any]):
    bargains = BargainSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class BargainLineSerializer(serializers.Serializer[Any]):
    offer_id = serializers.IntegerField()
    product_code = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    unit = serializers.CharField()
    listed = serializers.DecimalField(max_digits=18, decimal_places=2)
    asked = serializers.DecimalField(max_digits=18, decimal_places=2)
    offered = serializers.DecimalField(max_digits=18, decimal_places=2)


class BargainMoveSerializer(serializers.Serializer[Any]):
    action = serializers.CharField()
    side = serializers.CharField()
    side_label = serializers.SerializerMethodField()
    prices = serializers.ListField(child=serializers.DictField())
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    note = serializers.CharField()
    moved_by_name = serializers.CharField()
    moved_at = serializers.DateTimeField()

    def get_side_label(self, move: Any) -> str:
        return str(SIDES[move.side])


class BargainFileSerializer(serializers.Serializer[Any]):
    """`actions` is what the caller may do now."""

    bargain = BargainSerializer()
    lines = BargainLineSerializer(many=True)
    moves = BargainMoveSerializer(many=True)
    actions = serializers.ListField(child=serializers.CharField())


def as_prices(data: Mapping[str, Any]) -> dict[str, Any]:
    """The validated input as the services take it: prices by offer."""
    rows: Sequence[Mapping[str, Any]] = data["prices"]
    prices: dict[int, Decimal] = {row["offer_id"]: row["price"] for row in rows}
    return {**data, "prices": prices}
