"""Front page, search, product and comparison: public, prices included."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.access import page, sign_in_address
from kernel.actor import Actor
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.posts import Post
from kernel.problems import DomainError, NotFound, NotPermitted, SignInRequired, as_problem
from shared_apps.classification.selectors import catalogue
from shared_apps.listings.selectors import price_reference
from shared_apps.products import selectors as library
from shared_apps.products.certificates import certificates
from shared_apps.products.library import surviving_code
from shared_apps.products.pictures import image_response, images, picture_response
from shared_apps.products.read_models import FacetChoice, ProductPage, SearchPage, SearchQuery, ShelfView
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from shared_apps.rulebook.selectors import RELATED_ASKED_MOST, related_suppliers
from tenant_apps.policies.selectors import module_open
from tenant_apps.storefront import selectors, services
from tenant_apps.storefront.areas import area_names, checked_area
from tenant_apps.storefront.favourites import beside_product
from tenant_apps.storefront.serializers import AddInput, ComparisonInput, PlaceQuery, SearchInput, search_query
from tenant_apps.storefront.web import words
from webkit.navigation import try_reverse


@page("storefront.front", public=True)
def front(request: HttpRequest) -> HttpResponse:
    """The mall's front page: search, categories, how to buy, and what is waiting for the clerk."""
    actor = actor_of(request)
    shelf = selectors.shelf_view()
    shown = [category for category in catalogue() if category.code in shelf.categories]
    examples = library.example_codes(categories=shelf.categories) if shown else {}
    context = {
        "is_open": module_open(ONLINE_SUPERMARKET),
        "categories": [
            {"code": category.code, "name": category.name, "picture_url": _example(examples, category.code)}
            for category in shown
        ],
        "popular": library.popular(shelf=shelf) if shown else (),
        "cart_lines": selectors.cart_line_count(actor=actor),
        "is_clerk": actor.has(Post.BUYER_CLERK),
        "chooses_shelf": bool(actor.posts & services.SHELF_POSTS),
        "todos": _todos(actor),
        "sign_in_url": sign_in_address(request),
    }
    return render(request, "storefront/front.html", context)


def _todos(actor: Actor) -> list[tuple[str, str, str]]:
    """(label, icon, address) of the work lists the reader has here; each counts for itself."""
    found = []
    if actor.has(Post.BUYER_APPROVER):
        found.append((_("Waiting for my approval"), "checklist", try_reverse("approvals:inbox")))
    if actor.signed_in:
        found.append((_("My orders"), "clipboard-list", try_reverse("orders:list")))
    return [line for line in found if line[2]]


def _example(examples: dict[str, tuple[str, int | None]], category: str) -> str:
    code, version = examples.get(category, ("", None))
    return library.picture_address(code=code, version=version)


@page("storefront.products", public=True)
def products(request: HttpRequest) -> HttpResponse:
    """Search with facets; htmx asks for the same address and gets the results alone."""
    query = search_query(read_query(SearchInput, request))
    shelf = selectors.shelf_view()
    found = library.find(query=query, shelf=shelf)
    category = next((one.name for one in catalogue() if one.code == query.category), "")
    context = {
        "query": query,
        "category_name": category,
        "found": found,
        "facets": (groups := _facet_groups(query, found, area_names(shelf.areas))),
        "chosen": [choice for group in groups for choice in group["choices"] if choice["selected"]],
        "sorts": [
            (label, _address(query, sort=key, after=""), key == query.sort) for key, label in words.SORTS.items()
        ],
        "next_url": _address(query, after=found.next_cursor) if found.next_cursor else "",
        "first_url": _address(query, after="") if query.after else "",
        "labels": words.LABELS,
        "shelf_chosen": bool(shelf.categories),
        "suggestions": [
            (one.text, _address(SearchQuery(text=one.text)), one.hits, one.hits >= library.COUNTED_MAX)
            for one in found.suggestions
        ],
        "facets_are_about": found.facets_are_about,
    }
    is_fragment = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
    return render(request, "storefront/_results.html" if is_fragment else "storefront/products.html", context)


def _address(query: SearchQuery, **changes: Any) -> str:
    """The search page with some of the query changed; defaults are left out of the address."""
    given: dict[str, Any] = {
        "q": query.text,
        "category": query.category,
        "brand": list(query.brands),
        "supplier": query.supplier_id,
        "price": query.price_band,
        "label": list(query.labels),
        "area": query.area,
        "sort": query.sort,
        "after": query.after,
        **changes,
    }
    if given["sort"] == "relevance":
        given["sort"] = ""
    kept = {key: value for key, value in given.items() if value}
    address = reverse("storefront:products")
    return f"{address}?{urlencode(kept, doseq=True)}" if kept else address


def _facet_groups(query: SearchQuery, found: SearchPage, areas: dict[str, str]) -> list[dict[str, Any]]:
    """Each choice with the address that switches it; groups with one unchosen choice narrow nothing down."""

    def one(key: str, choice: FacetChoice) -> str:
        return _address(query, **{key: "" if choice.selected else choice.value, "after": ""})

    def many(key: str, now: tuple[str, ...], choice: FacetChoice) -> str:
        rest = [value for value in now if value != choice.value]
        return _address(query, **{key: rest if choice.selected else [*rest, choice.value], "after": ""})

    facets = found.facets
    groups = [
        (_("Category"), facets.categories, lambda c: one("category", c), None),
        (_("Price"), facets.price_bands, lambda c: one("price", c), words.PRICES),
        (_("Brand"), facets.brands, lambda c: many("brand", query.brands, c), None),
        (_("Labels"), facets.labels, lambda c: many("label", query.labels, c), words.LABELS),
        (_("Supplier"), facets.suppliers, lambda c: one("supplier", c), None),
        (_("Delivered to"), facets.areas, lambda c: one("area", c), areas),
    ]
    return [
        {
            "title": title,
            "choices": [
                {
                    "label": names.get(choice.value, choice.label) if names else choice.label,
                    "url": switch(choice),
                    "count": choice.count,
                    "selected": choice.selected,
                }
                for choice in choices
            ],
        }
        for title, choices, switch, names in groups
        if len(choices) > 1 or any(choice.selected for choice in choices)
    ]


@page("storefront.product", public=True, methods=("GET", "POST"))
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product with its offers; POST puts one of them into the clerk's cart."""
    actor = actor_of(request)
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            given = _add(actor, request)
            messages.success(request, _("Added to the cart: %(quantity)s") % {"quantity": given["quantity"]})
            return HttpResponse(status=303, headers={"Location": request.path, "Cache-Control": "no-store"})
        except DomainError as error:
            if error.status in {401, 403}:
                raise
            problem = error
    shelf = selectors.shelf_view()
    area = _area(request, actor, shelf)
    try:
        found = library.product_page(code=code, shelf=replace(shelf, area=area))
    except NotFound:
        # A merged product's address leads to the one it was merged into.
        survivor = surviving_code(code=code)
        if survivor == code:
            raise
        return HttpResponsePermanentRedirect(reverse("storefront:product", args=[survivor]))
    context = {**_product_context(request, actor, found, shelf, area), "problem": None}
    if problem is not None:
        context["problem"] = as_problem(problem, instance=request.path)
        context["tried"] = {"offer_id": request.POST.get("offer_id"), "quantity": request.POST.get("quantity", "")[:10]}
    return render(request, "storefront/product.html", context, status=problem.status if problem else 200)


def _add(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    if not actor.signed_in:
        raise SignInRequired
    if not actor.has(Post.BUYER_CLERK):
        raise NotPermitted(action="add_to_cart")
    given = read_input(AddInput, request.POST)
    services.add_to_cart(actor=actor, now=utc_now(), **given)
    return given


def _area(request: HttpRequest, actor: Actor, shelf: ShelfView) -> str:
    """The division that prices and freight are shown for: a clerk's cart's, or the one a visitor asks for."""
    if not shelf.more_areas:
        return shelf.area
    asked = read_query(PlaceQuery, request)["area"] if request.method == "GET" else ""
    if not asked and actor.has(Post.BUYER_CLERK):
        asked = selectors.cart_area(actor=actor, unit_id=selectors.unit_in_use(actor=actor))
    return checked_area(area=asked if asked in shelf.areas else "", served=shelf.areas)


def _product_context(
    request: HttpRequest, actor: Actor, found: ProductPage, shelf: ShelfView, area: str
) -> dict[str, Any]:
    units = selectors.clerk_units(actor=actor)
    areas = area_names(shelf.areas)
    cart_lines, is_favourite = (
        beside_product(actor=actor, product_code=found.code) if actor.has(Post.BUYER_CLERK) else (0, False)
    )
    return {
        "product": found,
        "images": images(product_ids=[found.product_id]).get(found.product_id, ()),
        "labels": [words.LABELS[label] for label in found.labels],
        "facts": _facts(found),
        "is_open": module_open(ONLINE_SUPERMARKET),
        "area_name": areas[area],
        "areas": areas,
        "area_code": area,
        "units": units,
        "unit_id": selectors.unit_in_use(actor=actor, units=units),
        "cart_lines": cart_lines,
        "is_favourite": is_favourite,
        "is_clerk": actor.has(Post.BUYER_CLERK),
        "sign_in_url": sign_in_address(request),
        "list_url": reverse("storefront:products"),
        "category_url": _address(SearchQuery(category=found.category_code)),
        "supplier_count": len({offer.supplier_id for offer in found.offers}),
        "paid": price_reference(product_ids=[found.product_id]).get(found.product_id),
        "certificates": certificates(product_ids=[found.product_id], on=local_date(utc_now())).get(found.product_id),
    }


def _facts(found: ProductPage) -> list[tuple[Any, str]]:
    pairs = [
        (_("Brand"), found.brand),
        (_("Model"), found.model),
        (_("Specification"), found.spec),
        (pgettext("measure", "Unit"), found.unit),
        *((attribute.name, attribute.value) for attribute in found.attributes),
        (_("Item code"), f"{found.item_code} {found.item_name}"),
    ]
    return [(label, value) for label, value in pairs if value]


@page("storefront.compare", public=True)
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four products side by side; what differs is marked."""
    codes = list(dict.fromkeys(read_query(ComparisonInput, request)["code"]))
    shown = library.product_pages(codes=codes, shelf=selectors.shelf_view()) if codes else ()
    context = {
        "products": [
            {"page": one, "without_url": _compare_address([code for code in codes if code != one.code])}
            for one in shown
        ],
        "rows": _comparison(shown),
        "related": _related(shown) if actor_of(request).signed_in else "",
        "most": library.COMPARED_MAX,
        "list_url": reverse("storefront:products"),
    }
    return render(request, "storefront/compare.html", context)


def _related(shown: tuple[ProductPage, ...]) -> str:
    """The pairs of suppliers that belong together, by their companies' names; what ties them is not known here."""
    names = {offer.supplier_id: offer.supplier_name for one in shown for offer in one.offers}
    pairs = related_suppliers(supplier_ids=list(names)[:RELATED_ASKED_MOST])
    return "；".join(f"{names[first]} — {names[second]}" for first, second in pairs)


def _compare_address(codes: list[str]) -> str:
    return f"{reverse('storefront:compare')}?{urlencode({'code': codes}, doseq=True)}"


def _comparison(shown: tuple[ProductPage, ...]) -> list[dict[str, Any]]:
    """Rows of values in the order of the products; `differs` where they are not all the same."""
    rows: list[tuple[str, list[str]]] = [
        (_("Brand"), [one.brand for one in shown]),
        (_("Model"), [one.model for one in shown]),
        (_("Specification"), [one.spec for one in shown]),
        (pgettext("measure", "Unit"), [one.unit for one in shown]),
        (_("Category"), [one.category_name for one in shown]),
        (_("Packs of the lowest price"), _packs(shown)),
        (_("Labels"), ["、".join(str(words.LABELS[label]) for label in one.labels) for one in shown]),
    ]
    names = {attribute.key: attribute.name for one in shown for attribute in one.attributes}
    rows += [(name, [one.attribute_values.get(key, "") for one in shown]) for key, name in names.items()]
    return [{"name": name, "values": values, "differs": len(set(values)) > 1} for name, values in rows if any(values)]


def _packs(shown: tuple[ProductPage, ...]) -> list[str]:
    """How many a pack of each product's cheapest offer holds; nothing where all are sold by the piece."""
    packs = [one.offers[0].pack_quantity if one.offers else 1 for one in shown]
    return [f"{pack} {one.unit}" for pack, one in zip(packs, shown, strict=True)] if max(packs, default=1) > 1 else [""]


@page("storefront.image", public=True)
def image(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """A photograph of a public product: what waits for its review is shown on the region's host only."""
    return image_response(request, actor=None, code=code, place=place)


@page("storefront.picture", public=True)
def picture(request: HttpRequest, code: str) -> HttpResponse:
    return picture_response(request, code=code)
