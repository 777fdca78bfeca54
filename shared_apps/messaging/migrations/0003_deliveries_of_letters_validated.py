from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0002_letters_of_their_own")]

    operations = [ValidateConstraint(model_name="delivery", name="delivery_of_one_thing_at_most")]
