"""`bin/yz fees_reconcile [CODE…]`: journals against uses against statements; exit status 1 where anything differs."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.problems import NotFound
from shared_apps.fees.selectors.reconciliation import differences_of, run
from shared_apps.fees.services.reconciling import make_reconciliation, order_reconciliation, steps
from tenants.database.context import region_as
from tenants.database.logins import REGION


class Command(BaseCommand):
    help = "Compares journals, metered uses and fee statements of every mall, or of those named; 1 if any differ."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="malls; without any all of them, and it is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        with region_as(REGION):
            try:
                summary, differences = self._named(options["codes"]) if options["codes"] else self._all()
            except NotFound as error:
                raise CommandError(f"no such mall: {error.facts.get('tenant', '')}") from error
        summary = f"{summary}, {differences} differences in {time.monotonic() - started:.1f} s"
        if differences:
            self.stderr.write(summary)
            sys.exit(1)
        self.stdout.write(summary)

    def _named(self, codes: list[str]) -> tuple[str, int]:
        done = list(steps(codes=codes))
        for step in done:
            for one in step.differences:
                self._say(one)
        figures = [sum(getattr(step, name) for step in done) for name in ("malls", "rows", "uses", "statements")]
        return self._summary(*figures), sum(len(step.differences) for step in done)

    def _all(self) -> tuple[str, int]:
        run_id = order_reconciliation(actor=SYSTEM, now=utc_now())
        make_reconciliation(run_id=run_id)
        for one in differences_of(run_id=run_id).iterator():
            self._say(one)
        found = run(run_id=run_id, now=utc_now())
        return self._summary(found.malls, found.journal_rows, found.uses, found.statements), found.differences

    def _say(self, one: Any) -> None:
        self.stderr.write(
            f"{one.tenant_code} {one.kind} {one.meter} {one.reference}: expected {one.expected!r}, found {one.found!r}"
        )

    @staticmethod
    def _summary(malls: int, rows: int, uses: int, statements: int) -> str:
        return f"{malls} malls, {rows} counting journal rows, {uses} uses, {statements} statements"
