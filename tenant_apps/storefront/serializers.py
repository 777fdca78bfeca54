"""Inputs that pages and API share, and what the API shows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.inputs import AmountField, CodeField, KeyField, QuantityField, StrictSerializer, TextField, WholeField
from shared_apps.listings.outputs import PaidPriceOutput
from shared_apps.products.read_models import SearchQuery
from shared_apps.products.rules import PRICE_BANDS, QUERY_LENGTH_MAX, Label
from shared_apps.products.search_sql import SORTS
from shared_apps.products.searching import SIZE_MAX
from shared_apps.products.selectors import COMPARED_MAX

MANY_MAX = 20


class SearchInput(StrictSerializer):
    """The query string of a search."""

    q = TextField(max_length=QUERY_LENGTH_MAX, required=False, allow_blank=True, default="")
    category = CodeField(max_length=10, required=False, allow_blank=True, default="")
    brand = serializers.ListField(child=TextField(max_length=40), required=False, default=list, max_length=MANY_MAX)
    supplier = KeyField(required=False, default=None)
    price = serializers.ChoiceField(choices=list(PRICE_BANDS), required=False, default="")
    label = serializers.ListField(  # type: ignore[assignment]  # fields leave the class body
        child=serializers.ChoiceField(choices=[label.value for label in Label]),
        required=False,
        default=list,
        max_length=3,
    )
    area = CodeField(max_length=6, required=False, allow_blank=True, default="")
    sort = serializers.ChoiceField(choices=list(SORTS), required=False, default="relevance")
    after = TextField(max_length=60, required=False, allow_blank=True, default="")
    size = WholeField(min_value=1, max_value=SIZE_MAX, required=False, default=24)


def search_query(given: dict[str, Any]) -> SearchQuery:
    """The library's query from validated input."""
    return SearchQuery(
        text=given["q"],
        category=given["category"],
        brands=tuple(given["brand"]),
        supplier_id=given["supplier"],
        price_band=given["price"],
        labels=tuple(given["label"]),
        area=given["area"],
        sort=given["sort"],
        after=given["after"],
        size=given["size"],
    )


class ComparisonInput(StrictSerializer):
    """The products to put side by side."""

    code = serializers.ListField(child=CodeField(max_length=20), required=False, default=list, max_length=COMPARED_MAX)


class AddInput(StrictSerializer):
    """An offer for the cart."""

    unit_id = KeyField()
    offer_id = KeyField()
    quantity = QuantityField()


class LineInput(StrictSerializer):
    """Which line of which cart."""

    unit_id = KeyField()
    offer_id = KeyField()


class UnitInput(StrictSerializer):
    """The unit to shop for, and the product page to come back to."""

    unit_id = KeyField()
    product_code = CodeField(max_length=20, required=False, default="")


class FavouriteInput(StrictSerializer):
    product_code = CodeField(max_length=20)


class FavouriteQuery(StrictSerializer):
    """Part of the title, or the whole code."""

    q = TextField(max_length=60, required=False, allow_blank=True, default="")


class HandOverCartInput(StrictSerializer):
    """`seen` is the cart's fingerprint as the clerk saw it; without it whatever is there goes over."""

    unit_id = KeyField()
    to_user_id = KeyField()
    seen = CodeField(max_length=64, required=False, allow_blank=True, default="")


class CartInput(StrictSerializer):
    """Whose cart to read: the unit last shopped for unless one is named."""

    unit_id = KeyField(required=False, default=None)


class ShelfInput(StrictSerializer):
    """The shelf as chosen; `version` is the one the chooser saw, 0 for none yet."""

    categories = serializers.ListField(child=CodeField(max_length=10), max_length=200, required=False, default=list)
    excluded_supplier_ids = serializers.ListField(child=KeyField(), max_length=1000, required=False, default=list)
    more_areas = serializers.ListField(child=CodeField(max_length=6), max_length=200, required=False, default=list)
    version = WholeField(min_value=0, max_value=2_000_000_000, required=False, default=None)


class AreaChoiceInput(StrictSerializer):
    """The division of the address a cart is for."""

    unit_id = KeyField()
    area_code = CodeField(max_length=6)


class AreaInput(AreaChoiceInput):
    """The same from a page: and the product page to come back to."""

    product_code = CodeField(max_length=20, required=False, default="")


class PlaceQuery(StrictSerializer):
    """The division to see prices and freight for; the cart's, or the mall's own, unless one is named."""

    area = CodeField(max_length=6, required=False, default="")


class SwitchInput(StrictSerializer):
    """The policy of local approval turned on or off; `version` is the one seen, 0 while nobody has switched it."""

    is_on = serializers.BooleanField()
    reason = TextField(max_length=300)
    version = WholeField(min_value=0, max_value=2_000_000_000)


class DecideInput(StrictSerializer):
    """A supplier approved for this mall, or not any more."""

    supplier_id = KeyField()
    is_approved = serializers.BooleanField()
    reason = TextField(max_length=300)
    version = WholeField(min_value=0, max_value=2_000_000_000)


class ApprovalListInput(StrictSerializer):
    """Which suppliers to list: part of the name or the whole credit code, those approved here alone."""

    q = TextField(max_length=60, required=False, allow_blank=True, default="")
    approved = serializers.BooleanField(required=False, default=False)
    after = KeyField(required=False, default=0)


# -- outputs --------------------------------------------------------------------------------------------------------
class OfferSerializer(serializers.Serializer[Any]):
    """One supplier's offer in this mall's delivery area."""

    offer_id = serializers.IntegerField()
    version = serializers.IntegerField()
    product_code = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    price = AmountField()
    reference_price = AmountField()
    freight = AmountField(allow_zero=True)
    vat_rate = serializers.DecimalField(max_digits=4, decimal_places=2)
    min_quantity = serializers.IntegerField()
    pack_quantity = serializers.IntegerField()
    least_orderable = serializers.IntegerField()
    delivery_days = serializers.IntegerField()
    stock_note = serializers.CharField()
    supplier_id = serializers.IntegerField()
    supplier_code = serializers.CharField()
    supplier_name = serializers.CharField()
    supplier_is_sme = serializers.BooleanField()
    available = serializers.BooleanField()


class ProductItemSerializer(serializers.Serializer[Any]):
    """One product of a search."""

    code = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    model = serializers.CharField()
    unit = serializers.CharField()
    category_code = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    sales = serializers.IntegerField()
    price = AmountField(help_text="The lowest price of the offers shown, in this mall's area.")
    offers = serializers.IntegerField()
    picture_url = serializers.CharField()
    is_demo = serializers.BooleanField()


class FacetChoiceSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # fields leave the class body
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class FacetsSerializer(serializers.Serializer[Any]):
    categories = FacetChoiceSerializer(many=True)
    brands = FacetChoiceSerializer(many=True)
    suppliers = FacetChoiceSerializer(many=True)
    price_bands = FacetChoiceSerializer(many=True)
    labels = FacetChoiceSerializer(many=True)
    areas = FacetChoiceSerializer(many=True, help_text="Where the mall has several delivery areas; labels are codes.")


class SuggestionSerializer(serializers.Serializer[Any]):
    """Another text to search for."""

    text = serializers.CharField()
    hits = serializers.IntegerField(help_text="Counted up to 100.")


class SearchPageSerializer(serializers.Serializer[Any]):
    """A page of a search; pass `next_cursor` as `after` for the next one."""

    total = serializers.IntegerField()
    total_is_about = serializers.BooleanField(help_text="True: very many products hold the text; an estimate.")
    facets_are_about = serializers.BooleanField()
    next_cursor = serializers.CharField(allow_blank=True)
    items = ProductItemSerializer(many=True)
    suggestions = SuggestionSerializer(many=True)
    shown_for = serializers.CharField(allow_blank=True)
    facets = FacetsSerializer()


class AttributeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()


class ProductSerializer(serializers.Serializer[Any]):
    """One product with the offers this mall shows, cheapest first."""

    code = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    model = serializers.CharField()
    spec = serializers.CharField(allow_blank=True)
    unit = serializers.CharField()
    category_code = serializers.CharField()
    category_name = serializers.CharField()
    item_code = serializers.CharField()
    item_name = serializers.CharField()
    kind = serializers.CharField()
    vat_rate = serializers.DecimalField(max_digits=4, decimal_places=2)
    labels = serializers.ListField(child=serializers.CharField())
    certificate_number = serializers.CharField(allow_blank=True)
    picture_url = serializers.CharField(allow_blank=True)
    is_demo = serializers.BooleanField()
    version = serializers.IntegerField()
    attributes = AttributeSerializer(many=True)
    offers = OfferSerializer(many=True)


class PricedProductSerializer(ProductSerializer):
    """A product with what malls paid for it; null below the number of orders that would say what one mall paid."""

    paid = PaidPriceOutput(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        page, paid = instance
        shown = ProductSerializer().to_representation(page)
        return {**shown, "paid": PaidPriceOutput(paid).data if paid else None}


class CartLineSerializer(serializers.Serializer[Any]):
    offer_id = serializers.IntegerField()
    quantity = serializers.IntegerField()
    seen_price = AmountField(help_text="The price when the line was last touched.")
    price_changed = serializers.BooleanField()
    orderable = serializers.BooleanField()
    amount = AmountField(allow_zero=True)
    offer = OfferSerializer(allow_null=True)


class SupplierCartSerializer(serializers.Serializer[Any]):
    """The lines of one supplier: one order to be."""

    supplier_id = serializers.IntegerField()
    supplier_code = serializers.CharField(allow_blank=True)
    supplier_name = serializers.CharField(allow_blank=True)
    can_check_out = serializers.BooleanField()
    goods_amount = AmountField(allow_zero=True)
    freight_amount = AmountField(allow_zero=True)
    total_amount = AmountField(allow_zero=True)
    lines = CartLineSerializer(many=True)


class CartSerializer(serializers.Serializer[Any]):
    """A clerk's cart for one budget unit."""

    unit_id = serializers.IntegerField()
    area_code = serializers.CharField(help_text="The division it is delivered to; prices and freight are those there.")
    line_count = serializers.IntegerField()
    total_amount = AmountField(allow_zero=True)
    suppliers = SupplierCartSerializer(many=True)
    fingerprint = serializers.CharField(help_text="What `seen` is compared with when the cart is handed over.")


class FavouriteSerializer(serializers.Serializer[Any]):
    """`is_shown` false: the mall does not show the product now."""

    product_code = serializers.CharField(source="code")
    title = serializers.CharField()
    added_at = serializers.DateTimeField()
    is_shown = serializers.SerializerMethodField()

    def get_is_shown(self, view: Any) -> bool:
        return view.page is not None


class FavouriteListSerializer(serializers.Serializer[Any]):
    favourites = FavouriteSerializer(many=True)


class ShelfSerializer(serializers.Serializer[Any]):
    """The shelf as the bureau chose it."""

    categories = serializers.ListField(child=serializers.CharField())
    excluded_supplier_ids = serializers.ListField(child=serializers.IntegerField())
    more_areas = serializers.ListField(child=serializers.CharField())
    chosen_at = serializers.DateTimeField()
    chosen_by_name = serializers.CharField()
    version = serializers.IntegerField()


class ApprovalPolicySerializer(serializers.Serializer[Any]):
    """`counts`: switched on here and allowed by the region."""

    is_on = serializers.BooleanField()
    allowed = serializers.BooleanField()
    counts = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    changed_at = serializers.DateTimeField(allow_null=True)
    changed_by_name = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class SupplierDecisionSerializer(serializers.Serializer[Any]):
    """What this level decided about a supplier; no `decided_at`: nobody has yet."""

    supplier_id = serializers.IntegerField(source="supplier.id")
    supplier_code = serializers.CharField(source="supplier.uscc")
    supplier_name = serializers.CharField(source="supplier.name")
    is_approved = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by_name = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class ApprovalListSerializer(serializers.Serializer[Any]):
    """The policy and a page of suppliers; pass `next_after` as `after` for the next one."""

    policy = ApprovalPolicySerializer()
    decisions = SupplierDecisionSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)
