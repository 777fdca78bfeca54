"""`bin/yz provision CODE… | --all [--simulated N] [--jobs N]`: makes tenants; those that exist are left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.clock import local_date, utc_now
from tenants.database.context import region_as
from tenants.database.logins import REGION
from tenants.provisioning.progress import Bar
from tenants.provisioning.services import cores, missing_tenants, provision_tenants
from tenants.provisioning.simulated import MOST, NotInProduction, add_simulated_divisions
from tenants.registry.selectors import tenant_names


class Command(BaseCommand):
    help = "Provisions tenants by their division codes. A run that ended early is taken up by the next."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE")
        parser.add_argument("--all", action="store_true", help="every default tenant that does not exist yet")
        parser.add_argument(
            "--simulated", type=int, default=0, metavar="N", help=f"N simulated counties (at most {MOST}, development)"
        )
        parser.add_argument("--jobs", type=int, default=cores(), metavar="N", help="processes (one a core)")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = self._codes(options)
        if not codes:
            self.stdout.write("every tenant exists")
            return
        bar = Bar(self.stdout, len(codes))
        failed: list[str] = []
        made = 0
        for result in provision_tenants(codes=codes, jobs=max(1, options["jobs"]), now=utc_now):
            if result.error is None:
                made += result.said != "exists"
                bar.step(f"{result.item} {result.said}")
            else:
                failed.append(result.item)
                bar.step(f"{result.item} FAILED")
                self.stderr.write(f"{result.item} failed: {result.error}")
        seconds = bar.close()
        self.stdout.write(f"{made} tenants made in {seconds:.1f} s")
        if failed:
            raise CommandError(f"{len(failed)} tenants were not made; mend the cause and run it again")

    def _codes(self, options: dict[str, Any]) -> list[str]:
        """What is asked for, without what exists already where a whole set is."""
        if not options["codes"] and not options["all"] and not options["simulated"]:
            raise CommandError("name division codes, or --all")
        codes = list(dict.fromkeys(options["codes"]))
        with region_as(REGION):
            if options["all"]:
                codes += [code for code in missing_tenants() if code not in codes]
            if options["simulated"]:
                try:
                    wanted = add_simulated_divisions(count=options["simulated"], today=local_date(utc_now()))
                except (NotInProduction, ValueError) as error:
                    raise CommandError(str(error)) from error
                existing = tenant_names(codes=wanted)
                codes += [code for code in wanted if code not in existing and code not in codes]
        return codes
