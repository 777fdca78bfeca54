"""Facts of an order that no formula weighs yet: the promised day, the completed delivery, the rating of the buyer."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scores', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderoutcome',
            name='buyer_mark',
            field=models.DecimalField(decimal_places=1, max_digits=2, null=True),
        ),
        migrations.AddField(
            model_name='orderoutcome',
            name='completed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='orderoutcome',
            name='promised_on',
            field=models.DateField(null=True),
        ),
    ]
