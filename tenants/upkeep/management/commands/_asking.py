"""What the commands of upkeep share: confirmation, progress, who acts."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.actor import Actor
from kernel.problems import DomainError
from tenants.upkeep.errors import DumpKeyMissing
from tenants.upkeep.sealing import phrase_from


def operator() -> Actor:
    """Whoever runs the command: an account of the machine, nobody of the product."""
    return Actor(None, f"operator {getpass.getuser()}"[:40])


class UpkeepCommand(BaseCommand):
    """Asks before it changes or discloses anything, unless --yes; says how far it is; 1 where it was refused."""

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["quiet"]
        question = self.question(options)
        if question and not options["yes"]:
            if not sys.stdin.isatty():
                raise CommandError("nobody to ask: say --yes")
            if input(f"{question} [yes/no] ").strip().lower() != "yes":
                raise CommandError("nothing was done")
        try:
            self.work(options)
        except DomainError as error:
            facts = " ".join(f"{key}={value}" for key, value in error.facts.items())
            raise CommandError(f"{error.code}: {error.detail or facts or error}") from error

    @staticmethod
    def add_key_arguments(parser: CommandParser, *, writes: bool) -> None:
        parser.add_argument(
            "--key-file",
            type=Path,
            default=Path(settings.YZ_DUMP_KEY_FILE) if settings.YZ_DUMP_KEY_FILE else None,
            help="file whose first line is the pass phrase (default: YZ_DUMP_KEY_FILE)",
        )
        if writes:
            parser.add_argument("--plain", action="store_true", help="write the dump in clear, where no key is named")

    @staticmethod
    def phrase(options: dict[str, Any]) -> bytes | None:
        """The pass phrase; None for a file in clear, which a writing command must be told to make."""
        if options["key_file"] is not None:
            return phrase_from(options["key_file"])
        if options.get("plain", True):
            return None
        raise DumpKeyMissing("a dump holds personal data: name a key file (--key-file), or say --plain")

    def question(self, options: dict[str, Any]) -> str:
        raise NotImplementedError

    def work(self, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def progress(self, what: str, number: int, of: int) -> None:
        if not self.quiet:
            self.stdout.write(f"{what} {number}/{of}" if of else what)
            self.stdout.flush()
