"""What 0014 added is looked at: nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("products", "0014_offers_in_packs")]
    operations = [ValidateConstraint(model_name="offer", name="offer_pack_quantity")]
