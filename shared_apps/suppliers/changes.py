"""Who wants to know that a supplier's standing changed: read tables of upper apps that depend on it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from kernel.registry import Registry


class StandingHook(Protocol):
    """Runs inside the transaction of the change, on the region's alias; raising undoes the change."""

    def __call__(self, *, supplier_ids: Collection[int], now: datetime) -> None: ...


# Filled at app start by the apps above; each hook is called once for every change.
STANDING_HOOKS: Registry[StandingHook] = Registry("hooks of suppliers' standing")


def standing_changed(*, supplier_ids: Collection[int], now: datetime) -> None:
    """Tells every hook. Called by the services of this app, in the transaction of the change."""
    for hook in STANDING_HOOKS.values():
        hook(supplier_ids=supplier_ids, now=now)
