"""`bin/yz load_sample`: a large invented library for benchmarks and trials; the same numbers give the same library."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel.clock import utc_now
from shared_apps.products.sampling.loading import analyse, load_sample, sizes

PRODUCTS_MAX = 10_000_000
SUPPLIERS_MAX = 50_000


class Command(BaseCommand):
    help = "Loads a large invented library, all marked as demonstration; adds what is missing. Never in production."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--products", type=int, required=True, help=f"1 to {PRODUCTS_MAX}")
        parser.add_argument("--suppliers", type=int, default=2_000, help=f"1 to {SUPPLIERS_MAX}; keep it when going on")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.YZ_ENV == "production":
            raise CommandError("the sample is invented: it is never loaded in production")
        if not 1 <= options["products"] <= PRODUCTS_MAX or not 1 <= options["suppliers"] <= SUPPLIERS_MAX:
            raise CommandError(f"--products is 1 to {PRODUCTS_MAX}, --suppliers 1 to {SUPPLIERS_MAX}")
        loaded = load_sample(
            products=options["products"],
            suppliers=options["suppliers"],
            seed=options["seed"],
            now=utc_now(),
            say=self.stdout.write,
        )
        analyse()
        self.stdout.write(
            f"{loaded.products} products, {loaded.offers} offers and {loaded.areas} areas in {loaded.seconds:.0f} s: "
            f"{loaded.rate:.0f} products/s with offers, areas and search"
        )
        for name, size in sizes().items():
            self.stdout.write(f"{name}: {size / 2**20:.0f} MB")
