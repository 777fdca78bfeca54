"""Inputs that pages and API share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.inputs import (
    AmountField,
    CodeField,
    DayField,
    KeyField,
    QuantityField,
    StrictSerializer,
    TextField,
    WholeField,
)
from shared_apps.listings.rules.checks import Severity
from shared_apps.listings.rules.parameters import Parameter
from shared_apps.listings.rules.patrols import OFFERS_MAX
from shared_apps.listings.rules.reviews import (
    AppealState,
    BreachKind,
    Outcome,
    PatrolScope,
    PatrolState,
    ReviewKind,
    ReviewState,
)
from shared_apps.products.rules import VAT_RATES, OfferState

AREAS_MAX = 120
BATCH_MAX = 100


class VatField(serializers.ChoiceField):
    """One of the rates, as a text such as 0.13; empty: the product's own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[str(rate) for rate in VAT_RATES], **kwargs)


class FilterSerializer(StrictSerializer):
    """A filter form sends its empty fields along."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value({key: value for key, value in data.items() if value != ""})


# -- what suppliers send ----------------------------------------------------------------------------------------------
class AreaInput(StrictSerializer):
    division_code = CodeField(max_length=6)
    freight = AmountField(allow_zero=True)
    surcharge = AmountField(allow_zero=True)


def areas_of(rows: list[dict[str, Any]]) -> list[tuple[str, Any, Any]]:
    """The service's argument from validated rows."""
    return [(row["division_code"], row["freight"], row["surcharge"]) for row in rows]


class AreasOnce(StrictSerializer):
    """Names each delivery area once."""

    default_error_messages = {"twice": _("A delivery area was named more than once.")}

    def validate_areas(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        codes = [row["division_code"] for row in rows]
        if len(set(codes)) != len(codes):
            raise serializers.ValidationError(self.error_messages["twice"])
        return rows


class TermsInput(AreasOnce):
    """All of a draft."""

    price = AmountField()
    reference_price = AmountField()
    min_quantity = QuantityField(required=False, default=1)
    pack_quantity = QuantityField(required=False, default=1)
    delivery_days = WholeField(min_value=0, max_value=365)
    stock_note = TextField(max_length=60, required=False, allow_blank=True, default="")
    valid_from = DayField(required=False, allow_null=True, default=None)
    valid_to = DayField(required=False, allow_null=True, default=None)
    vat_rate = VatField(required=False, allow_null=True, default=None)
    # The stubs do not know what many=True takes.
    areas = AreaInput(many=True, allow_empty=False, max_length=AREAS_MAX)  # type: ignore[call-arg]


class DraftInput(TermsInput):
    product_code = CodeField(max_length=20)
    # Needed only by who sells for several suppliers.
    supplier_id = KeyField(required=False)


class OfferPriceInput(AreasOnce):
    default_error_messages = {"nothing": _("Enter a price, a reference price or delivery areas.")}

    price = AmountField(required=False)
    reference_price = AmountField(required=False)
    areas = AreaInput(many=True, required=False, allow_empty=False, max_length=AREAS_MAX)  # type: ignore[call-arg]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError({"price": self.error_messages["nothing"]})
        return attrs


class ServiceInput(StrictSerializer):
    stock_note = TextField(max_length=60, required=False, allow_blank=True, default="")
    delivery_days = WholeField(min_value=0, max_value=365)
    valid_to = DayField(required=False, allow_null=True, default=None)


class RenewInput(StrictSerializer):
    """Offers and their new last day; without one they hold without end."""

    offer_ids = serializers.ListField(child=KeyField(), min_length=1, max_length=BATCH_MAX)
    valid_to = DayField(required=False, allow_null=True, default=None)


class OfferWithdrawInput(StrictSerializer):
    reason = TextField(max_length=300, required=False, allow_blank=True, default="")


class CorrectionInput(StrictSerializer):
    correction = TextField(max_length=500, multiline=True)


class AppealInput(StrictSerializer):
    reason = TextField(max_length=1000, multiline=True)


# -- what those who look at offers send -------------------------------------------------------------------------------
class OfferDecideInput(StrictSerializer):
    decision = serializers.ChoiceField(choices=["approve", "reject"])
    reason = TextField(max_length=300, required=False, allow_blank=True, default="")


class BatchInput(OfferDecideInput):
    review_ids = serializers.ListField(child=KeyField(), min_length=1, max_length=BATCH_MAX)


class FreezeInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=[kind.value for kind in BreachKind])
    reason = TextField(max_length=300)


class OfferReasonInput(StrictSerializer):
    reason = TextField(max_length=300)


class OfferAppealDecideInput(StrictSerializer):
    outcome = serializers.ChoiceField(choices=["grant", "dismiss"])
    decision = TextField(max_length=500, multiline=True)


class PatrolInput(StrictSerializer):
    title = TextField(max_length=80)
    scope = serializers.ChoiceField(choices=[scope.value for scope in PatrolScope])
    scope_code = CodeField(max_length=18, required=False, allow_blank=True, default="")
    sample = WholeField(min_value=1, max_value=OFFERS_MAX)
    due_on = DayField()
    assignee_id = KeyField(required=False, allow_null=True, default=None)


class FindingInput(StrictSerializer):
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in BreachKind], required=False, allow_null=True, default=None
    )
    note = TextField(max_length=300, required=False, allow_blank=True, default="")
    market_price = AmountField(required=False, allow_null=True, default=None)


class SummaryInput(StrictSerializer):
    summary = TextField(max_length=1000, multiline=True)


class ParameterInput(StrictSerializer):
    name = serializers.ChoiceField(choices=[name.value for name in Parameter])
    value = AmountField(allow_zero=True)
    valid_from = DayField()
    source = TextField(max_length=300)  # type: ignore[assignment]  # a field leaves the class body


class WordInput(StrictSerializer):
    word = TextField(max_length=20)
    change = serializers.ChoiceField(choices=["add", "remove"])
    source = TextField(max_length=300)  # type: ignore[assignment]  # a field leaves the class body


# -- filters ----------------------------------------------------------------------------------------------------------
class OfferQuery(FilterSerializer):
    q = TextField(max_length=60, required=False, default="")
    state = serializers.ChoiceField(choices=[state.value for state in OfferState], required=False, default="")
    category = CodeField(max_length=10, required=False, default="")
    before = KeyField(required=False, default=0)


class EndingQuery(FilterSerializer):
    after = KeyField(required=False, default=0)


class ReviewQuery(FilterSerializer):
    q = TextField(max_length=60, required=False, default="")
    state = serializers.ChoiceField(
        choices=[state.value for state in ReviewState], required=False, default=ReviewState.OPEN.value
    )
    kind = serializers.ChoiceField(choices=[kind.value for kind in ReviewKind], required=False, default="")
    severity = serializers.ChoiceField(choices=[*(s.value for s in Severity), "none"], required=False, default="")
    after = KeyField(required=False, default=0)


class AppealQuery(FilterSerializer):
    state = serializers.ChoiceField(
        choices=[state.value for state in AppealState], required=False, default=AppealState.FILED.value
    )


class PatrolQuery(FilterSerializer):
    state = serializers.ChoiceField(choices=[state.value for state in PatrolState], required=False, default="")


class ProductChoiceQuery(FilterSerializer):
    q = TextField(max_length=60, required=False, default="")
    product = CodeField(max_length=20, required=False, default="")
