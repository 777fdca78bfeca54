"""Inputs that pages and API share."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.inputs import CodeField, DayField, KeyField, PhoneField, StrictSerializer, TextField, UsccField, WholeField
from shared_apps.accounts.serializers import EmailField
from shared_apps.suppliers.rules import (
    FINDABLE,
    SHAREHOLDERS_MAX,
    ApplicationKind,
    ApplicationState,
    DocumentKind,
    Size,
    name_key,
)
from shared_apps.suppliers.selectors.library import PUBLIC_STANDINGS
from shared_apps.suppliers.selectors.related import Tie
from shared_apps.suppliers.services import Content

FINDING = "finding_"


class FilterInput(StrictSerializer):
    """A filter form sends its empty fields along; they count as not sent."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, QueryDict):
            kept = data.copy()
            for key in [key for key in kept if kept.getlist(key) == [""]]:
                del kept[key]
            data = kept
        elif isinstance(data, Mapping):
            data = {key: value for key, value in data.items() if value != ""}
        return super().to_internal_value(data)


class SupplierListInput(FilterInput):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    standing = serializers.ChoiceField(
        choices=[standing.value for standing in PUBLIC_STANDINGS], required=False, allow_blank=True, default=""
    )
    division = CodeField(max_length=6, required=False, allow_blank=True, default="")
    size = serializers.ChoiceField(choices=[str(size) for size in Size], required=False, allow_blank=True, default="")
    sort = serializers.ChoiceField(choices=["entry", "name", "newest"], required=False, default="entry")
    after = KeyField(required=False, default=0)


class RelatedInput(StrictSerializer):
    tie = serializers.ChoiceField(choices=[str(tie) for tie in Tie], required=False, allow_blank=True, default="")


class StandingInput(StrictSerializer):
    action = serializers.ChoiceField(choices=["suspend", "reinstate", "remove"])
    reason = TextField(max_length=300)


class QueueInput(FilterInput):
    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    state = serializers.ChoiceField(
        choices=[str(state) for state in ApplicationState], required=False, allow_blank=True, default=""
    )
    kind = serializers.ChoiceField(
        choices=[str(kind) for kind in ApplicationKind], required=False, allow_blank=True, default=""
    )


class BeginInput(StrictSerializer):
    uscc = UsccField()
    name = TextField(max_length=120)
    applicant_name = TextField(max_length=40)
    email = EmailField()


@extend_schema_field({"type": "string", "pattern": r"^([0-9]{1,3}(\.[0-9]{1,2})?)?$", "example": "33.34"})
class ShareField(serializers.Field[str, str, str, Any]):
    """A share in per cent such as 51 or 33.34, more than 0 and at most 100; "" where it is not told."""

    default_error_messages = {"invalid": _("Write a share between 0 and 100 with at most two decimals, such as 33.34.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if data == "":
            return ""
        whole, dot, part = data.partition(".")
        digits = whole.isascii() and whole.isdecimal() and len(whole) <= 3
        if not digits or (dot and not (part.isascii() and part.isdecimal() and len(part) <= 2)):
            self.fail("invalid")
        share = Decimal(data)
        if not 0 < share <= 100:
            self.fail("invalid")
        return f"{share:.2f}"

    def to_representation(self, value: str) -> str:
        return value


class ShareholderInput(StrictSerializer):
    name = TextField(max_length=120)
    share = ShareField(required=False, default="")


class ApplicationInput(StrictSerializer):
    """The form in any state of completeness: it is kept as it is, and sent once it is whole."""

    default_error_messages = {"twice_named": _("A shareholder is named twice, or with signs only.")}

    name = TextField(max_length=120)
    legal_representative = TextField(max_length=40, required=False, allow_blank=True, default="")
    address = TextField(max_length=200, required=False, allow_blank=True, default="")
    division_code = CodeField(max_length=6, required=False, default="")
    phone = PhoneField(required=False, allow_blank=True, default="")
    size = serializers.ChoiceField(choices=[str(size) for size in Size], required=False, allow_blank=True, default="")
    sme_declared = serializers.BooleanField(required=False, default=False)
    record_declared = serializers.BooleanField(required=False, default=False)
    # The stubs do not know what many=True takes.
    shareholders = ShareholderInput(many=True, required=False, default=list, max_length=SHAREHOLDERS_MAX)  # type: ignore[call-arg]
    scope = serializers.ListField(child=CodeField(max_length=10), required=False, default=list, max_length=200)
    dropped = serializers.ListField(child=KeyField(), required=False, default=list, max_length=50)

    def validate_shareholders(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        keys = [name_key(row["name"]) for row in value]
        if len(set(keys)) != len(keys) or not all(keys):
            raise serializers.ValidationError(self.error_messages["twice_named"])
        return value


def content_of(wanted: dict[str, Any]) -> Content:
    """The service's argument from validated input."""
    return Content(**wanted)


class DocumentInput(FilterInput):
    """What a file proves; the file itself comes beside it."""

    kind = serializers.ChoiceField(choices=[str(kind) for kind in DocumentKind])
    title = TextField(max_length=80)
    number = TextField(max_length=60, required=False, default="")
    expires_on = DayField(required=False, default=None)
    renews_id = KeyField(required=False, default=None)


class PhoneInput(StrictSerializer):
    phone = PhoneField()


class TermsInput(StrictSerializer):
    valid_from = DayField()
    vetting_days = WholeField(min_value=1, max_value=365)
    admission_days = WholeField(min_value=1, max_value=365)
    correction_days = WholeField(min_value=7, max_value=365)
    first_warning_days = WholeField(min_value=2, max_value=365)
    last_warning_days = WholeField(min_value=1, max_value=364)
    confirmation_months = WholeField(min_value=1, max_value=60)
    basis = TextField(max_length=200)


class SupplierVersionInput(StrictSerializer):
    version = WholeField(min_value=1, max_value=1_000_000)


class SupplierRefuseInput(SupplierVersionInput):
    reason = TextField(max_length=500, multiline=True)


class SupplierReturnInput(SupplierVersionInput):
    """Reasons beside the fields, `finding_<field>`, and one in general."""

    reason = TextField(max_length=500, multiline=True, required=False, allow_blank=True, default="")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name in FINDABLE:
            fields[f"{FINDING}{name}"] = TextField(max_length=200, required=False, allow_blank=True, default="")
        return fields


def findings_of(wanted: dict[str, Any]) -> dict[str, Any]:
    """The service's arguments: the reasons by field, apart from the rest."""
    found = {name.removeprefix(FINDING): text for name, text in wanted.items() if name.startswith(FINDING) and text}
    return {"findings": found, "reason": wanted["reason"], "version": wanted["version"]}
