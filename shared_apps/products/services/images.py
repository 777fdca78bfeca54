"""Photographs of products: what is uploaded is measured, cleaned, kept with the region's files, shown in its place."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import recognise
from kernel.problems import Conflict, InvalidInput, NotFound
from shared_apps.products.models import Product, ProductImage
from shared_apps.products.permissions import REVIEWERS, SUPPLIER_POSTS, require
from shared_apps.products.rules import PRODUCT_LIFECYCLE, ProductState
from shared_apps.products.rules.images import IMAGES_MAX, SIZE_BYTES_MAX, ImageError, clean_image
from shared_apps.products.services.proposing import own_proposal
from shared_apps.region_files.services import store_file
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

PURPOSE = "products.image"
REASONS = {
    "damaged": _("The picture is damaged, or neither PNG nor JPEG."),
    "small": _("The picture needs at least 200 pixels on each side."),
    "large": _("The picture has more than 6,000 pixels on a side, or 24 million in all."),
    "bytes": _("The picture is larger than 3 MB."),
}


class TooManyImages(Conflict):
    code = "product-images-full"
    title = _("A product has at most eight pictures")


def add_image(*, actor: Actor, product_code: str, name: str, content: bytes, alt: str, now: datetime) -> ProductImage:
    """A picture in the next free place. Its supplier adds it until the product is decided on, reviewers any time.

    `alt` says in words what is seen. Raises InvalidInput and FileRefused for what is no picture, TooManyImages,
    NotFound, WrongState.
    """
    require(actor, REVIEWERS | SUPPLIER_POSTS, "add_image")
    if len(content) > SIZE_BYTES_MAX:
        raise InvalidInput(errors={"file": [str(REASONS["bytes"])]})
    # By its bytes from the first to the last, before anything is taken out of it.
    recognise(content)
    try:
        clean = clean_image(content)
    except ImageError as error:
        raise InvalidInput(errors={"file": [str(REASONS[error.args[0]])]}) from error
    if not alt.strip():
        raise InvalidInput(errors={"alt": [gettext("Say in words what the picture shows.")]})
    with region_atomic():
        product = _changeable(actor, product_code)
        taken = set(
            ProductImage.objects.filter(product=product, removed_at__isnull=True).values_list("place", flat=True)
        )
        free = [place for place in range(1, IMAGES_MAX + 1) if place not in taken]
        if not free:
            raise TooManyImages(product_code=product_code)
        file = store_file(actor=actor, name=name, content=clean.content, purpose=PURPOSE, now=now)
        row = ProductImage.objects.create(
            product=product,
            place=free[0],
            alt=alt,
            file_key=file.key,
            kind=clean.kind,
            sm3=file.sm3,
            size_bytes=file.size_bytes,
            width=clean.width,
            height=clean.height,
            added_at=now,
        )
        _changed(actor, "products.image_added", row, product, now)
    return row


def remove_image(*, actor: Actor, product_code: str, place: int, now: datetime) -> None:
    """Takes a picture off; the row stays. Raises NotFound, WrongState."""
    require(actor, REVIEWERS | SUPPLIER_POSTS, "remove_image")
    with region_atomic():
        product = _changeable(actor, product_code)
        row = ProductImage.objects.filter(product=product, place=place, removed_at__isnull=True).first()
        if row is None:
            raise NotFound(product_code=product_code, place=place)
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        _changed(actor, "products.image_removed", row, product, now)


def _changeable(actor: Actor, code: str) -> Product:
    """The product, locked."""
    if actor.posts & REVIEWERS:
        states = (ProductState.PROPOSED, ProductState.RETURNED, ProductState.LISTED)
        product = Product.objects.select_for_update().filter(code=code, state__in=states).first()
        if product is None:
            raise NotFound(product_code=code)
        return product
    product = own_proposal(actor, code)[0]
    PRODUCT_LIFECYCLE.next(product.state, "amend")
    return product


def _changed(actor: Actor, event: str, row: ProductImage, product: Product, now: datetime) -> None:
    """The product is another version with other pictures: a decision is on what was seen."""
    product.version += 1
    product.save(update_fields=["version"])
    record(
        actor=actor,
        event=event,
        object_type="product",
        object_id=product.code,
        facts={"product_code": product.code, "place": row.place, "sm3": row.sm3},
        now=now,
    )
