"""`bin/yz fees_close [--month 2026-10]`: meters and prices what is due, or one month that is over."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.actor import SYSTEM
from kernel.clock import month_bounds, utc_now
from shared_apps.fees.serializers.fields import month_of
from shared_apps.fees.services.closing import close_due, relay_past
from shared_apps.fees.services.statements import MonthNotOver, close_month
from tenants.database.context import region_as
from tenants.database.logins import REGION


class Command(BaseCommand):
    help = "Closes the months that are due, or the month named: every mall's statement is metered and priced."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", help="as 2026-10; without it every month whose days of grace are over")

    def handle(self, *args: Any, **options: Any) -> None:
        started, now = time.monotonic(), utc_now()
        with region_as(REGION):
            if options["month"] is None:
                found = close_due(now=now)
            else:
                month = month_of(options["month"])
                if month is None:
                    raise CommandError("write the month as 2026-10")
                relay_past(month_bounds(month.year, month.month)[1], now=now)
                try:
                    found = {month: close_month(actor=SYSTEM, month=month, now=now)}
                except MonthNotOver as error:
                    raise CommandError("the month is not over") from error
        for month, closed in found.items():
            self.stdout.write(f"{month:%Y-%m}: {len(closed.metered)} metered, {len(closed.priced)} priced")
            for code, reason in closed.waiting:
                self.stderr.write(f"{month:%Y-%m}: {code} waits: {reason}")
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
