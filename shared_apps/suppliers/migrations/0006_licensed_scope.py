"""The categories that a supplier applies for and is admitted for. Nobody is asked again: what is there says nothing of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0005_keys_and_first_confirmation")]
    operations = [
        migrations.AddField(model_name="supplier", name="scope", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="supplierapplication", name="scope", field=models.JSONField(default=list, null=True)
        ),
    ]
