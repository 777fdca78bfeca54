"""`bin/yz demo_accounts`: where to sign in for the demonstration, and as whom."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from shared_apps.accounts.roster import DEMO_PASSWORD, DEMO_TENANTS, DemoPerson, roster


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _column(text: str, width: int) -> str:
    return text + " " * max(1, width - _width(text))


class Command(BaseCommand):
    help = "Prints the demonstration's addresses, sign-in names and posts."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"统一登录  {settings.YZ_REGION_URL}/sign-in/")
        for code, (_, name) in DEMO_TENANTS.items():
            address = settings.YZ_TENANT_URL.format(host=f"{code}.{settings.YZ_BASE_HOST}")
            self.stdout.write(f"{name}电子卖场  {address}/")
        self.stdout.write(f"所有演示账号的密码  {DEMO_PASSWORD}\n\n")
        for person in roster():
            self._line(person)

    def _line(self, person: DemoPerson) -> None:
        columns = ((person.username, 16), (person.title, 20), (person.organisation.name, 0))
        self.stdout.write("  " + "".join(_column(text, width) for text, width in columns).rstrip())
