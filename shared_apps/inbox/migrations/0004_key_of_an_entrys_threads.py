"""One journal row may move several threads of a tenant, each once: the index of that. Nobody waits for it."""

from django.db import migrations

CREATE = (
    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS inbox_item_once_a_thread"
    " ON inbox_inboxitem (room, epoch, journal_id, tenant_code, object_type)"
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inbox", "0003_steps_to_warn_of")]
    operations = [
        migrations.RunSQL(CREATE, "DROP INDEX CONCURRENTLY IF EXISTS inbox_item_once_a_thread"),
    ]
