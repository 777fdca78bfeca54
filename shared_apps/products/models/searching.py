"""What search reads: the offers on sale, and the words people may have meant. Kept by `refreshing`, never edited."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F

from kernel.fields import MoneyField


class OnSale(models.Model):
    """One listed offer at one price: narrow rows that search walks in order and counts facets in.

    An offer with a surcharge for some divisions has a row for each price and level of division. In a delivery area
    with the ladder L (nearest first) exactly the rows with `places && L AND NOT narrower && L` hold: `narrower` are
    the offer's divisions of lower levels, which win where they are meant. Days are compared when read, and so is the
    supplier's standing: neither needs a refresh.
    """

    pk = models.CompositePrimaryKey("product_id", "offer_id", "level", "price")
    product_id = models.BigIntegerField()
    offer_id = models.BigIntegerField()
    # 0 the region, 1 another province's code, 2 prefectures, 3 counties.
    level = models.PositiveSmallIntegerField()
    # Tax and surcharge included.
    price = MoneyField()
    places = ArrayField(models.IntegerField())
    narrower = ArrayField(models.IntegerField())
    supplier_id = models.BigIntegerField()
    category_id = models.CharField(max_length=10)
    sales = models.PositiveBigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(F("sales").desc(), F("product_id").desc(), name="on_sale_sales"),
            models.Index(fields=["price", "product_id"], name="on_sale_price"),
            models.Index(F("category_id"), F("sales").desc(), F("product_id").desc(), name="on_sale_category"),
            models.Index(fields=["supplier_id"], name="on_sale_supplier"),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.price}"


class SearchWord(models.Model):
    """A word of the library (name, brand, category or its other words), by how it is spoken and written."""

    word = models.CharField(max_length=80, primary_key=True)
    # Toneless syllables, one for each character, separated by blanks; the reading is the whole phrase's.
    pinyin = models.CharField(max_length=400)
    initials = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.word
