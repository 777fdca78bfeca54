"""Orders of one tenant, with what was bought, what pays for it, what the rules said, and what was delivered.

Library rows are never referred to but by key and snapshot: the legal record must not change when the library does.
The order's state decides; the moments are facts, tied to the state by CHECK constraints.
"""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, LPad, Mod

from kernel.fields import MoneyField, money_check
from tenant_apps.orders.quantities import LineQuantities
from tenant_apps.orders.rules import BEFORE_PLACING, GIVEN_UP, UNANSWERED, Occasion, OrderState, PurchaseMode
from tenants.database.models import TenantModel

COUNTS = ("shipped", "accepted", "refused", "returned", "cancelled")
STATES = sorted(state.value for state in OrderState)
_EARLY = sorted(state.value for state in BEFORE_PLACING)
_GIVEN_UP = sorted(state.value for state in GIVEN_UP)
_UNANSWERED = sorted(state.value for state in BEFORE_PLACING | UNANSWERED)


class Order(TenantModel):
    """One purchase from one supplier. `version` counts changes: every step is guarded by state and version."""

    number_stem = models.CharField(max_length=16)
    # The last six digits come from the id, so that a number costs no statement of its own and no two orders of a day
    # can share one before the tenant has placed a million on that day.
    number = models.GeneratedField(
        expression=Concat(
            F("number_stem"),
            LPad(Cast(Mod(F("id"), Value(1_000_000)), models.TextField()), Value(6), Value("0")),
            output_field=models.CharField(max_length=22),
        ),
        output_field=models.CharField(max_length=22),
        db_persist=True,
    )
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    module = models.CharField(max_length=40)
    mode = models.CharField(max_length=20)
    choice_reason = models.CharField(max_length=300, blank=True)
    # The bargain whose prices it has; an order that began in another system names none.
    bargain_id = models.BigIntegerField(null=True)

    supplier_id = models.BigIntegerField()
    supplier_code = models.CharField(max_length=18)
    supplier_name = models.CharField(max_length=120)
    supplier_organisation_id = models.BigIntegerField()
    supplier_is_sme = models.BooleanField()  # the payment term of small suppliers runs by this (Order 802 art. 9)

    clerk_id = models.BigIntegerField()
    clerk_name = models.CharField(max_length=40)
    approver_id = models.BigIntegerField(null=True)
    approver_name = models.CharField(max_length=40, blank=True)
    acceptor_id = models.BigIntegerField(null=True)
    acceptor_name = models.CharField(max_length=40, blank=True)
    payer_id = models.BigIntegerField(null=True)
    payer_name = models.CharField(max_length=40, blank=True)

    state = models.CharField(max_length=24)
    state_reason = models.CharField(max_length=300, blank=True)  # why it was rejected, declined, refused, cancelled
    cancel_asked_by = models.CharField(max_length=8, blank=True)  # "buyer" or "supplier" once one of them has asked
    disputed_in = models.CharField(max_length=24, blank=True)  # the state a dispute stopped it in

    goods_amount = MoneyField()
    freight_amount = MoneyField()
    total_amount = MoneyField()
    # What was given up with the rest of a part-accepted order: not owed, and back with the budget lines.
    cancelled_amount = MoneyField(default=0, db_default=0)

    area_code = models.CharField(max_length=6)
    # What the clerk compared with, as it was: [{"offer_id", "product_code", "title", "supplier_name", "price"}].
    compared = models.JSONField(default=list)

    # The last day the supplier promised to deliver by, said when accepting; NULL where none was promised.
    promised_on = models.DateField(null=True)
    # Days to pay from acceptance where both parties agreed on a longer term (Order 802 art. 9); NULL: the law's.
    payment_days = models.PositiveSmallIntegerField(null=True)
    delivery_address = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=40)
    contact_phone = models.CharField(max_length=20)
    note = models.CharField(max_length=300, blank=True)

    submitted_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    goods_accepted_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    # When the state's timed action applies; NULL where time changes nothing. One beat task asks what is due.
    next_due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="order_number_once"),
            # An agreement is for one order; one that was given up leaves it for another.
            models.UniqueConstraint(
                fields=["bargain_id"],
                condition=Q(bargain_id__isnull=False) & ~Q(state__in=_GIVEN_UP),
                name="order_once_of_a_bargain",
            ),
            models.CheckConstraint(
                condition=Q(bargain_id__isnull=True) | Q(mode="bargain"), name="order_bargain_fits_mode"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="order_state_known"),
            models.CheckConstraint(condition=Q(mode__in=[m.value for m in PurchaseMode]), name="order_mode_known"),
            models.CheckConstraint(
                condition=money_check("goods_amount")
                & money_check("freight_amount")
                & money_check("total_amount")
                & Q(total_amount__gt=0),
                name="order_amounts_real",
            ),
            models.CheckConstraint(
                condition=Q(total_amount=F("goods_amount") + F("freight_amount")), name="order_total_adds_up"
            ),
            models.CheckConstraint(
                condition=money_check("cancelled_amount") & Q(cancelled_amount__lt=F("total_amount")),
                name="order_cancelled_is_a_part",
            ),
            # Posts that no local choice may put in one hand on one order (Government Procurement Law art. 61).
            models.CheckConstraint(
                condition=Q(approver_id__isnull=True) | ~Q(approver_id=F("clerk_id")), name="order_approver_not_clerk"
            ),
            models.CheckConstraint(
                condition=Q(payer_id__isnull=True) | Q(acceptor_id__isnull=True) | ~Q(payer_id=F("acceptor_id")),
                name="order_payer_not_acceptor",
            ),
            # A placed order was placed at some moment, by an approver; one that never got there was not.
            models.CheckConstraint(
                condition=Q(state__in=_EARLY, placed_at__isnull=True)
                | (~Q(state__in=_EARLY) & Q(placed_at__isnull=False, approver_id__isnull=False)),
                name="order_placed_at_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_UNANSWERED, accepted_at__isnull=True)
                | (~Q(state__in=_UNANSWERED) & Q(accepted_at__isnull=False)),
                name="order_accepted_at_fits_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "closed"]) | Q(paid_at__isnull=False), name="order_paid_at_fits_state"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="order_closed_at_fits_state",
            ),
            # A refusal owes its reason.
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "declined", "goods_refused"]) | ~Q(state_reason=""),
                name="order_refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(cancel_asked_by__in=["", "buyer", "supplier"]), name="order_cancel_party_known"
            ),
            # No agreement makes a small or medium supplier wait longer than the law allows (Order 802 art. 9).
            models.CheckConstraint(
                condition=Q(payment_days__isnull=True) | Q(payment_days__gte=1, payment_days__lte=60),
                name="order_payment_term_lawful",
            ),
        )
        indexes = (
            models.Index(fields=["unit_id", "-id"], name="order_by_unit"),
            models.Index(fields=["supplier_organisation_id", "-id"], name="order_by_supplier"),
            models.Index(fields=["state", "-id"], name="order_by_state"),
            models.Index(fields=["next_due_at"], name="order_due", condition=Q(next_due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return str(self.number)

    @property
    def payable_amount(self) -> Decimal:
        """What is to be paid: the total without what was given up."""
        return self.total_amount - self.cancelled_amount


class OrderLine(TenantModel):
    """What was ordered: the offer as it was at submission. Prices include tax."""

    # Unique constraints begin with the order: they are its index.
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    offer_id = models.BigIntegerField()
    offer_version = models.PositiveIntegerField()
    product_id = models.BigIntegerField()
    product_version = models.PositiveIntegerField()
    product_code = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    brand = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=60, blank=True)
    spec = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=10)
    category_code = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)  # 0.13: the tax is inside the price
    price = MoneyField()
    reference_price = MoneyField()
    quantity = models.PositiveIntegerField()
    amount = MoneyField()
    freight = MoneyField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order", "position"], name="orderline_position_once"),
            models.UniqueConstraint(fields=["order", "offer_id"], name="orderline_offer_once"),
            models.CheckConstraint(
                condition=money_check("price")
                & money_check("amount")
                & money_check("freight")
                & money_check("reference_price"),
                name="orderline_amounts_real",
            ),
            # numeric takes NaN; a rate between 0 and 1 does not.
            models.CheckConstraint(condition=Q(vat_rate__gte=0, vat_rate__lt=1), name="orderline_vat_is_a_rate"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=999_999), name="orderline_quantity_possible"
            ),
            # Price has two places and quantity is whole, so price x quantity is exact.
            models.CheckConstraint(condition=Q(amount=F("price") * F("quantity")), name="orderline_amount_is_product"),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

    @property
    def counts(self) -> LineQuantities:
        """What became of the line; read it with `select_related("progress")`."""
        try:
            progress = self.progress
        except ObjectDoesNotExist:
            return LineQuantities(ordered=self.quantity)
        return LineQuantities(ordered=progress.ordered, **{name: getattr(progress, name) for name in COUNTS})


class LineProgress(TenantModel):
    """What became of an order line so far: the counts of `quantities.LineQuantities`, written under the order's lock.

    A line that nothing of was shipped has no row. What each shipment and certificate said stands with them.
    """

    order_line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, primary_key=True, related_name="progress")
    ordered = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            # Nobody ships more than is wanted; refused goods may be replaced.
            models.CheckConstraint(
                condition=Q(ordered__gte=F("shipped") - F("refused") + F("cancelled")),
                name="progress_shipped_within_ordered",
            ),
            # Only what was shipped is judged, once.
            models.CheckConstraint(
                condition=Q(shipped__gte=F("accepted") + F("refused")), name="progress_judged_within_shipped"
            ),
            models.CheckConstraint(condition=Q(refused__gte=F("returned")), name="progress_returned_within_refused"),
        )

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.accepted}/{self.ordered}"


class OrderFunding(TenantModel):
    """What one order line takes from one budget line; the lines' fundings add up to the order's total."""

    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="fundings", db_index=False)
    budget_line_id = models.BigIntegerField()
    amount = MoneyField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order_line", "budget_line_id"], name="orderfunding_once"),
            models.CheckConstraint(
                condition=money_check("amount") & Q(amount__gt=0), name="orderfunding_amount_positive"
            ),
        )
        indexes = (models.Index(fields=["budget_line_id"], name="orderfunding_by_budget"),)

    def __str__(self) -> str:
        return f"{self.budget_line_id}: {self.amount}"


class OrderDecision(TenantModel):
    """What one rule said, for ever: also of purchases it refused, which have no order. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="decisions", null=True)
    occasion = models.CharField(max_length=10)
    unit_id = models.BigIntegerField()
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.CharField(max_length=40)
    decided_at = models.DateTimeField()
    # SM3 of what was to be bought (supplier, offers, quantities, funding): ties a refusal to the cart it refused.
    fingerprint = models.CharField(max_length=64)
    rule = models.CharField(max_length=60)
    rule_version = models.PositiveIntegerField()
    allowed = models.BooleanField()
    is_demo = models.BooleanField()
    content = models.JSONField()  # Decision.as_json()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(occasion__in=[o.value for o in Occasion]), name="orderdecision_occasion_known"
            ),
            # The last approval is of an order that exists.
            models.CheckConstraint(
                condition=Q(occasion="submit") | Q(order__isnull=False), name="orderdecision_approval_has_order"
            ),
        )
        indexes = (models.Index(fields=["unit_id", "-decided_at"], name="orderdecision_by_unit"),)

    def __str__(self) -> str:
        return f"{self.rule} v{self.rule_version}: {self.allowed}"


class Shipment(TenantModel):
    """The supplier's dispatch note. Append-only: goods sent again are another row."""

    # [{"line": position, "quantity": pieces}]: what is in it.
    lines = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments", db_index=False)
    carrier = models.CharField(max_length=60)
    waybill = models.CharField(max_length=60)
    expected_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    shipped_by_id = models.BigIntegerField()
    shipped_by_name = models.CharField(max_length=40)
    shipped_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["order", "id"], name="shipment_by_order"),)

    def __str__(self) -> str:
        return f"{self.carrier} {self.waybill}"


class AcceptanceCertificate(TenantModel):
    """The acceptor's signed finding on every technical, service and safety standard. Append-only.

    Source: Government Procurement Law art. 41; Implementing Regulation art. 45.
    """

    CONCLUSIONS = ("accepted", "partly_accepted", "refused")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="certificates", db_index=False)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="certificates")
    conclusion = models.CharField(max_length=16)
    technical_met = models.BooleanField()
    service_met = models.BooleanField()
    safety_met = models.BooleanField()
    # [{"line": position, "accepted": pieces, "refused": pieces, "reason": text}]: what was found, line by line.
    quantities = models.JSONField(default=list)
    remark = models.CharField(max_length=300, blank=True)
    acceptor_id = models.BigIntegerField()
    acceptor_name = models.CharField(max_length=40)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(conclusion__in=["accepted", "partly_accepted", "refused"]),
                name="certificate_conclusion_known",
            ),
            # Goods that fall short of a standard are not accepted whole.
            models.CheckConstraint(
                condition=~Q(conclusion="accepted") | Q(technical_met=True, service_met=True, safety_met=True),
                name="certificate_accepted_meets_all",
            ),
            models.CheckConstraint(
                condition=~Q(conclusion="refused") | ~Q(remark=""), name="certificate_refusal_has_reason"
            ),
        )
        indexes = (models.Index(fields=["order", "id"], name="certificate_by_order"),)

    def __str__(self) -> str:
        return f"{self.order_id} {self.conclusion}"
