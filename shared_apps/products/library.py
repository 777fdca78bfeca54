"""The library as the region sees it: every product, on whatever shelf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.expressions import RawSQL

from kernel.problems import NotFound
from shared_apps.classification.attribute_rules import shown_value
from shared_apps.classification.selectors import attributes_of
from shared_apps.products.certificates import CertificateView, certificates
from shared_apps.products.models import Brand, Product, ProductMerge
from shared_apps.products.pictures import ImageView, images
from shared_apps.products.read_models import picture_address
from shared_apps.products.rules import (
    PUBLIC_STATES,
    OfferState,
    ProductState,
    ProposalState,
    as_tsquery,
    query_runs,
    query_tokens,
)

PAGE_SIZE = 50
EXPORTED_MAX = 10_000
SIBLINGS_MAX = 24
# A merged product leads to one that may be merged later; more steps than this there never were.
MERGES_MAX = 10


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


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another specification of the same model."""

    code: str
    title: str
    spec: str
    picture_url: str


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """One product as everybody may see it; prices are the malls'."""

    code: str
    title: str
    brand_id: int | None
    brand: str
    name: str
    model: str
    spec: str
    unit: str
    category_code: str
    category_name: str
    item_code: str
    item_name: str
    state: str
    is_demo: bool
    offers: int
    labels: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    certificates: tuple[CertificateView, ...]
    images: tuple[ImageView, ...]
    drawing_url: str
    siblings: tuple[Sibling, ...]


@dataclass(frozen=True, slots=True)
class BrandRecord:
    """An approved brand with its products, a page of them."""

    id: int
    name: str
    owner: str
    trademark_number: str
    is_demo: bool
    # Names that were merged into it.
    aliases: tuple[str, ...]
    products: LibraryPage


def surviving_code(*, code: str) -> str:
    """The product that a merged one's code leads to, or the code itself. Malls may ask."""
    for _step in range(MERGES_MAX):
        into = ProductMerge.objects.filter(product__code=code).values_list("into__code", flat=True).first()
        if into is None:
            return code
        code = into
    return code


def product_id_of(*, code: str) -> int | None:
    """The id of a public product; None for a proposal and for what there is not."""
    found = Product.objects.filter(code=code, state__in=PUBLIC_STATES).values_list("id", flat=True).first()
    return int(found) if found is not None else None


def product_record(*, code: str, on: date) -> ProductRecord:
    """A public product; at most six statements. Raises NotFound, also for a proposal."""
    row = (
        Product.objects.filter(code=code, state__in=PUBLIC_STATES)
        .select_related("category", "item", "spu", "picture")
        .defer("haystack", "tokens", "picture__svg")
        .annotate(listed=Count("offers", filter=Q(offers__state=OfferState.LISTED)))
        .first()
    )
    if row is None:
        raise NotFound(product_code=code)
    picture = getattr(row, "picture", None)
    typed = attributes_of(category_code=row.category_id)
    papers = certificates(product_ids=[row.pk], on=on).get(row.pk, ())
    return ProductRecord(
        code=row.code,
        title=row.title,
        brand_id=row.spu.brand_id if row.spu else None,
        brand=row.brand,
        name=row.name,
        model=row.model,
        spec=row.spec,
        unit=row.unit,
        category_code=row.category_id,
        category_name=row.category.name,
        item_code=row.item_id,
        item_name=row.item.name,
        state=row.state,
        is_demo=row.is_demo,
        offers=row.listed,
        labels=tuple(sorted({paper.label for paper in papers if paper.is_valid})),
        attributes=tuple(
            (one.name, shown_value(one, row.attributes[one.key])) for one in typed if one.key in row.attributes
        ),
        certificates=tuple(paper for paper in papers if paper.is_valid),
        images=images(product_ids=[row.pk]).get(row.pk, ()),
        drawing_url=picture_address(code=row.code, version=picture.version if picture else None),
        siblings=_siblings(row),
    )


def _siblings(row: Product) -> tuple[Sibling, ...]:
    if row.spu_id is None:
        return ()
    rows = (
        Product.objects.filter(spu_id=row.spu_id, state=ProductState.LISTED).exclude(pk=row.pk).order_by("spec", "pk")
    )
    return tuple(
        Sibling(code, title, spec, picture_address(code=code, version=version))
        for code, title, spec, version in rows.values_list("code", "title", "spec", "picture__version")[:SIBLINGS_MAX]
    )


def brand_record(*, brand_id: int, after: int = 0) -> BrandRecord:
    """An approved brand; a merged one answers with what it leads to. Four statements. Raises NotFound."""
    into = (
        Brand.objects.filter(pk=brand_id, state=ProposalState.MERGED).values_list("merged_into_id", flat=True).first()
    )
    brand = Brand.objects.filter(pk=into or brand_id, state=ProposalState.APPROVED).first()
    if brand is None:
        raise NotFound(brand_id=brand_id)
    return BrandRecord(
        id=brand.pk,
        name=brand.name,
        owner=brand.owner,
        trademark_number=brand.trademark_number,
        is_demo=brand.is_demo,
        aliases=tuple(brand.merged.order_by("name").values_list("name", flat=True)),
        products=list_products(brand_id=brand.pk, after=after),
    )


def exported_products(**wanted: str) -> Iterator[LibraryProduct]:
    """The list for a file, at most EXPORTED_MAX rows, a page of the list at a time."""
    after: int | None = 0
    for _page in range(EXPORTED_MAX // PAGE_SIZE):
        found = list_products(**wanted, after=after or 0)  # type: ignore[arg-type]  # texts beside the number
        yield from found.products
        after = found.next_after
        if after is None:
            return


def list_products(
    *, text: str = "", category_code: str = "", label: str = "", brand_id: int = 0, after: int = 0
) -> LibraryPage:
    """Public products by id, a page at a time. One statement."""
    rows = Product.objects.filter(pk__gt=after, state__in=PUBLIC_STATES)
    if label:
        rows = rows.filter(labels__contains=[label])
    if brand_id:
        rows = rows.filter(spu__brand_id=brand_id)
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
