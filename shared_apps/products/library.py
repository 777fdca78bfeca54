"""The library as the region sees it: every product, on whatever shelf."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.expressions import RawSQL

from shared_apps.products.models import Product
from shared_apps.products.read_models import picture_address
from shared_apps.products.rules import OfferState, as_tsquery, query_runs, query_tokens

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LibraryProduct:
    id: int
    code: str
    title: str
    brand: str
    model: str
    unit: str
    category_code: str
    category_name: str
    item_code: str
    state: str
    offers: int
    is_demo: bool
    picture_url: str


@dataclass(frozen=True, slots=True)
class LibraryPage:
    products: tuple[LibraryProduct, ...]
    next_after: int | None


def list_products(*, text: str = "", category_code: str = "", after: int = 0) -> LibraryPage:
    """Products by id, a page at a time. One statement."""
    rows = Product.objects.filter(pk__gt=after)
    if text.strip():
        tokens = query_tokens(text)
        if not tokens:
            return LibraryPage((), None)
        rows = rows.alias(has=RawSQL("products_product.tokens @@ %s::tsquery", [as_tsquery(tokens)])).filter(has=True)
        for run in query_runs(text):
            rows = rows.filter(haystack__contains=run)
    if category_code:
        rows = rows.filter(category_id=category_code)
    listed = Count("offers", filter=Q(offers__state=OfferState.LISTED))
    found = [
        LibraryProduct(
            id=row["id"],
            code=row["code"],
            title=row["title"],
            brand=row["brand"],
            model=row["model"],
            unit=row["unit"],
            category_code=row["category_id"],
            category_name=row["category__name"],
            item_code=row["item_id"],
            state=row["state"],
            offers=row["listed"],
            is_demo=row["is_demo"],
            picture_url=picture_address(code=row["code"], version=row["picture__version"]),
        )
        for row in rows.annotate(listed=listed)
        .order_by("id")
        .values(
            "id", "code", "title", "brand", "model", "unit", "category_id", "category__name", "item_id", "state",
            "listed", "is_demo", "picture__version",
        )[: PAGE_SIZE + 1]
    ]  # fmt: skip
    more = len(found) > PAGE_SIZE
    return LibraryPage(tuple(found[:PAGE_SIZE]), found[PAGE_SIZE - 1].id if more else None)
