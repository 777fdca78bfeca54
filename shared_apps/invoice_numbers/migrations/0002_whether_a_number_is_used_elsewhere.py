"""Whether another mall counts on an invoice's number, for malls: yes or no, never which mall, order or invoice.

With the owner's rights, because the rows are the region's alone. NULL while not all numbers of the asking mall are
known here yet: then nobody can say no.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION invoice_numbers_elsewhere(marks text[], mall text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT CASE
        WHEN cardinality(marks) > 200 THEN NULL
        WHEN EXISTS (SELECT 1 FROM public.invoice_numbers_numberuse u
                      WHERE u.fingerprint = ANY (marks) AND u.tenant_code <> mall AND u.counts) THEN true
        WHEN EXISTS (SELECT 1 FROM unnest(marks) AS m(mark)
                      WHERE NOT EXISTS (SELECT 1 FROM public.invoice_numbers_numberuse u
                                         WHERE u.fingerprint = m.mark AND u.tenant_code = mall AND u.counts)) THEN NULL
        ELSE false
    END
$$;

REVOKE ALL ON FUNCTION invoice_numbers_elsewhere(text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invoice_numbers_elsewhere(text[], text) TO yz_mall;
"""

DROP = "DROP FUNCTION invoice_numbers_elsewhere(text[], text);"


class Migration(migrations.Migration):
    dependencies = [("invoice_numbers", "0001_numbers_of_all_malls")]
    operations = [migrations.RunSQL(CREATE, DROP)]
