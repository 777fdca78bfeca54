"""What suppliers were told of offers that end soon, and the figure that says how early. The table of figures is small."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('listings', '0002_reviews_freezes_appeals_and_patrols'),
    ]

    operations = [
        migrations.CreateModel(
            name='EndingNotice',
            fields=[
                ('supplier_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('offers', models.PositiveIntegerField(default=0)),
                ('first_on', models.DateField(null=True)),
                ('told_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='parametervalue',
            name='parameter_known',
        ),
        migrations.AlterField(
            model_name='parametervalue',
            name='name',
            field=models.CharField(choices=[('above_paid_percent', 'above_paid_percent'), ('above_offers_percent', 'above_offers_percent'), ('offers_compared_min', 'offers_compared_min'), ('raised_before_discount_days', 'raised_before_discount_days'), ('review_working_days', 'review_working_days'), ('reference_days', 'reference_days'), ('reference_orders_min', 'reference_orders_min'), ('ending_warning_days', 'ending_warning_days')], max_length=32),
        ),
        migrations.AddConstraint(
            model_name='parametervalue',
            constraint=models.CheckConstraint(condition=models.Q(('name__in', ['above_paid_percent', 'above_offers_percent', 'offers_compared_min', 'raised_before_discount_days', 'review_working_days', 'reference_days', 'reference_orders_min', 'ending_warning_days'])), name='parameter_known'),
        ),
        migrations.AddConstraint(
            model_name='endingnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_on__isnull', True), ('offers', 0)), models.Q(('first_on__isnull', False), ('offers__gt', 0)), _connector='OR'), name='ending_notice_names_the_first_day'),
        ),
    ]
