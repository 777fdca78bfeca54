"""An order may be sent back to its clerk: the state is known, and is one before placing."""

from __future__ import annotations

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

STATES = ["accepted", "cancelled", "closed", "contracted", "declined", "disputed", "draft", "expired", "goods_accepted", "goods_refused", "invoiced", "paid", "partly_accepted", "paying", "payment_failed", "pending_approval", "placed", "rejected", "returned", "sent_back", "shipped", "terminated", "withdrawn"]
EARLY = ["draft", "pending_approval", "rejected", "sent_back", "withdrawn"]
UNANSWERED = ["declined", "draft", "expired", "pending_approval", "placed", "rejected", "sent_back", "withdrawn"]


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_indexes_that_another_begins_with")]

    operations = [
        migrations.RemoveConstraint("order", "order_state_known"),
        migrations.RemoveConstraint("order", "order_placed_at_fits_state"),
        migrations.RemoveConstraint("order", "order_accepted_at_fits_state"),
        AddConstraintNotValid(
            "order", models.CheckConstraint(condition=Q(state__in=STATES), name="order_state_known")
        ),
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(
                condition=Q(state__in=EARLY, placed_at__isnull=True)
                | (~Q(state__in=EARLY) & Q(placed_at__isnull=False, approver_id__isnull=False)),
                name="order_placed_at_fits_state",
            ),
        ),
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(
                condition=Q(state__in=UNANSWERED, accepted_at__isnull=True)
                | (~Q(state__in=UNANSWERED) & Q(accepted_at__isnull=False)),
                name="order_accepted_at_fits_state",
            ),
        ),
    ]
