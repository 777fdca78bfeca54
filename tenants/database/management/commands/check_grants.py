"""`bin/yz check_grants`: proves from the catalogue that every login has exactly the rights that the apps declare."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand

from tenants.database.auditing import deviations


class Command(BaseCommand):
    help = "Compares the rights in the database with those declared; lists every deviation; exit status 1 if any."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        found = deviations()
        for deviation in found:
            self.stderr.write(str(deviation))
        seconds = time.monotonic() - started
        if found:
            self.stderr.write(f"{len(found)} deviations in {seconds:.1f} s")
            sys.exit(1)
        self.stdout.write(f"every right is as declared, none beyond ({seconds:.1f} s)")
