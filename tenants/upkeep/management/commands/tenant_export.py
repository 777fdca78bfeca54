"""`bin/yz tenant_export CODE FILE`: everything of a tenant in open formats."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from kernel.clock import utc_now
from tenants.upkeep.management.commands._asking import UpkeepCommand, operator
from tenants.upkeep.services import export_tenant


class Command(UpkeepCommand):
    help = "Writes everything of a tenant into a zip: CSV and JSON, journal, stored files, data dictionary, index."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code")
        parser.add_argument("target", type=Path, metavar="FILE|FOLDER")

    def question(self, options: dict[str, Any]) -> str:
        return f"Everything of {options['code']} is written to {options['target']}, names of people included. Go on?"

    def work(self, options: dict[str, Any]) -> None:
        path: Path = options["target"]
        now = utc_now()
        if path.is_dir():
            path = path / f"{options['code']}-{now:%Y%m%dT%H%M%SZ}.export.zip"
        if not path.parent.is_dir():
            raise CommandError(f"there is no folder {path.parent}")
        began = time.monotonic()
        done = export_tenant(actor=operator(), code=options["code"], path=path, now=now, progress=self.progress)
        self.stdout.write(
            f"{path}: {done.rows} rows of {done.tables} tables, {done.files} files, {time.monotonic() - began:.1f} s"
        )
