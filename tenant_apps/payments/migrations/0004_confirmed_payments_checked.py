"""The rows there were are held to the constraints of the migration before."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0003_confirmed_payments_watched")]

    operations = [
        ValidateConstraint(model_name="paymentinstruction", name="payment_open_is_due"),
    ]
