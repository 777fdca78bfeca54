"""A confirmed payment may be asked about for a while: the money can come back."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_longer_terms_by_agreement'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='paymentinstruction',
            name='payment_open_is_due',
        ),
        AddConstraintNotValid(
            model_name='paymentinstruction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_due_at__isnull', False), ('settled_at__isnull', True), ('state__in', ['requested', 'sent'])), models.Q(models.Q(('state__in', ['requested', 'sent', 'refused', 'returned']), _negated=True), ('settled_at__isnull', False)), models.Q(('next_due_at__isnull', True), ('settled_at__isnull', False), ('state__in', ['refused', 'returned'])), _connector='OR'), name='payment_open_is_due'),
        ),
    ]
