"""Whether suppliers of a comparison belong together, for malls: pairs of ids, never the name, address or share.

With the owner's rights, because what ties them is the region's alone; of at most fifty suppliers at a time.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION rulebook_related_suppliers(ids bigint[]) RETURNS TABLE (first_id bigint, second_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT a.id, b.id
      FROM public.suppliers_supplier a JOIN public.suppliers_supplier b ON a.id < b.id
     WHERE cardinality(ids) <= 50 AND a.id = ANY (ids) AND b.id = ANY (ids)
       AND (a.representative_key <> '' AND a.representative_key = b.representative_key
            OR a.address_key <> '' AND a.address_key = b.address_key
            OR a.phone_key <> '' AND a.phone_key = b.phone_key
            OR EXISTS (SELECT 1 FROM public.suppliers_shareholder h
                         JOIN public.suppliers_shareholder k ON k.key = h.key AND k.supplier_id = b.id
                        WHERE h.supplier_id = a.id AND h.key <> '')
            OR EXISTS (SELECT 1 FROM public.suppliers_shareholder h
                        WHERE h.supplier_id = a.id AND h.key = b.representative_key AND h.key <> '')
            OR EXISTS (SELECT 1 FROM public.suppliers_shareholder h
                        WHERE h.supplier_id = b.id AND h.key = a.representative_key AND h.key <> ''))
     ORDER BY 1, 2
$$;

REVOKE ALL ON FUNCTION rulebook_related_suppliers(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rulebook_related_suppliers(bigint[]) TO yz_mall;
"""

DROP = "DROP FUNCTION rulebook_related_suppliers(bigint[]);"


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0002_proposals"), ("suppliers", "0005_keys_and_first_confirmation")]
    operations = [migrations.RunSQL(CREATE, DROP)]
