"""What the commands of upkeep share: confirmation, progress, who acts."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.actor import Actor
from kernel.problems import DomainError


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

    def question(self, options: dict[str, Any]) -> str:
        raise NotImplementedError

    def work(self, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def progress(self, what: str, number: int, of: int) -> None:
        if not self.quiet:
            self.stdout.write(f"{what} {number}/{of}" if of else what)
            self.stdout.flush()
