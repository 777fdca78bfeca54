"""Main menu: apps say what they offer, the shell shows each person what is theirs.

An app registers in its `ready()`:

    navigation.register(MenuEntry("cart", _("Cart"), "orders:cart", "shopping-cart",
                                  posts=frozenset({Post.BUYER_CLERK}), room="tenant", order=30))
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from kernel.registry import Registry

Room = Literal["region", "tenant", "both"]


@dataclass(frozen=True)
class MenuEntry:
    """One line of the main menu.

    `posts` None means everybody; else one of the posts must be held. `signed_in` asks for a signed-in
    person and nothing more. `badge_url_name` names a page that answers the bare figure for the badge
    (or nothing); htmx fetches it after the page and again on the event `yz:badges`.
    """

    key: str
    label: str | Promise
    url_name: str
    icon: str
    posts: frozenset[str] | None
    room: Room
    order: int
    signed_in: bool = False
    badge_url_name: str = ""


@dataclass(frozen=True)
class MenuLink:
    """An entry as one request sees it."""

    key: str
    label: str | Promise
    url: str
    icon: str
    badge_url: str
    current: bool


ENTRIES: Registry[MenuEntry] = Registry("main menu")


def register(entry: MenuEntry) -> None:
    """Add an entry at app start. Raises when the key is taken or the menu was already read."""
    ENTRIES.register(entry.key, entry)


def entries() -> list[MenuEntry]:
    """All entries in their order; the first reading closes the registry."""
    ENTRIES.freeze()
    return sorted(ENTRIES.values(), key=lambda entry: (entry.order, entry.key))


def links(*, room: Room, posts: Iterable[str], signed_in: bool, path: str) -> list[MenuLink]:
    """The menu of one person on one host; entries without a page on this host are left out."""
    held = frozenset(posts)
    found: list[tuple[MenuEntry, str]] = []
    for entry in entries():
        if entry.room not in {room, "both"}:
            continue
        if entry.signed_in and not signed_in:
            continue
        if entry.posts is not None and not entry.posts & held:
            continue
        url = try_reverse(entry.url_name)
        if url:
            found.append((entry, url))
    current = max((url for _, url in found if _leads_to(url, path)), key=len, default="")
    return [
        MenuLink(entry.key, entry.label, url, entry.icon, try_reverse(entry.badge_url_name), url == current)
        for entry, url in found
    ]


def try_reverse(name: str) -> str:
    """The address of a named page, or "" when this host has none."""
    if not name:
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _leads_to(url: str, path: str) -> bool:
    if url == "/":
        return path == "/"
    return path == url or path.startswith(url.rstrip("/") + "/")
