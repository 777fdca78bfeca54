"""The key by thread takes the place of the one by tenant."""

from django.db import migrations, models

SWAP = """
ALTER TABLE inbox_inboxitem
    ADD CONSTRAINT inbox_item_once_a_thread UNIQUE USING INDEX inbox_item_once_a_thread;
ALTER TABLE inbox_inboxitem DROP CONSTRAINT inbox_item_once;
"""
BACK = """
ALTER TABLE inbox_inboxitem
    ADD CONSTRAINT inbox_item_once UNIQUE (room, epoch, journal_id, tenant_code);
ALTER TABLE inbox_inboxitem DROP CONSTRAINT inbox_item_once_a_thread;
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0004_key_of_an_entrys_threads")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SWAP, BACK)],
            state_operations=[
                migrations.RemoveConstraint(model_name="inboxitem", name="inbox_item_once"),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.UniqueConstraint(
                        fields=("room", "epoch", "journal_id", "tenant_code", "object_type"),
                        name="inbox_item_once_a_thread",
                    ),
                ),
            ],
        ),
    ]
