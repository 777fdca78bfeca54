"""`bin/yz tenant_archive CODE FOLDER --reason TEXT [--drop]`: a mall put away for good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kernel.actor import HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.fleet.services import archive_tenant
from tenants.upkeep.management.commands._asking import UpkeepCommand, operator
from tenants.upkeep.services import put_away


class Command(UpkeepCommand):
    help = "Archives a suspended mall, writes its dump and its export, compares them with the database; may drop it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code")
        parser.add_argument("folder", type=Path)
        self.add_key_arguments(parser, writes=True)
        parser.add_argument("--reason", required=True, help="everybody who meets the mall reads it")
        parser.add_argument(
            "--drop", action="store_true", help="remove schema, login, hosts and registry row after that"
        )

    def question(self, options: dict[str, Any]) -> str:
        what = (
            "closed for good, copied and removed from the database" if options["drop"] else "closed for good and copied"
        )
        return f"{options['code']} is {what}. Its files must be kept 15 years. Go on?"

    def work(self, options: dict[str, Any]) -> None:
        now = utc_now()
        # Whoever has the owner's shell acts as the platform's operator; the journal says who it was.
        actor = replace(operator(), held=(HeldPost(Post.PLATFORM_OPERATOR, 0),))
        done = put_away(
            actor=actor,
            code=options["code"],
            folder=options["folder"],
            archive=lambda: archive_tenant(actor=actor, code=options["code"], reason=options["reason"], now=now),
            drop=options["drop"],
            now=now,
            phrase=self.phrase(options),
            progress=self.progress,
        )
        self.stdout.write(f"{done.dump} (SM3 {done.sm3}, {done.rows} rows)\n{done.export}")
        self.stdout.write(
            "removed from the database" if done.dropped else "kept in the database, readable by supervisors"
        )
