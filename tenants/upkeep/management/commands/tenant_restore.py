"""`bin/yz tenant_restore CODE FILE`: a dumped tenant back into place, whole or not at all."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kernel.clock import utc_now
from tenants.upkeep.management.commands._asking import UpkeepCommand, operator
from tenants.upkeep.services import check_file, restore_tenant


class Command(UpkeepCommand):
    help = "Puts a dump back into place: same schema and login, a new journal epoch, everybody signed out."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code")
        parser.add_argument("file", type=Path)
        self.add_key_arguments(parser, writes=False)
        parser.add_argument("--check", action="store_true", help="read the file and say what it holds; change nothing")
        parser.add_argument(
            "--trust-file", action="store_true", help="take a file sealed under another secret (a secret was changed)"
        )

    def question(self, options: dict[str, Any]) -> str:
        if options["check"]:
            return ""
        return f"Everything {options['code']} holds now is replaced by {options['file']}. Go on?"

    def work(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        code, path, trust = options["code"], options["file"], options["trust_file"]
        phrase = self.phrase(options)
        if options["check"]:
            manifest = check_file(code=code, path=path, trust=trust, phrase=phrase)
            self.stdout.write(f"{path} is whole: {code} of {manifest.taken_at}, {manifest.rows} rows")
            return
        done = restore_tenant(
            actor=operator(), code=code, path=path, now=utc_now(), trust=trust, phrase=phrase, progress=self.progress
        )
        self.stdout.write(
            f"{code} is as of {done.manifest.taken_at}: {done.manifest.rows} rows, epoch {done.epoch}, "
            f"{done.lost} relayed rows taken back, {len(done.migrated)} migrations applied, "
            f"{time.monotonic() - began:.1f} s"
        )
