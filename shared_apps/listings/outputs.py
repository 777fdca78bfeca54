"""What the API of offers shows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField


class AreaOutput(serializers.Serializer[Any]):
    """(division code, freight a line, surcharge a piece)."""

    division_code = serializers.CharField(source="0")
    freight = AmountField(source="1", allow_zero=True)
    surcharge = AmountField(source="2", allow_zero=True)

    def to_representation(self, instance: Any) -> dict[str, str]:
        code, freight, surcharge = instance
        return {"division_code": code, "freight": str(freight), "surcharge": str(surcharge)}


class OfferOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    product_code = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    category_code = serializers.CharField()
    supplier_id = serializers.IntegerField()
    price = AmountField()
    reference_price = AmountField()
    min_quantity = serializers.IntegerField()
    pack_quantity = serializers.IntegerField()
    stock_note = serializers.CharField()
    delivery_days = serializers.IntegerField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    vat_rate = serializers.DecimalField(max_digits=4, decimal_places=2)
    state = serializers.CharField()
    state_reason = serializers.CharField()
    pending_price = AmountField(allow_null=True)
    pending_reference_price = AmountField(allow_null=True)
    pending_since = serializers.DateTimeField(allow_null=True)
    is_demo = serializers.BooleanField()


class OfferPageOutput(serializers.Serializer[Any]):
    """A page; pass `next_before` as `before` for the next one."""

    offers = OfferOutput(many=True)
    next_before = serializers.IntegerField(allow_null=True)


class OfferStepOutput(serializers.Serializer[Any]):
    change = serializers.CharField()
    before = AmountField()
    after = AmountField()
    changed_at = serializers.DateTimeField()
    approved_by_name = serializers.CharField()


class FindingOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    severity = serializers.CharField()
    basis = serializers.CharField()
    inputs = serializers.DictField(child=serializers.CharField())


class OfferReviewOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    asked_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    price = AmountField()
    reference_price = AmountField()
    price_before = AmountField(allow_null=True)
    severity = serializers.CharField()
    findings = FindingOutput(many=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class FreezeOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    reason = serializers.CharField()
    state = serializers.CharField()
    frozen_at = serializers.DateTimeField()
    corrected_at = serializers.DateTimeField(allow_null=True)
    correction = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_reason = serializers.CharField()


class AppealOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    against = serializers.SerializerMethodField()
    reason = serializers.CharField()
    state = serializers.CharField()
    filed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decision = serializers.CharField()

    def get_against(self, row: Any) -> str:
        return "freeze" if row.freeze_id is not None else "rejection"


class OfferFileOutput(serializers.Serializer[Any]):
    """An offer with all that was decided on it."""

    offer = OfferOutput()
    areas = AreaOutput(many=True)
    pending_areas = AreaOutput(many=True, source="offer.pending_areas", allow_null=True)
    steps = OfferStepOutput(many=True)
    reviews = OfferReviewOutput(many=True)
    freezes = FreezeOutput(many=True)
    appeals = AppealOutput(many=True)


class OutcomeOutput(serializers.Serializer[Any]):
    """What became of one review of a batch: empty, or the refusal's code."""

    review_id = serializers.IntegerField()
    problem = serializers.SerializerMethodField()

    def get_problem(self, outcome: Any) -> str:
        return outcome.problem.code if outcome.problem else ""


class BatchOutput(serializers.Serializer[Any]):
    outcomes = OutcomeOutput(many=True)


class RenewalOutput(serializers.Serializer[Any]):
    """What became of one offer: the offer that took its place where it had expired, or the refusal's code."""

    offer_id = serializers.IntegerField()
    new_offer_id = serializers.IntegerField(allow_null=True)
    problem = serializers.SerializerMethodField()

    def get_problem(self, renewal: Any) -> str:
        return renewal.problem.code if renewal.problem else ""


class EndingPageOutput(serializers.Serializer[Any]):
    """A page; pass `next_after` as `after` for the next one. `renewals` after a renewal."""

    offers = OfferOutput(many=True)
    next_after = serializers.IntegerField(allow_null=True)
    renewals = RenewalOutput(many=True)


class PaidPriceOutput(serializers.Serializer[Any]):
    """Of a piece with tax, of `orders` paid orders in the window; neither malls nor orders are named."""

    median = AmountField()
    low = AmountField()
    high = AmountField()
    orders = serializers.IntegerField()
    window_from = serializers.DateField()
    window_to = serializers.DateField()


class ProductPaidPriceOutput(serializers.Serializer[Any]):
    """What the malls paid for a product; null below the number of orders that would say what one mall paid."""

    product_code = serializers.CharField()
    paid = PaidPriceOutput(allow_null=True)


class PatrolOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    scope = serializers.CharField()
    scope_code = serializers.CharField()
    population = serializers.IntegerField()
    sample = serializers.IntegerField()
    seed = serializers.CharField()
    due_on = serializers.DateField()
    state = serializers.CharField()
    organisation_name = serializers.CharField()
    assignee_name = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    summary = serializers.CharField()
    looked_at = serializers.IntegerField(default=0)


class PatrolItemOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    price = AmountField()
    outcome = serializers.CharField()
    kind = serializers.CharField()
    note = serializers.CharField()
    market_price = AmountField(allow_null=True)
    looked_at = serializers.DateTimeField(allow_null=True)


class PatrolFileOutput(serializers.Serializer[Any]):
    task = PatrolOutput()
    items = PatrolItemOutput(many=True)


class ParameterOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.DecimalField(max_digits=9, decimal_places=2)
    is_proposal = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field leaves the class body
    valid_from = serializers.DateField(allow_null=True)


class WordOutput(serializers.Serializer[Any]):
    word = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field leaves the class body
    is_shipped = serializers.BooleanField()


class SettingsOutput(serializers.Serializer[Any]):
    parameters = ParameterOutput(many=True)
    words = WordOutput(many=True)
