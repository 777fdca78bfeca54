"""Making one product of two that are the same: nothing is deleted, the old address leads on."""

from __future__ import annotations

from datetime import datetime

from django.db import connections
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotFound
from shared_apps.products.models import Offer, Product, ProductMerge
from shared_apps.products.permissions import REVIEWERS, require
from shared_apps.products.refreshing import refresh_products
from shared_apps.products.rules import OPEN_STATES, PRODUCT_LIFECYCLE, OfferState, ProductState
from shared_apps.products.services.proposing import ProposalChanged
from shared_apps.products.services.steps import add_step
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic


class NotMergeable(Conflict):
    code = "product-not-mergeable"
    title = _("A product can be merged into a listed one of the same category only")


# Of a supplier that offers both, one stays: the offer of the product that stays, else the older one.
_CLASH = """
SELECT o.id FROM products_offer o
 WHERE o.product_id = %(old)s AND o.state = ANY(%(open)s)
   AND EXISTS (SELECT 1 FROM products_offer n
                WHERE n.product_id = %(into)s AND n.supplier_id = o.supplier_id AND n.state = ANY(%(open)s))
 ORDER BY o.id
"""


def merge_product(
    *, actor: Actor, product_id: int, version: int, into_code: str, reason: str, now: datetime
) -> Product:
    """Merges a product into a listed one; returns that one. One journal row.

    Offers on their way move over with their state and history; those of suppliers that offer the other one as well are
    delisted with the reason. The old code leads to the new one for good. `version` is the one that was read.
    Raises NotFound, WrongState, ProposalChanged, NotMergeable, InvalidInput without a reason, NotPermitted.
    """
    require(actor, REVIEWERS, "merge")
    if not reason.strip():
        raise InvalidInput(errors={"reason": [gettext("Say why.")]})
    with region_atomic():
        old, into = _locked(product_id, into_code)
        move = PRODUCT_LIFECYCLE.next(old.state, "merge")
        if old.version != version:
            raise ProposalChanged(read=version, present=old.version)
        if into.pk == old.pk or into.state != ProductState.LISTED or into.category_id != old.category_id:
            raise NotMergeable(product_code=old.code, into_code=into.code)
        moved, delisted = _move_offers(old, into, reason, now)
        old.state, old.version = move.target, old.version + 1
        old.save(update_fields=["state", "version"])
        if into.identity_key is None:
            # It waited for this: the key that stood in its way is free now.
            into.identity_key, into.look_key = old.identity_key, old.look_key
        into.version += 1
        into.save(update_fields=["identity_key", "look_key", "version"])
        ProductMerge.objects.create(
            product=old, into=into, reason=reason, offers_moved=len(moved), offers_delisted=len(delisted), merged_at=now
        )
        add_step(old, actor=actor, action="merge", now=now, reason=reason)
        refresh_products(product_ids=(old.pk, into.pk), now=now)
        record(
            actor=actor,
            event="products.merged",
            object_type="product",
            object_id=old.code,
            facts={"code": old.code, "into": into.code, "reason": reason, "moved": moved, "delisted": delisted},
            now=now,
        )
    return into


def _locked(product_id: int, into_code: str) -> tuple[Product, Product]:
    """Both, locked in the order of their ids: two merges cannot wait for each other crosswise."""
    into_id = Product.objects.filter(code=into_code).values_list("pk", flat=True).first()
    rows = {
        row.pk: row for row in Product.objects.select_for_update().filter(pk__in=[product_id, into_id]).order_by("pk")
    }
    if product_id not in rows:
        raise NotFound(product_id=product_id)
    if into_id is None:
        raise NotMergeable(into_code=into_code)
    return rows[product_id], rows[into_id]


def _move_offers(old: Product, into: Product, reason: str, now: datetime) -> tuple[list[int], list[int]]:
    """(ids moved, ids delisted)."""
    opened = [state.value for state in OPEN_STATES]
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_CLASH, {"old": old.pk, "into": into.pk, "open": opened})
        clashing = [row[0] for row in cursor.fetchall()]
    offers = list(Offer.objects.select_for_update().filter(product=old, state__in=OPEN_STATES).order_by("pk"))
    for offer in offers:
        offer.version, offer.updated_at = offer.version + 1, now
        if offer.pk in clashing:
            # Wherever it stands in its life: the supplier offers the same product already.
            offer.state, offer.state_reason = OfferState.DELISTED, reason[:300]
        else:
            offer.product = into
    Offer.objects.bulk_update(offers, ["product", "state", "state_reason", "version", "updated_at"])
    return [offer.pk for offer in offers if offer.pk not in clashing], clashing
