"""The orders there were are held to the constraint of the migration before."""

from __future__ import annotations

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0008_agreed_payment_terms")]

    operations = [ValidateConstraint(model_name="order", name="order_payment_term_lawful")]
