
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0002_announcements_of_the_designated_medium'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupplementOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.BigIntegerField(unique=True)),
                ('order_number', models.CharField(max_length=22)),
                ('named_by_id', models.BigIntegerField()),
                ('named_by_name', models.CharField(max_length=40)),
                ('named_at', models.DateTimeField()),
                ('contract_version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ordered', to='contracts.contractversion')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
