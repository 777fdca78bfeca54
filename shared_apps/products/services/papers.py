"""Certificates with the paper that shows them: the file and the asking in one transaction."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import NotFound
from shared_apps.products import proposals
from shared_apps.products.certificates import CertificateDraft
from shared_apps.products.models import ProductCertificate
from shared_apps.products.purposes import CERTIFICATE
from shared_apps.products.services.proposing import propose_certificate
from shared_apps.region_files.services import store_file
from tenants.database.context import region_atomic


def certify(
    *, actor: Actor, product_code: str, draft: CertificateDraft, name: str, content: bytes, now: datetime
) -> ProductCertificate:
    """Proposes a certificate of a product of the actor's supplier. Raises NotFound, FileRefused and what
    `propose_certificate` raises."""
    view = proposals.own_product(actor=actor, code=product_code, on=local_date(now))
    if view.supplier is None:
        raise NotFound(product_code=product_code)
    with region_atomic():
        file = store_file(
            actor=actor, name=name, content=content, purpose=CERTIFICATE.name, now=now,
            organisation_id=view.supplier.organisation_id,
        )  # fmt: skip
        return propose_certificate(
            actor=actor, supplier_id=view.supplier.id, product_code=product_code, draft=draft, file_key=file.key,
            now=now,
        )  # fmt: skip
