"""Where each action of the lifecycle is done: the order page draws its buttons from the table and from this.

    actions.register(ActionPage("ship", "orders:ship", kind="page", colour="primary", icon="truck-delivery"))

`kind` "post" is a button that acts at once (after `confirm`, if there is a question); "page" leads to a form.
An action that nobody registered has no button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.functional import Promise

from kernel.actor import Actor
from kernel.registry import Registry
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import possible_actions
from tenant_apps.orders.rules import ORDER_LIFECYCLE
from tenant_apps.orders.words import ACTIONS


@dataclass(frozen=True)
class ActionPage:
    """`by` says what the page's address names the order by.

    `applies` hides the button where a guard of the table cannot be met; the service refuses all the same.
    """

    action: str
    url_name: str
    kind: Literal["post", "page"] = "post"
    colour: str = "primary"
    icon: str = ""
    confirm: str | Promise = ""
    by: Literal["id", "number"] = "id"
    applies: Callable[[Actor, Order], bool] | None = None


@dataclass(frozen=True)
class ActionButton:
    """One button of one order for one person."""

    action: str
    label: str | Promise
    url: str
    kind: str
    colour: str
    icon: str
    confirm: str | Promise


PAGES: Registry[ActionPage] = Registry("order actions")


def register(page: ActionPage) -> None:
    """Called at app start. Raises LookupError for an action that the table does not have."""
    if page.action not in ORDER_LIFECYCLE.action_names:
        raise LookupError(f"the order has no action {page.action!r}")
    PAGES.register(page.action, page)


def buttons_for(*, actor: Actor, order: Order) -> tuple[ActionButton, ...]:
    """What the actor may do with the order now, in the table's order."""
    found = []
    for transition in possible_actions(actor=actor, order=order):
        page = PAGES.get(transition.action)
        if page is not None and (page.applies is None or page.applies(actor, order)):
            found.append(
                ActionButton(
                    action=page.action,
                    label=ACTIONS[page.action],
                    url=reverse(page.url_name, args=[order.pk if page.by == "id" else order.number]),
                    kind=page.kind,
                    colour=page.colour,
                    icon=page.icon,
                    confirm=page.confirm,
                )
            )
    return tuple(found)
