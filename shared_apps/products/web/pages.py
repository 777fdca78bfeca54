"""Pages of the product library, on the region's host: public, without prices, which are the malls'."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.access import page
from kernel.api import actor_of
from kernel.inputs import read_query
from shared_apps.classification.selectors import catalogue
from shared_apps.products.library import list_products
from shared_apps.products.pictures import image_response, picture_response
from shared_apps.products.serializers import ProductListInput


@page("products.products", public=True)
def products(request: HttpRequest) -> HttpResponse:
    given = read_query(ProductListInput, request)
    found = list_products(text=given["q"], category_code=given["category"], after=given["after"])
    kept = {key: given[key] for key in ("q", "category") if given[key]}
    context = {
        "given": given,
        "products": found.products,
        "next_url": f"?{urlencode({**kept, 'after': found.next_after})}" if found.next_after else "",
        "first_url": f"?{urlencode(kept)}" if given["after"] else "",
        "categories": [(one.code, one.name) for one in catalogue()],
    }
    return render(request, "products/products.html", context)


@page("products.picture", public=True)
def picture(request: HttpRequest, code: str) -> HttpResponse:
    return picture_response(request, code=code)


@page("products.image", public=True)
def image(request: HttpRequest, code: str, place: int) -> HttpResponse:
    return image_response(request, actor=actor_of(request), code=code, place=place)
