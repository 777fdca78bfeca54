"""The rows there were are held to the constraints of the migration before."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0003_orders_sent_back")]

    operations = [
        ValidateConstraint(model_name="order", name="order_state_known"),
        ValidateConstraint(model_name="order", name="order_placed_at_fits_state"),
        ValidateConstraint(model_name="order", name="order_accepted_at_fits_state"),
    ]
