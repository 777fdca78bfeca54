"""What the checkout takes in, the same for API and page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, KeyField, PhoneField, StrictSerializer, TextField
from tenant_apps.orders.rules import PurchaseMode
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.supermarket.papers import PAPERS_MAX
from tenant_apps.supermarket.services import Checkout

FUNDING_LINES_MAX = 20
COMPARED_MAX = 20


class FundingInput(StrictSerializer):
    budget_line_id = KeyField()
    amount = AmountField()


class CheckoutInput(StrictSerializer):
    """`funding` is used in its order; its amounts add up to the order's total, freight included."""

    unit_id = KeyField()
    supplier_id = KeyField()
    mode = serializers.ChoiceField(choices=[mode.value for mode in PurchaseMode], default=PurchaseMode.DIRECT.value)
    choice_reason = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)
    compared_offer_ids = serializers.ListField(child=KeyField(), required=False, max_length=COMPARED_MAX, default=list)
    funding = FundingInput(
        many=True, allow_empty=False, max_length=FUNDING_LINES_MAX,  # type: ignore[call-arg]  # goes to the list
        error_messages={"empty": _("Enter which budget lines the order is paid from.")},
    )  # fmt: skip
    delivery_address = TextField(max_length=200)
    contact_name = TextField(max_length=40)
    contact_phone = PhoneField()
    note = TextField(max_length=300, required=False, allow_blank=True, default="", multiline=True)
    # The division of the address, as the cart has it; left out: the mall's own.
    area_code = CodeField(max_length=6, required=False, allow_blank=True, default="")

    # In mode `bargain` alone: the goods are those agreed there, not the cart's.
    bargain_id = KeyField(required=False, allow_null=True, default=None)

    # Keys of the papers put beside this checkout that go with the order.
    papers = serializers.ListField(child=CodeField(max_length=70), required=False, max_length=PAPERS_MAX, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("mode") == PurchaseMode.BARGAIN) != (attrs.get("bargain_id") is not None):
            raise serializers.ValidationError(
                {"bargain_id": [_("Name the bargain in a bargained order, and only there.")]}
            )
        return attrs

    def validate_funding(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["budget_line_id"] for row in rows}) != len(rows):
            raise serializers.ValidationError(_("A budget line is named twice."))
        return rows


class AddressInput(StrictSerializer):
    """`is_default` true takes the mark from the entry that had it; the default itself keeps it."""

    label = TextField(max_length=40)  # type: ignore[assignment]  # a field of this name, not the field's label
    address = TextField(max_length=200)
    contact_name = TextField(max_length=40)
    contact_phone = PhoneField()
    area_code = CodeField(max_length=6, required=False, allow_blank=True, default="")
    is_default = serializers.BooleanField(required=False, default=False)


class AddAddressInput(AddressInput):
    unit_id = KeyField()


class ChangeAddressInput(AddressInput, VersionInput):
    pass


class BookQuery(StrictSerializer):
    """Whose book, and a part of what is looked for."""

    unit = KeyField(required=False)
    q = TextField(max_length=60, required=False, allow_blank=True, default="")


class AddressQuery(StrictSerializer):
    unit_id = KeyField()


class AddressSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    unit_id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    area_code = serializers.CharField()
    address = serializers.CharField()
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    is_default = serializers.BooleanField()
    version = serializers.IntegerField()


class AddressBookSerializer(serializers.Serializer[Any]):
    addresses = AddressSerializer(many=True)


def as_checkout(data: dict[str, Any]) -> Checkout:
    """The validated input as the service takes it."""
    values = dict(data)
    funding = values.pop("funding")
    compared = values.pop("compared_offer_ids")
    papers = values.pop("papers")
    return Checkout(
        funding=tuple((row["budget_line_id"], row["amount"]) for row in funding),
        compared=tuple(dict.fromkeys(compared)),
        papers=tuple(dict.fromkeys(papers)),
        **values,
    )


class PaperInput(StrictSerializer):
    """The checkout that a paper is put beside; `bargain_id` and `mode` only lead back to it."""

    unit_id = KeyField()
    mode = serializers.ChoiceField(choices=[mode.value for mode in PurchaseMode], required=False, default="")
    bargain_id = KeyField(required=False, allow_null=True, default=None)


class RemovePaperInput(PaperInput):
    key = CodeField(max_length=70)


class NoteInput(StrictSerializer):
    text = TextField(max_length=1000, required=False, allow_blank=True, default="", multiline=True)


class NoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    paper_key = serializers.CharField()
    paper_name = serializers.CharField()
    organisation_name = serializers.CharField()
    noted_by_name = serializers.CharField()
    noted_at = serializers.DateTimeField()


class NoteListSerializer(serializers.Serializer[Any]):
    notes = NoteSerializer(many=True)
