"""`bin/yz rotate_logins [CODE …]`: brings the passwords in the database in line with YZ_LOGIN_SECRET."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from kernel.clock import utc_now
from tenants.upkeep.management.commands._asking import UpkeepCommand, operator
from tenants.upkeep.services import rotate_logins


class Command(UpkeepCommand):
    help = "Gives the region's logins and every mall's the passwords that follow from YZ_LOGIN_SECRET."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("codes", nargs="*", metavar="CODE", help="only these malls")

    def question(self, options: dict[str, Any]) -> str:
        whose = ", ".join(options["codes"]) or "every mall and the region"
        return f"New passwords for the logins of {whose}: processes with the old secret cannot connect anew. Go on?"

    def work(self, options: dict[str, Any]) -> None:
        count = rotate_logins(actor=operator(), codes=options["codes"], now=utc_now(), progress=self.progress)
        self.stdout.write(f"{count} logins have new passwords; restart the processes with the same YZ_LOGIN_SECRET")
