"""The gate of a suspended or archived mall: its login may not add to its journal, and so changes no state.

The function brings the right in line with the registry's row, and can do nothing else. The lock waits for the writes
under way and lets no new one in before the right is gone.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION registry_align_journal(place text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    shut boolean;
BEGIN
    SELECT t.state IN ('suspended', 'archived') INTO shut FROM public.registry_tenant AS t WHERE t.schema_name = place;
    IF shut IS NULL OR to_regclass(format('%I.journal_journalentry', place)) IS NULL THEN
        RETURN;
    END IF;
    IF shut THEN
        EXECUTE format('LOCK TABLE %I.journal_journalentry IN SHARE MODE', place);
        EXECUTE format('REVOKE INSERT ON %I.journal_journalentry FROM %I', place, place);
    ELSE
        EXECUTE format('GRANT INSERT ON %I.journal_journalentry TO %I', place, place);
    END IF;
END $$;

REVOKE ALL ON FUNCTION registry_align_journal(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_align_journal(text) TO yz_region;
"""

DROP = "DROP FUNCTION registry_align_journal(text);"


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_reason_of_a_shut_mall")]
    operations = [migrations.RunSQL(CREATE, DROP)]
