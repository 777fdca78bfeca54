import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnLetter',
            fields=[
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='own_letter', serialize=False, to='messaging.delivery')),
                ('kind', models.CharField(max_length=40)),
                ('address', models.CharField(max_length=254)),
                ('sealed', models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_of_one_thing',
        ),
        AddConstraintNotValid(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("message__isnull", True), ("verification__isnull", True), _connector="OR"),
                name="delivery_of_one_thing_at_most",
            ),
        ),
    ]
