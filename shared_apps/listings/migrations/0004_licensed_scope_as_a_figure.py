"""Whether offers outside of the licensed scope are looked at is a figure too. The table of figures is small."""

from django.db import migrations, models

NAMES = (
    "above_paid_percent",
    "above_offers_percent",
    "offers_compared_min",
    "raised_before_discount_days",
    "review_working_days",
    "reference_days",
    "reference_orders_min",
    "ending_warning_days",
    "licensed_scope",
)


class Migration(migrations.Migration):
    dependencies = [("listings", "0003_offers_that_end_soon")]
    operations = [
        migrations.RemoveConstraint(model_name="parametervalue", name="parameter_known"),
        migrations.AlterField(
            model_name="parametervalue",
            name="name",
            field=models.CharField(choices=[(name, name) for name in NAMES], max_length=32),
        ),
        migrations.AddConstraint(
            model_name="parametervalue",
            constraint=models.CheckConstraint(condition=models.Q(("name__in", list(NAMES))), name="parameter_known"),
        ),
    ]
