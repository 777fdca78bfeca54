"""`bin/yz load_demo`: demonstration people, goods, budgets and orders, each made through the services. Idempotent."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel.clock import utc_now
from shared_apps.fleet.measuring import measure
from tenants.registry.services import mark_demo

# The order is that of the dependencies: people before posts, goods before shelves, budgets before orders.
STEPS = (
    "shared_apps.fees.demo",
    "shared_apps.suppliers.demo_loader",
    "shared_apps.products.demo_loader",
    "shared_apps.accounts.demo",
    "shared_apps.sanctions.demo",
    "shared_apps.agencies.demo",
    "shared_apps.training.demo",
    "tenant_apps.budgets.demo",
    "tenant_apps.budget_system.demo",
    "tenant_apps.access.demo",
    "tenant_apps.storefront.demo",
    "tenant_apps.policies.demo",
    "tenant_apps.orders.demo",
    "tenant_apps.takeover.demo",
    "tenant_apps.payments.demo",
    "tenant_apps.invoices.demo",
    "tenant_apps.disputes.demo",
    "tenant_apps.evaluations.demo",
    "tenant_apps.contracts.demo",
    "tenant_apps.bargains.demo",
    "tenant_apps.budgets.demo_papers",
    "shared_apps.fees.demo_year",
)
DEMO_TENANTS = ("652301",)


class Command(BaseCommand):
    help = "Loads the demonstration: 652301 is open for trade, 653101 is left for you to open."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.YZ_ENV == "production":
            raise CommandError("the demonstration's password is public: it is never loaded in production")
        for code in DEMO_TENANTS:
            mark_demo(code=code)
        for number, name in enumerate(STEPS, start=1):
            started = time.monotonic()
            import_module(name).load(utc_now())
            took = time.monotonic() - started
            app = name.rpartition(".")[0]
            self.stdout.write(f"{app} {number}/{len(STEPS)} {took:.1f} s")
        measure(now=utc_now())
