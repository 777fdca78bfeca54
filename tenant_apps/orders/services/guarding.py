"""Conditions that other apps put on a step of an order, asked under its lock.

    guarding.register("request_payment", "invoice", check)

`check(order)` raises the refusal.
"""

from __future__ import annotations

from collections.abc import Callable

from kernel.posts import Post
from kernel.problems import DomainError
from kernel.registry import Registry
from tenant_apps.orders.models import Order
from tenant_apps.orders.rules import OrderState, next_post

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


# Where a condition of the mall comes before the next step, somebody else meets it: the clerk draws the contract up
# that shipping waits for, the supplier invoices what is to be paid.
_MEETS = {
    OrderState.ACCEPTED: ("ship", Post.BUYER_CLERK),
    OrderState.GOODS_ACCEPTED: ("request_payment", Post.SUPPLIER_SALES),
}


def waits_for(order: Order) -> Post | None:
    """The post that must act, as the order is now. No statement but those of the guards of its next step, asked once
    for a row that was read.
    """
    condition = _MEETS.get(OrderState(order.state))
    if condition is None:
        return next_post(order.state)
    action, meets = condition
    known: dict[tuple[str, int], bool] = order.__dict__.setdefault("conditions_met", {})
    moment = (str(order.state), order.version)
    if moment not in known:
        known[moment] = may(action, order)
    return next_post(order.state) if known[moment] else meets


def may(action: str, order: Order) -> bool:
    """Whether no guard of the step minds."""
    try:
        ask(action, order)
    except DomainError:
        return False
    return True
