"""Serving a product's drawing and photographs so that they can do nothing but be looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from kernel.actor import Actor
from kernel.file_kinds import KINDS
from kernel.problems import NotFound
from kernel.sm3 import sm3_hex
from shared_apps.products.models import ProductImage, ProductProposal
from shared_apps.products.permissions import REVIEW_READERS, sells_for
from shared_apps.products.rules import PUBLIC_STATES
from shared_apps.products.selectors import picture
from tenants.journaling import file_store

# The drawing is our own, and still gets no rights: opened by itself it can neither run nor fetch anything.
_POLICY = "default-src 'none'; sandbox"
_YEAR_SECONDS = 31_536_000


def picture_response(request: HttpRequest, *, code: str) -> HttpResponse:
    """The SVG; kept for a year when the address names its version. Raises NotFound."""
    svg, version = picture(code=code)
    tag = f'"{code}-{version}"'
    kept = f"public, max-age={_YEAR_SECONDS}, immutable" if request.GET.get("v") == str(version) else "public, no-cache"
    headers = {"Cache-Control": kept, "ETag": tag, "Content-Security-Policy": _POLICY}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(svg.encode(), content_type="image/svg+xml", headers=headers)


@dataclass(frozen=True, slots=True)
class ImageView:
    """A photograph in its place, with what it shows in words."""

    id: int
    place: int
    alt: str
    width: int
    height: int
    url: str


def images(*, product_ids: Collection[int]) -> dict[int, tuple[ImageView, ...]]:
    """Photographs by product, in their order. One statement; malls may ask."""
    found: dict[int, tuple[ImageView, ...]] = {}
    rows = ProductImage.objects.filter(product_id__in=list(product_ids), removed_at__isnull=True)
    for row in (
        rows.select_related("product")
        .only("place", "alt", "width", "height", "product__code")
        .order_by("product_id", "place")
    ):
        url = f"/pictures/{row.product.code}/{row.place}/?v={row.pk}"
        view = ImageView(row.pk, row.place, row.alt, row.width, row.height, url)
        found[row.product_id] = (*found.get(row.product_id, ()), view)
    return found


def image_response(request: HttpRequest, *, actor: Actor | None, code: str, place: int) -> HttpResponse:
    """A photograph: of a public product for everybody, of a proposal for its supplier and the reviewers.

    Kept for a year when the address names its version. Malls pass no actor and show public products only. Raises
    NotFound.
    """
    row = (
        ProductImage.objects.filter(product__code=code, place=place, removed_at__isnull=True)
        .select_related("product")
        .only("file_key", "sm3", "kind", "product__state")
        .first()
    )
    public = row is not None and row.product.state in PUBLIC_STATES
    if row is None or not (public or (actor is not None and _may_see(actor, row.product_id))):
        raise NotFound(product_code=code, place=place)
    tag = f'"{code}-{row.pk}"'
    named = request.GET.get("v") == str(row.pk)
    kept = f"public, max-age={_YEAR_SECONDS}, immutable" if named else "public, no-cache"
    headers = {
        "Cache-Control": kept if public else "private, no-store",
        "ETag": tag,
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    try:
        content = file_store.read_object(row.file_key)
    except OSError:
        content = b""
    if sm3_hex(content) != row.sm3:
        # Gone or altered on the disk: nothing is shown rather than something else.
        raise NotFound(product_code=code, place=place)
    return HttpResponse(content, content_type=KINDS[row.kind].media_type, headers=headers)


def _may_see(actor: Actor, product_id: int) -> bool:
    if actor.posts & REVIEW_READERS:
        return True
    organisations = sells_for(actor)
    return (
        bool(organisations)
        and ProductProposal.objects.filter(product_id=product_id, supplier__organisation_id__in=organisations).exists()
    )
