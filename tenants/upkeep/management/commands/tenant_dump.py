"""`bin/yz tenant_dump CODE FILE`: one tenant in one file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from kernel.clock import utc_now
from tenants.upkeep.management.commands._asking import UpkeepCommand, operator
from tenants.upkeep.services import dump_tenant


class Command(UpkeepCommand):
    help = "Writes a consistent copy of one tenant into a file and reads it back."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code")
        parser.add_argument("file", type=Path)
        self.add_key_arguments(parser, writes=True)

    def question(self, options: dict[str, Any]) -> str:
        return f"{options['file']} is there: overwrite it?" if options["file"].exists() else ""

    def work(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        if not path.parent.is_dir():
            raise CommandError(f"there is no folder {path.parent}")
        began = time.monotonic()
        phrase = self.phrase(options)
        manifest = dump_tenant(
            actor=operator(), code=options["code"], path=path, now=utc_now(), phrase=phrase, progress=self.progress
        )
        self.stdout.write(
            f"{path}{'' if phrase else ' (in clear)'}: {manifest.rows} rows of {len(manifest.tables)} tables, "
            f"{len(manifest.files)} files, {path.stat().st_size} bytes, epoch {manifest.tenant['epoch']}, "
            f"{time.monotonic() - began:.1f} s"
        )
