"""`bin/yz load_shipped`: what every installation needs: law texts, calendar, rules, the classification."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kernel.clock import utc_now
from shared_apps.classification import demo as classification
from shared_apps.fleet.measuring import measure
from shared_apps.rulebook.services import load_shipped


class Command(BaseCommand):
    help = "Loads law texts, the working-day calendar, the shipped rules and the classification. Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        for what, count in load_shipped(now=now).items():
            self.stdout.write(f"{what}: {count}")
        classification.load(now)
        self.stdout.write("classification loaded")
        # The console would show no figures until the first regular measurement, minutes from now.
        self.stdout.write(f"malls measured: {measure(now=utc_now())}")
