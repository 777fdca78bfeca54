"""Labels rest on certificates: energy-saving and environment labels hold while one is valid (Caiku [2019] 9).

`Product.labels` is what the valid certificates of the day say, kept for search; this file alone writes it, after a
decision and once a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from kernel.actor import SYSTEM
from kernel.clock import local_date
from shared_apps.products.models import ProductCertificate
from shared_apps.products.rules import CertificateState
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """What a certificate says."""

    label: str
    number: str
    body: str
    valid_from: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class CertificateView:
    id: int
    product_id: int
    label: str
    number: str
    body: str
    valid_from: date
    expires_on: date
    file_key: str
    state: str
    version: int
    is_demo: bool
    is_valid: bool


def valid_labels(*, product_ids: Collection[int], on: date) -> dict[int, frozenset[str]]:
    """The certified labels of each product on that day; a product without any is in it too. One statement."""
    found: dict[int, set[str]] = {product_id: set() for product_id in product_ids}
    rows = ProductCertificate.objects.filter(
        product_id__in=list(product_ids), state=CertificateState.APPROVED, valid_from__lte=on, expires_on__gte=on
    ).values_list("product_id", "label")
    for product_id, label in rows:
        found[product_id].add(label)
    return {product_id: frozenset(labels) for product_id, labels in found.items()}


def certificates(
    *, product_ids: Collection[int], on: date, states: Iterable[str] = (CertificateState.APPROVED,)
) -> dict[int, tuple[CertificateView, ...]]:
    """Certificates by product, those that end last first. One statement."""
    found: dict[int, tuple[CertificateView, ...]] = {}
    rows = ProductCertificate.objects.filter(product_id__in=list(product_ids), state__in=list(states))
    for row in rows.order_by("product_id", "-expires_on", "id"):
        valid = row.state == CertificateState.APPROVED and row.valid_from <= on <= row.expires_on
        view = CertificateView(
            id=row.pk,
            product_id=row.product_id,
            label=row.label,
            number=row.number,
            body=row.body,
            valid_from=row.valid_from,
            expires_on=row.expires_on,
            file_key=row.file_key,
            state=row.state,
            version=row.version,
            is_demo=row.is_demo,
            is_valid=valid,
        )
        found[row.product_id] = (*found.get(row.product_id, ()), view)
    return found


_REFRESH = """
WITH said AS (
  SELECT p.id, coalesce((
           SELECT jsonb_agg(DISTINCT c.label ORDER BY c.label) FROM products_productcertificate c
            WHERE c.product_id = p.id AND c.state = 'approved' AND %(on)s BETWEEN c.valid_from AND c.expires_on
         ), '[]'::jsonb) AS labels
    FROM products_product p
   WHERE {which}
)
UPDATE products_product SET labels = said.labels, version = version + 1
  FROM said WHERE said.id = products_product.id AND products_product.labels <> said.labels
RETURNING products_product.id
"""
_OF_SOME = "p.id = ANY(%(ids)s::bigint[])"
# Whose labels may have changed by the day alone: those that have one, and those with a certificate that runs.
_OF_THE_DAY = """
p.labels <> '[]'::jsonb OR EXISTS (
  SELECT 1 FROM products_productcertificate c
   WHERE c.product_id = p.id AND c.state = 'approved' AND %(on)s BETWEEN c.valid_from AND c.expires_on)
"""


def refresh_labels(*, product_ids: Collection[int], on: date) -> tuple[int, ...]:
    """Brings the labels of some products in line, inside the caller's transaction; returns those that changed."""
    return _refresh(_OF_SOME, {"ids": list(product_ids), "on": on})


def expire_labels(*, now: datetime) -> tuple[int, ...]:
    """The daily round: labels of certificates that ended go, those that began come. One journal row if any."""
    with region_atomic():
        changed = _refresh(_OF_THE_DAY, {"on": local_date(now)})
        if changed:
            record(
                actor=SYSTEM,
                event="products.labels_expired",
                object_type="library",
                object_id="labels",
                facts={"products": len(changed), "on": local_date(now).isoformat()},
                now=now,
            )
    return changed


def _refresh(which: str, parameters: dict[str, Any]) -> tuple[int, ...]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_REFRESH.replace("{which}", which), parameters)
        return tuple(row[0] for row in cursor.fetchall())
