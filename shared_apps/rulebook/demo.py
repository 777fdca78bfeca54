"""Demonstration data of the rulebook: what the platform ships is all there is."""

from __future__ import annotations

from datetime import datetime

from shared_apps.rulebook.services import load_shipped


def load(now: datetime) -> None:
    load_shipped(now=now)
