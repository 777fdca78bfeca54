"""Bargains of one tenant: who bargains with whom about what, and every price that was said."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, LPad, Mod

from kernel.fields import MoneyField, money_check
from tenant_apps.bargains.rules import COUNTERS_MAX, RUNNING, BargainState, Side
from tenants.database.models import TenantModel

_STATES = sorted(state.value for state in BargainState)
_RUNNING = sorted(state.value for state in RUNNING)
_SIDES = sorted(side.value for side in Side)


class Bargain(TenantModel):
    """A unit bargains with a supplier about goods that left its clerk's cart. `version` counts the steps."""

    number_stem = models.CharField(max_length=16)
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
    area_code = models.CharField(max_length=6)
    supplier_id = models.BigIntegerField()
    supplier_code = models.CharField(max_length=18)
    supplier_name = models.CharField(max_length=120)
    supplier_organisation_id = models.BigIntegerField()
    clerk_id = models.BigIntegerField()
    clerk_name = models.CharField(max_length=40)

    state = models.CharField(max_length=10)
    counters = models.PositiveSmallIntegerField(default=0)
    # Of the goods, without freight: listed when it began, asked last, and what the supplier stands at.
    listed_amount = MoneyField()
    asked_amount = MoneyField()
    offered_amount = MoneyField()

    proposed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # When the answer is due; NULL once it is over.
    next_due_at = models.DateTimeField(null=True)
    # Until when an order may be made of an agreement.
    good_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="bargain_number_once"),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="bargain_state_known"),
            models.CheckConstraint(condition=Q(counters__lte=COUNTERS_MAX), name="bargain_counters_few"),
            models.CheckConstraint(
                condition=money_check("listed_amount") & money_check("asked_amount") & money_check("offered_amount"),
                name="bargain_amounts_real",
            ),
            # Only downwards: nobody ends above where it began.
            models.CheckConstraint(
                condition=Q(asked_amount__lte=F("offered_amount"), offered_amount__lte=F("listed_amount")),
                name="bargain_amounts_downwards",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_RUNNING, next_due_at__isnull=False)
                | (~Q(state__in=_RUNNING) & Q(next_due_at__isnull=True)),
                name="bargain_due_while_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", good_until__isnull=False, asked_amount=F("offered_amount"))
                | (~Q(state="accepted") & Q(good_until__isnull=True)),
                name="bargain_agreed_is_one_price",
            ),
            # A unit bargains once at a time with a supplier.
            models.UniqueConstraint(
                fields=["unit_id", "supplier_id"], condition=Q(state__in=_RUNNING), name="bargain_one_running"
            ),
        )
        indexes = (
            models.Index(fields=["unit_id", "-id"], name="bargain_by_unit"),
            models.Index(fields=["supplier_organisation_id", "-id"], name="bargain_by_supplier"),
            models.Index(fields=["next_due_at"], name="bargain_due", condition=Q(next_due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return str(self.number)


class BargainLine(TenantModel):
    """One offer with the three prices of a piece, tax and surcharge included."""

    bargain = models.ForeignKey(Bargain, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField()
    offer_id = models.BigIntegerField()
    product_code = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    unit = models.CharField(max_length=10)
    quantity = models.PositiveIntegerField()
    listed = MoneyField()
    asked = MoneyField()
    offered = MoneyField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["bargain", "position"], name="bargainline_position_once"),
            models.UniqueConstraint(fields=["bargain", "offer_id"], name="bargainline_offer_once"),
            models.CheckConstraint(
                condition=money_check("listed") & money_check("asked") & money_check("offered"),
                name="bargainline_prices_real",
            ),
            models.CheckConstraint(
                condition=Q(asked__gt=0, asked__lte=F("offered"), offered__lte=F("listed")),
                name="bargainline_prices_downwards",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=999_999), name="bargainline_quantity_possible"
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class BargainMove(TenantModel):
    """What one side said, with the prices of that moment. Append-only."""

    bargain = models.ForeignKey(Bargain, on_delete=models.PROTECT, related_name="moves", db_index=False)
    action = models.CharField(max_length=16)
    side = models.CharField(max_length=8)
    # [{"offer_id": 7, "price": "18.50"}]; empty where no price was said.
    prices = models.JSONField(default=list)
    amount = MoneyField()
    note = models.CharField(max_length=300, blank=True)
    moved_by_id = models.BigIntegerField(null=True)
    moved_by_name = models.CharField(max_length=40, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(side__in=_SIDES), name="bargainmove_side_known"),
            models.CheckConstraint(condition=money_check("amount"), name="bargainmove_amount_real"),
            models.CheckConstraint(condition=~Q(action="decline") | ~Q(note=""), name="bargainmove_decline_has_reason"),
        )
        indexes = (models.Index(fields=["bargain", "id"], name="bargainmove_by_bargain"),)

    def __str__(self) -> str:
        return f"{self.bargain_id} {self.action}"
