"""A paid price whose money came back does not count any more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listings', '0005_work_that_waits'),
    ]

    operations = [
        migrations.AddField(
            model_name='paidprice',
            name='is_taken_back',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
