"""Inputs of proposals and reviews, shared by pages and API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import CodeField, DayField, KeyField, StrictSerializer, TextField, WholeField
from shared_apps.classification.attribute_rules import ATTRIBUTES_MAX, TEXT_LENGTH_MAX
from shared_apps.products.certificates import CertificateDraft
from shared_apps.products.rules import CERTIFIED_LABELS, VAT_RATES, ProductState, Subject
from shared_apps.products.rules.profiles import CRITERIA_MAX, Operator
from shared_apps.products.services.proposing import ProductContent
from shared_apps.products.services.reviewing import DECISIONS

VERSION_MAX = 1_000_000
DUPLICATE = "duplicate"


class AttributeValueInput(StrictSerializer):
    key = CodeField(max_length=40)
    value = TextField(max_length=TEXT_LENGTH_MAX)


class ContentInput(StrictSerializer):
    """What a supplier says of a product; an amendment says all of it anew."""

    default_error_messages = {"key_twice": _("An attribute was given more than once.")}

    brand = TextField(max_length=40)
    brand_owner = TextField(max_length=120, required=False, allow_blank=True, default="")
    trademark_number = TextField(max_length=40, required=False, allow_blank=True, default="")
    category_code = CodeField(max_length=10)
    item_code = CodeField(max_length=11, required=False, allow_blank=True, default="")
    name = TextField(max_length=80)
    model = TextField(max_length=60)
    spec = TextField(max_length=120, required=False, allow_blank=True, default="")
    unit = TextField(max_length=10)
    vat_rate = serializers.ChoiceField(choices=[str(rate) for rate in VAT_RATES])
    # The stubs do not know what many=True takes.
    attribute_values = AttributeValueInput(  # type: ignore[call-arg]
        many=True, required=False, default=list, max_length=ATTRIBUTES_MAX
    )

    def to_internal_value(self, data: Any) -> Any:
        # A form sends its empty fields along; a code that is left out has no spelling.
        if hasattr(data, "get") and data.get("item_code") == "":
            data = {key: value for key, value in data.items() if key != "item_code"}
        return super().to_internal_value(data)

    def validate_attribute_values(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        keys = [row["key"] for row in value]
        if len(set(keys)) != len(keys):
            raise serializers.ValidationError(self.error_messages["key_twice"])
        return value


class ProposeInput(ContentInput):
    """`supplier_id` may be left out by those who sell for one supplier only."""

    supplier_id = KeyField(required=False)


class AmendInput(ContentInput):
    version = WholeField(min_value=1, max_value=VERSION_MAX)


def content_of(given: dict[str, Any]) -> ProductContent:
    """The service's argument from validated input."""
    said = {
        name: given[name] for name in map(str, ContentInput().fields) if name not in {"attribute_values", "vat_rate"}
    }
    values = {row["key"]: row["value"] for row in given["attribute_values"]}
    return ProductContent(**said, vat_rate=Decimal(given["vat_rate"]), attributes=values)


class CertificateInput(StrictSerializer):
    supplier_id = KeyField(required=False)
    # A field called as the thing is, not the caption that Field.label is.
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=[label.value for label in CERTIFIED_LABELS]
    )
    number = TextField(max_length=60)
    body = TextField(max_length=120)
    valid_from = DayField()
    expires_on = DayField()


def draft_of(given: dict[str, Any]) -> CertificateDraft:
    return CertificateDraft(**{name: given[name] for name in ("label", "number", "body", "valid_from", "expires_on")})


class ImageInput(StrictSerializer):
    """Beside the file: what the picture shows, for those who do not see it."""

    alt = TextField(max_length=120)


class RemoveImageInput(StrictSerializer):
    place = WholeField(min_value=1, max_value=8)


class ProposalDecideInput(StrictSerializer):
    action = serializers.ChoiceField(choices=list(DECISIONS))
    version = WholeField(min_value=1, max_value=VERSION_MAX)
    reason = TextField(max_length=500, required=False, allow_blank=True, default="", multiline=True)


class MergeInput(StrictSerializer):
    into_code = CodeField(max_length=20)
    version = WholeField(min_value=1, max_value=VERSION_MAX)
    reason = TextField(max_length=300)


class MergeNameInput(StrictSerializer):
    """A brand or a model into another one of that name; `products` is the number that was read."""

    into = TextField(max_length=60)
    version = WholeField(min_value=1, max_value=VERSION_MAX)
    products = WholeField(min_value=0, max_value=VERSION_MAX)
    reason = TextField(max_length=300)


class _Filter(StrictSerializer):
    def to_internal_value(self, data: Any) -> Any:
        # A filter form sends its empty fields along.
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


class OwnQuery(_Filter):
    q = TextField(max_length=40, required=False, default="")
    state = serializers.ChoiceField(choices=[state.value for state in ProductState], required=False, default="")


class ReviewQuery(_Filter):
    subject = serializers.ChoiceField(
        choices=[*(subject.value for subject in Subject), DUPLICATE], required=False, default=Subject.PRODUCT.value
    )
    state = serializers.ChoiceField(
        choices=["proposed", "returned", "approved", "listed", "refused", "revoked", "merged"],
        required=False,
        default="",
    )
    q = TextField(max_length=40, required=False, default="")


class NewQuery(_Filter):
    category = CodeField(max_length=10, required=False, default="")


class CriterionInput(StrictSerializer):
    """`value`: a number, or the words allowed with commas between; empty for yes and no."""

    key = CodeField(max_length=40)
    operator = serializers.ChoiceField(choices=[one.value for one in Operator])
    value = TextField(max_length=400, required=False, allow_blank=True, default="")
    is_mandatory = serializers.BooleanField(required=False, default=True)


class ProfileInput(StrictSerializer):
    category_code = CodeField(max_length=10)
    title = TextField(max_length=80)
    note = TextField(max_length=300, required=False, allow_blank=True, default="")
    # The stubs do not know what many=True takes.
    criteria = CriterionInput(many=True, allow_empty=False, max_length=CRITERIA_MAX)  # type: ignore[call-arg]


class EditProfileInput(ProfileInput):
    version = WholeField(min_value=1, max_value=VERSION_MAX)


class CloseProfileInput(StrictSerializer):
    version = WholeField(min_value=1, max_value=VERSION_MAX)
