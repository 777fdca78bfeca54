"""One round of everything time does in one tenant: for tests, demonstrations and a worker that is down."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.clock import utc_now
from tenant_apps.contracts.services import announcing, signing
from tenant_apps.invoices.services import verify_due
from tenant_apps.orders.services import ending
from tenant_apps.payments import services
from tenants.database.context import tenant_selected


class Command(BaseCommand):
    help = (
        "Expires and closes orders that are due, sends payment instructions and asks the treasury about them, "
        "verifies invoices, follows signatures and announcements of contracts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", required=True, help="division code of the tenant")
        parser.add_argument("--at", help="moment to act at, ISO 8601 with its offset; now when it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        now = _moment(options["at"])
        with tenant_selected(options["tenant"]):
            swept = ending.sweep_due(now=now)
            sent = services.send_due(now=now)
            asked = services.poll_due(now=now)
            watched = services.watch_due(now=now)
            verified = verify_due(now=now)
            followed = signing.follow_due(now=now)
            announced = announcing.follow_due(now=now)
        self.stdout.write(
            f"expired {swept.expired}, closed {swept.closed}, sent {sent.sent}, "
            f"paid {asked.confirmed}, failed {sent.failed + asked.failed}, waiting {sent.waiting + asked.waiting}, "
            f"returned {watched.returned}, invoices verified {verified.verified}, refused {verified.refused}, "
            f"contracts sent {followed.sent}, signed {followed.signed}, announced {announced.published}"
        )


def _moment(text: str | None) -> datetime:
    if not text:
        return utc_now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"not a moment: {text}") from error
    if moment.tzinfo is None:
        raise CommandError("the moment needs its offset, such as +08:00")
    return moment
