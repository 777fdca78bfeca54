"""`bin/yz lint_migrations`: refuses migrations that are not safe for a fleet at work. Needs no server."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.provisioning.linting import lint_migrations


class Command(BaseCommand):
    help = "Refuses unsafe migrations, and names the way to do it instead."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        found = lint_migrations()
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} findings")
        self.stdout.write("every migration is safe")
