"""Pages of the product library, on the region's host: public, without prices, which are the malls'."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_query
from shared_apps.classification.selectors import catalogue
from shared_apps.products.library import (
    brand_record,
    exported_products,
    list_products,
    product_record,
    surviving_code,
)
from shared_apps.products.pictures import image_response, picture_response
from shared_apps.products.serializers import BrandQuery, ProductListInput
from shared_apps.products.wording import LABELS
from webkit import states
from webkit.tables import csv_response


@page("products.products", public=True)
def products(request: HttpRequest) -> HttpResponse:
    given = read_query(ProductListInput, request)
    found = list_products(text=given["q"], category_code=given["category"], label=given["label"], after=given["after"])
    kept = {key: given[key] for key in ("q", "category", "label") if given[key]}
    context = {
        "given": given,
        "products": found.products,
        "next_url": f"?{urlencode({**kept, 'after': found.next_after})}" if found.next_after else "",
        "first_url": f"?{urlencode(kept)}" if given["after"] else "",
        "csv_url": f"{reverse('products:products_csv')}?{urlencode(kept)}",
        "categories": [(one.code, one.name) for one in catalogue()],
        "labels": LABELS.items(),
    }
    return render(request, "products/products.html", context)


@page("products.products_csv", public=True)
def products_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file for spreadsheets, at most EXPORTED_MAX rows."""
    given = read_query(ProductListInput, request)
    header = [
        _("Product code"), _("Title"), _("Brand"), _("Model"), _("Unit of sale"), _("Category"), _("Item code"),
        _("Offers on sale"), _("State"), _("Demonstration"),
    ]  # fmt: skip
    rows = (
        (
            one.code, one.title, one.brand, one.model, one.unit, one.category_name, one.item_code, one.offers,
            states.label_of("product", one.state).label, _("Yes") if one.is_demo else "",
        )
        for one in exported_products(text=given["q"], category_code=given["category"], label=given["label"])
    )  # fmt: skip
    return csv_response("products.csv", header, rows)


@page("products.product", public=True)
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product; a merged one's address leads on for good."""
    survivor = surviving_code(code=code)
    if survivor != code:
        return HttpResponsePermanentRedirect(reverse("products:product", args=[survivor]))
    record = product_record(code=code, on=local_date(utc_now()))
    labels = [LABELS[label] for label in record.labels]
    return render(request, "products/product.html", {"record": record, "labels": labels})


@page("products.brand", public=True)
def brand(request: HttpRequest, brand_id: int) -> HttpResponse:
    given = read_query(BrandQuery, request)
    record = brand_record(brand_id=brand_id, after=given["after"])
    more = record.products.next_after
    context = {
        "record": record,
        "next_url": f"?after={more}" if more else "",
        "first_url": "?" if given["after"] else "",
    }
    return render(request, "products/brand.html", context)


@page("products.picture", public=True)
def picture(request: HttpRequest, code: str) -> HttpResponse:
    return picture_response(request, code=code)


@page("products.image", public=True)
def image(request: HttpRequest, code: str, place: int) -> HttpResponse:
    return image_response(request, actor=actor_of(request), code=code, place=place)
