"""`bin/yz import_items FILE`: takes over the ministry's item table from an Excel or CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.problems import InvalidInput
from shared_apps.classification.importing import import_items, preview_items


class Command(BaseCommand):
    help = "Takes over the item table (code, name, notes); judged whole, stored in one transaction. --check only looks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="show what would change, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            found = preview_items(actor=SYSTEM, content=content)
            for one in found.errors:
                self.stderr.write(f"{one.row} {one.label} {one.value}: {one.reason}")
            if not options["check"] and not found.errors:
                found = import_items(actor=SYSTEM, content=content, file_name=path.name, now=utc_now())
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        if found.errors:
            raise CommandError(f"{len(found.errors)} cells are wrong, nothing was stored")
        self.stdout.write(
            f"{found.rows} rows: {found.added} new, {found.changed} changed, {found.retired} retired"
            + (" (nothing stored)" if options["check"] else "")
        )
