"""The go-live checklist: apps register what must be true before the mall opens.

    checklist.register(ChecklistItem("shelf", _("Shelf chosen"), check=shelf_state, action_url_name="storefront:shelf",
                                     responsible=Post.CPB_OPERATOR, order=60))

`check(now)` runs in the selected tenant and answers None when the item is done, else the reason (a lazy text).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.utils.functional import Promise

from kernel.posts import Post
from kernel.registry import Registry

T = TypeVar("T")
Check = Callable[[datetime], str | Promise | None]


@dataclass(frozen=True)
class ChecklistItem:
    """One condition. `action_url_name` names the page of the mall where it is mended or read, `region_url_name` that of
    the region's host, `responsible` the post that mends it.
    """

    key: str
    label: str | Promise
    check: Check
    responsible: Post
    order: int
    action_url_name: str = ""
    region_url_name: str = ""


@dataclass(frozen=True)
class ChecklistState:
    """An item as it stands now."""

    key: str
    label: str | Promise
    done: bool
    reason: str | Promise
    action_url: str
    region_url: str
    responsible: Post


ITEMS: Registry[ChecklistItem] = Registry("go-live checklist")


def register(item: ChecklistItem) -> None:
    """Add an item at app start. Raises when the key is taken."""
    ITEMS.register(item.key, item)


def items() -> list[ChecklistItem]:
    """All items in their order; the first reading closes the registry."""
    ITEMS.freeze()
    return sorted(ITEMS.values(), key=lambda item: (item.order, item.key))


_looked: ContextVar[dict[str, object] | None] = ContextVar("looked_up_for_the_checklist", default=None)


@contextmanager
def looking() -> Iterator[None]:
    """While its body runs, items that need the same rows read them once; within another look it is part of that."""
    if _looked.get() is not None:
        yield
        return
    token = _looked.set({})
    try:
        yield
    finally:
        _looked.reset(token)


def once(key: str, read: Callable[[], T]) -> T:
    """What `read` gives, kept for the other items of the same look at the checklist."""
    kept = _looked.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return kept[key]  # type: ignore[return-value]  # one key is always read by the same function
