"""`bin/yz migrate_tenants [CODE…]`: every tenant to the current version. docs/how-to/migrate-tenants.md"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.clock import utc_now
from tenants.database.context import region_as
from tenants.provisioning.plans import Plan
from tenants.provisioning.services import (
    CreationUnderWay,
    FleetBusy,
    Limits,
    ProcessTooOld,
    behind_tenants,
    migrate_tenants,
    plans_of,
)
from tenants.registry.models import Tenant

FAILED = 1
COULD_NOT_RUN = 2
ANOTHER_RUN = 3
CODES_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Brings the template and the tenants to the current version, each tenant in its own transactions. "
        "Exit status: 0 none is behind, 1 some are (failed, or --check), 2 it could not run, 3 another run is at work."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        limits = Limits()
        parser.add_argument("codes", nargs="*", metavar="CODE", help="only these tenants")
        parser.add_argument("--jobs", type=int, metavar="N", help="processes; by default one a core if it is worth it")
        parser.add_argument("--plan", action="store_true", help="show what would be done; with -v 2 every statement")
        parser.add_argument("--check", action="store_true", help="say which tenants are behind, change nothing")
        parser.add_argument(
            "--attempts", type=int, default=limits.attempts, help=f"for a locked tenant ({limits.attempts})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        codes: list[str] | None = options["codes"] or None
        if min(options["attempts"], 1 if options["jobs"] is None else options["jobs"]) < 1:
            raise CommandError("--jobs and --attempts are at least 1", returncode=COULD_NOT_RUN)
        self._refuse_unknown(codes)
        if options["check"]:
            self._check(codes)
        elif options["plan"]:
            self._plan(codes, every_statement=options["verbosity"] > 1)
        else:
            self._migrate(codes, jobs=options["jobs"], attempts=options["attempts"])

    def _refuse_unknown(self, codes: list[str] | None) -> None:
        with region_as(settings.YZ_OWNER_ROLE):
            known = set(Tenant.objects.filter(code__in=codes or ()).values_list("code", flat=True))
        if unknown := [code for code in codes or () if code not in known]:
            raise CommandError(f"no such tenant: {', '.join(unknown)}", returncode=COULD_NOT_RUN)

    def _check(self, codes: list[str] | None) -> None:
        with region_as(settings.YZ_OWNER_ROLE):
            behind = [tenant.code for tenant in behind_tenants(codes=codes)]
        if behind:
            shown = ", ".join(behind[:CODES_SHOWN]) + (" …" if len(behind) > CODES_SHOWN else "")
            raise CommandError(f"{len(behind)} tenants are behind: {shown}", returncode=FAILED)
        self.stdout.write("no tenant is behind")

    def _plan(self, codes: list[str] | None, *, every_statement: bool) -> None:
        with region_as(settings.YZ_OWNER_ROLE):
            behind = behind_tenants(codes=codes)
        plans = plans_of(behind)
        counted = Counter(tenant.applied for tenant in behind)
        if not behind:
            self.stdout.write("nothing to do")
        for applied, number in counted.most_common():
            if applied is None:
                self.stdout.write(f"{number} tenants without a schema")
                continue
            self.stdout.write(f"{number} tenants in {len(plans[applied].steps)} steps:")
            self._show(plans[applied], every_statement=every_statement)

    def _show(self, plan: Plan, *, every_statement: bool) -> None:
        for app, name in plan.keys:
            self.stdout.write(f"  {app}.{name}")
        if not plan.keys:
            self.stdout.write("  declared rights only")
        self.stdout.write(f"  {len(plan.statements)} statements, {len(plan.functions)} functions for each tenant")
        for name in plan.functions:
            self.stdout.write(f"    function {name}")
        for statement in plan.statements if every_statement else ():
            self.stdout.write(f"    {statement}")

    def _migrate(self, codes: list[str] | None, *, jobs: int | None, attempts: int) -> None:
        try:
            outcome = migrate_tenants(
                codes=codes,
                jobs=jobs,
                limits=Limits(attempts=attempts),
                now=utc_now,
                progress=lambda code, n, of: self.stdout.write(f"tenant {code} {n}/{of}"),
            )
        except (FleetBusy, CreationUnderWay) as error:
            raise CommandError(str(error.detail), returncode=ANOTHER_RUN) from error
        except ProcessTooOld as error:
            raise CommandError(str(error.detail), returncode=COULD_NOT_RUN) from error
        for code, reason in outcome.failed.items():
            self.stderr.write(f"tenant {code} failed: {reason}")
        if outcome.failed:
            raise CommandError(
                f"{len(outcome.failed)} tenants failed, {len(outcome.done)} done: mend the cause and run it again",
                returncode=FAILED,
            )
        self.stdout.write(f"{len(outcome.done)} tenants migrated" if outcome.done else "nothing to do")
