"""`bin/yz migrate_region`: the region's schema, its logins, the template, then every tenant."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.clock import local_date, utc_now
from tenants.database.context import region_as
from tenants.divisions.services import load_divisions
from tenants.provisioning.services import CreationUnderWay, FleetBusy, ProcessTooOld, migrate_region, migrate_tenants


class Command(BaseCommand):
    help = "Brings the region, the template and every tenant to the current version."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for name in migrate_region():
            self.stdout.write(f"applied {name}")
        with region_as("yz_region"):
            count = load_divisions(today=local_date(utc_now()))
        self.stdout.write(f"{count} divisions")
        try:
            outcome = migrate_tenants(
                now=utc_now, progress=lambda code, n, of: self.stdout.write(f"tenant {code} {n}/{of}")
            )
        except (FleetBusy, CreationUnderWay, ProcessTooOld) as refused:
            raise CommandError(refused.detail) from refused
        for code, error in outcome.failed.items():
            self.stderr.write(f"tenant {code} failed: {error}")
        if outcome.failed:
            raise CommandError(f"{len(outcome.failed)} tenants are behind: mend the cause and run it again")
