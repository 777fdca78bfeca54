"""Conditions that other apps put on a step of an order, asked under its lock.

    guarding.register("request_payment", "invoice", check)

`check(order)` raises the refusal.
"""

from __future__ import annotations

from collections.abc import Callable

from kernel.registry import Registry
from tenant_apps.orders.models import Order

Check = Callable[[Order], None]
GUARDS: Registry[tuple[str, Check]] = Registry("order guards")


def register(action: str, name: str, check: Check) -> None:
    """Called at app start; `name` is the guard's own. Raises when it is taken."""
    GUARDS.register(f"{action}:{name}", (action, check))


def ask(action: str, order: Order) -> None:
    """Raises what the first guard that minds raises."""
    for guarded, check in GUARDS.values():
        if guarded == action:
            check(order)
