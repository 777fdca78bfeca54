"""Rules whose figures are the platform's proposal say so."""

from django.db import migrations, models

BASES = [("statute", "statute"), ("document", "document"), ("platform", "platform"), ("proposal", "proposal")]


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="ruleversion", name="basis", field=models.CharField(choices=BASES, max_length=12)
        ),
    ]
