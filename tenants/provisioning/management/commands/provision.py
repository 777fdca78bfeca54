"""`bin/yz provision CODE… | --all`: makes tenants; those that exist are left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.clock import utc_now
from tenants.database.context import region_as
from tenants.provisioning.services import TenantExists, create_tenant, missing_tenants


class Command(BaseCommand):
    help = "Provisions tenants by their division codes."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE")
        parser.add_argument("--all", action="store_true", help="every default tenant that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        codes: list[str] = options["codes"]
        if options["all"]:
            with region_as("yz_region"):
                codes = missing_tenants()
        elif not codes:
            raise CommandError("name division codes, or --all")
        for number, code in enumerate(codes, start=1):
            try:
                tenant = create_tenant(code=code, now=utc_now())
            except TenantExists:
                self.stdout.write(f"{code} exists ({number}/{len(codes)})")
            else:
                self.stdout.write(f"{code} {tenant.name} ({number}/{len(codes)})")
        if not codes:
            self.stdout.write("every tenant exists")
