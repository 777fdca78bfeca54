"""The demonstration's shelf: one county has chosen everything, the other is left for the walk."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import SYSTEM
from shared_apps.classification.selectors import catalogue
from tenant_apps.storefront.selectors import shelf_choice
from tenant_apps.storefront.services import choose_shelf
from tenants.database.context import tenant_selected

READY_TENANT = "652301"


def load(now: datetime) -> None:
    """A shelf that was chosen before is left alone."""
    with tenant_selected(READY_TENANT):
        if shelf_choice() is None:
            categories = [category.code for category in catalogue()]
            choose_shelf(actor=SYSTEM, categories=categories, excluded_supplier_ids=(), now=now)
