"""The products there are get their brand, SPU and keys, and demonstration labels the certificate they rest on.

The keys are written by SQL as `rules.part_key` makes them for the library of this day (tests/integration/
test_products_library.py compares the two); they only have to be the same where it matters: a later change of a product
writes the rule's own. Where several products have one key, the first keeps it and the others get none: a reviewer
merges them.
"""

from django.db import migrations

# Small Cyrillic and Greek letters with a Latin double, signs that stand for "by"; blanks and signs but the plus.
_SIGNS = r"[^0-9a-z+\u00aa-\u1fff\u2070-\u2fff\u3040-\uffff]"


def key(column: str) -> str:
    """The key of a text column, as an expression."""
    text = f"lower(normalize({column}, NFKC))"
    text = f"translate({text}, 'авекмнорстухіјѕԛԝɡοαρνυκτιεχμ×✕✖*', 'abekmhopctyxijsqwgoapvuktiexuxxxx')"
    text = f"regexp_replace({text}, '(?<=[0-9])[,，](?=[0-9]{{3}}(?![0-9]))', '', 'g')"
    text = f"regexp_replace({text}, '(?<=[0-9])\\s*\\.\\s*(?=[0-9])', '\u0001', 'g')"
    text = f"regexp_replace({text}, '(?<=[0-9]){_SIGNS[:2]}\u0001{_SIGNS[2:]}+(?=[0-9])', '\u0002', 'g')"
    text = f"regexp_replace({text}, '{_SIGNS[:2]}\u0001\u0002{_SIGNS[2:]}+', '', 'g')"
    return f"translate({text}, '\u0001\u0002', '.-')"


IDENTITY = "({} || '|' || {} || '|' || {})".format(key("p.brand"), key("p.model"), key("p.spec"))

BRANDS = f"""
INSERT INTO products_brand (name, key, owner, trademark_number, state, version, is_demo, created_at)
SELECT DISTINCT ON ({key("p.brand")}) p.brand, {key("p.brand")}, '', '', 'approved', 1, p.is_demo, p.created_at
  FROM products_product p WHERE {key("p.brand")} <> '' ORDER BY {key("p.brand")}, p.id
"""
SPUS = f"""
INSERT INTO products_spu (brand_id, category_id, item_id, name, model, model_key, unit, state, version, is_demo,
                          created_at)
SELECT DISTINCT ON (b.id, {key("p.model")}) b.id, p.category_id, p.item_id, p.name, p.model, {key("p.model")}, p.unit,
       'approved', 1, p.is_demo, p.created_at
  FROM products_product p JOIN products_brand b ON b.key = {key("p.brand")}
 WHERE {key("p.model")} <> '' ORDER BY b.id, {key("p.model")}, p.id
"""
PRODUCTS = f"""
UPDATE products_product SET spu_id = found.spu_id, identity_key = found.key,
       look_key = translate(found.key, 'oilszb.-+', '011528')
  FROM (
    SELECT p.id, s.id AS spu_id, CASE WHEN row_number() OVER (PARTITION BY {IDENTITY} ORDER BY p.id) = 1
                                      THEN {IDENTITY} END AS key
      FROM products_product p
      JOIN products_brand b ON b.key = {key("p.brand")}
      JOIN products_spu s ON s.brand_id = b.id AND s.model_key = {key("p.model")}
  ) found
 WHERE found.id = products_product.id
"""
# A label of a real product without number and expiry rests on nothing and is taken off by the daily round.
CERTIFICATES = """
INSERT INTO products_productcertificate (product_id, label, number, body, valid_from, expires_on, file_key, state,
                                         version, is_demo, created_at)
SELECT p.id, label.value, coalesce(nullif(p.certificate_number, ''), '演示-' || p.code), '演示认证机构',
       make_date(extract(year FROM p.created_at)::int, 1, 1), make_date(extract(year FROM p.created_at)::int + 3, 12, 31),
       '', 'approved', 1, true, p.created_at
  FROM products_product p, jsonb_array_elements_text(p.labels) AS label (value)
 WHERE p.is_demo AND label.value IN ('energy', 'environment')
"""


class Migration(migrations.Migration):
    dependencies = [("products", "0002_brands_spus_and_reviews")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (BRANDS, SPUS, PRODUCTS, CERTIFICATES)
    ]
