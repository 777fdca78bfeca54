"""The rows on sale of the offers that are there, and the marks by which broad searches take a sample."""

from django.db import migrations

ON_SALE = """
WITH area AS (
    SELECT a.offer_id, a.division_code::integer AS place, a.surcharge,
           CASE WHEN a.division_code = '650000' THEN 0 WHEN a.division_code LIKE '%0000' THEN 1
                WHEN a.division_code LIKE '%00' THEN 2 ELSE 3 END AS level
      FROM products_offerarea a
), priced AS (
    SELECT offer_id, level, surcharge, array_agg(place ORDER BY place) AS places FROM area GROUP BY 1, 2, 3
)
INSERT INTO products_onsale (product_id, offer_id, level, price, places, narrower, supplier_id, category_id, sales,
                             valid_from, valid_to)
SELECT p.id, o.id, a.level, o.price + a.surcharge, a.places,
       ARRAY(SELECT n.division_code::integer FROM products_offerarea n
              WHERE n.offer_id = o.id
                AND CASE WHEN n.division_code = '650000' THEN 0 WHEN n.division_code LIKE '%0000' THEN 1
                         WHEN n.division_code LIKE '%00' THEN 2 ELSE 3 END > a.level
              ORDER BY 1),
       o.supplier_id, p.category_id, p.sales, o.valid_from, o.valid_to
  FROM products_offer o
  JOIN products_product p ON p.id = o.product_id
  JOIN priced a ON a.offer_id = o.id
 WHERE o.state = 'listed' AND p.state = 'listed'
    ON CONFLICT DO NOTHING
"""
# `rules.texts.sample_marks`, in SQL.
MARKS = """
UPDATE products_product
   SET tokens = strip(tokens || array_to_tsvector(ARRAY['~' || left(md5(haystack), 1), '~' || left(md5(haystack), 2),
                                                        '~' || left(md5(haystack), 3)]))
 WHERE NOT tokens @@ ('''~' || left(md5(haystack), 3) || '''')::tsquery
"""

# Tokens are read by their index only: kept beside the row, so that what search reads of a product is half as wide.
BESIDE = """
ALTER TABLE products_product ALTER COLUMN tokens SET STORAGE EXTERNAL;
ALTER TABLE products_product SET (toast_tuple_target = 700)
"""
WITHIN = """
ALTER TABLE products_product RESET (toast_tuple_target);
ALTER TABLE products_product ALTER COLUMN tokens SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("products", "0005_what_is_on_sale")]

    operations = [
        migrations.RunSQL(BESIDE, WITHIN),
        migrations.RunSQL(ON_SALE, migrations.RunSQL.noop),
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
