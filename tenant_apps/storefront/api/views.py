"""API of the storefront, on a tenant's host. The same services and selectors as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.listings.selectors.prices import PriceReferenceView, price_reference
from shared_apps.products import selectors as library
from shared_apps.products.read_models import ProductPage
from tenant_apps.storefront import selectors, services
from tenant_apps.storefront.areas import checked_area
from tenant_apps.storefront.serializers import (
    AddInput,
    AreaChoiceInput,
    CartInput,
    CartSerializer,
    ComparisonInput,
    LineInput,
    PlaceQuery,
    PricedProductSerializer,
    SearchInput,
    SearchPageSerializer,
    ShelfInput,
    ShelfSerializer,
    search_query,
)

CLERK = frozenset({Post.BUYER_CLERK})


def _priced(pages: Sequence[ProductPage]) -> list[tuple[ProductPage, PriceReferenceView | None]]:
    """Each product with its paid-price reference. One statement."""
    paid = price_reference(product_ids=[page.product_id for page in pages])
    return [(page, paid.get(page.product_id)) for page in pages]


@documented(
    summary="Search the products of this mall",
    description=(
        "Every run of `q` is contained in what is found. Facets count under all the other filters. Where nothing holds "
        "`q`, `suggestions` name what may have been meant; letters that are initials or pinyin are searched as the "
        "first of them at once, named in `shown_for`."
    ),
)
class Products(ReadView):
    access = Access("storefront.api_products", public=True)
    query_serializer = SearchInput
    output_serializer = SearchPageSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return library.find(query=search_query(self.query(request)), shelf=selectors.shelf_view())


@documented(summary="One product with its offers")
class Product(ReadView):
    access = Access("storefront.api_product", public=True)
    query_serializer = PlaceQuery
    output_serializer = PricedProductSerializer

    def read(self, request: Request, **path: Any) -> Any:
        shelf = selectors.shelf_view()
        area = checked_area(area=self.query(request)["area"], served=shelf.areas)
        [priced] = _priced([library.product_page(code=path["code"], shelf=replace(shelf, area=area))])
        return priced


@documented(summary="Up to four products side by side")
class Comparison(ReadView):
    access = Access("storefront.api_comparison", public=True)
    query_serializer = ComparisonInput
    output_serializer = PricedProductSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        codes = list(dict.fromkeys(self.query(request)["code"]))
        return _priced(library.product_pages(codes=codes, shelf=selectors.shelf_view()))


@documented(summary="The clerk's cart, by supplier, with the offers as they are now")
class Cart(ReadView):
    access = Access("storefront.api_cart", posts=CLERK)
    query_serializer = CartInput
    output_serializer = CartSerializer

    def read(self, request: Request, **path: Any) -> Any:
        actor = actor_of(request)
        unit_id = selectors.unit_in_use(actor=actor, asked=self.query(request)["unit_id"])
        if unit_id is None:
            raise NotFound
        return selectors.cart_for(actor=actor, unit_id=unit_id)


class _CartWrite(WriteView):
    """Changes the cart and answers with the whole of it."""

    output_serializer = CartSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        self.change(actor=actor, now=utc_now(), **data)
        return selectors.cart_for(actor=actor, unit_id=data["unit_id"])

    def change(self, **given: Any) -> None:
        raise NotImplementedError


@documented(
    summary="Put an offer into the cart", description="An offer already there gains the quantity.", problems=(409,)
)
class AddToCart(_CartWrite):
    access = Access("storefront.api_cart_add", posts=CLERK)
    input_serializer = AddInput

    def change(self, **given: Any) -> None:
        services.add_to_cart(**given)


@documented(summary="Change the quantity of a line", problems=(409,))
class SetQuantity(_CartWrite):
    access = Access("storefront.api_cart_set_quantity", posts=CLERK)
    input_serializer = AddInput

    def change(self, **given: Any) -> None:
        services.set_quantity(**given)


@documented(summary="Take a line out of the cart")
class RemoveLine(_CartWrite):
    access = Access("storefront.api_cart_remove", posts=CLERK)
    input_serializer = LineInput

    def change(self, **given: Any) -> None:
        services.remove_line(**given)


@documented(summary="The division of the address the cart is for", problems=(409,))
class DeliverTo(WriteView):
    access = Access("storefront.api_cart_area", posts=CLERK)
    input_serializer = AreaChoiceInput
    output_serializer = CartSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        services.deliver_to(actor=actor, now=utc_now(), **data)
        return selectors.cart_for(actor=actor, unit_id=data["unit_id"])


@documented(summary="The shelf of this mall", description="POST chooses it anew; the whole choice is sent.")
class Shelf(ReadView, WriteView):
    access = Access("storefront.api_shelf", posts=services.SHELF_POSTS)
    input_serializer = ShelfInput
    output_serializer = ShelfSerializer

    def read(self, request: Request, **path: Any) -> Any:
        choice = selectors.shelf_choice()
        if choice is None:
            raise NotFound
        return choice

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.choose_shelf(actor=actor_of(request), now=utc_now(), **data)
