"""Main menu: apps say what they offer, the shell shows each person what is theirs.

An app registers in its `ready()`:

    navigation.register(MenuEntry("cart", _("Cart"), "orders:cart", "shopping-cart",
                                  posts=frozenset({Post.BUYER_CLERK}), room="tenant", order=30))

A menu longer than a line is folded: entries of one group then stand behind one heading.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.registry import Registry

Room = Literal["region", "tenant", "both"]
# What stands on one line of the widest page, in pixels; an entry is as wide as its words, its icon and its margins.
LINE_WIDTH = 1040
_FRAME_WIDTH = 56
_BADGE_WIDTH = 26

GROUPS: dict[str, Promise] = {
    "goods": _("Goods and offers"),
    "suppliers": _("Suppliers"),
    "agencies": _("Agencies"),
    "malls": _("Malls and rules"),
    "libraries": _("Libraries"),
    "organisations": _("Organisations and security"),
    "budgets": _("Budgets and payments"),
    "bureau": _("Oversight of the mall"),
    "people": _("People and approvals"),
}


@dataclass(frozen=True)
class MenuEntry:
    """One line of the main menu.

    `posts` None means everybody; else one of the posts must be held. `signed_in` asks for a signed-in
    person and nothing more. `badge_url_name` names a page that answers the bare figure for the badge
    (or nothing); htmx fetches it after the page and again on the event `yz:badges`. `group` is a key of GROUPS.
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
    group: str = ""


@dataclass(frozen=True)
class MenuLink:
    """An entry as one request sees it."""

    key: str
    label: str | Promise
    url: str
    icon: str
    badge_url: str
    current: bool
    group: str = ""

    @property
    def has_badges(self) -> bool:
        return bool(self.badge_url)


@dataclass(frozen=True)
class Fold:
    """A group of a folded menu as one request sees it."""

    label: str | Promise
    links: list[MenuLink]

    @property
    def current(self) -> bool:
        return any(link.current for link in self.links)

    @property
    def has_badges(self) -> bool:
        return any(link.has_badges for link in self.links)


ENTRIES: Registry[MenuEntry] = Registry("main menu")


def register(entry: MenuEntry) -> None:
    """Add an entry at app start. Raises when the key is taken, the group unknown or the menu already read."""
    if entry.group and entry.group not in GROUPS:
        raise ValueError(f"menu entry {entry.key}: no group {entry.group}")
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
        MenuLink(
            entry.key, entry.label, url, entry.icon, try_reverse(entry.badge_url_name), url == current, entry.group
        )
        for entry, url in found
    ]


def folded(found: list[MenuLink]) -> list[MenuLink | Fold]:
    """The menu as it is shown: of one longer than a line as few groups are folded as make it fit."""
    by_group: dict[str, list[MenuLink]] = {}
    for link in found:
        by_group.setdefault(link.group, []).append(link)
    folds = {key: Fold(GROUPS[key], links_of) for key, links_of in by_group.items() if key and len(links_of) > 1}
    saved = {key: sum(map(_width, fold.links)) - _width(fold) for key, fold in folds.items()}
    left, closed = sum(map(_width, found)) - LINE_WIDTH, set[str]()
    for key in sorted(saved, key=lambda key: -saved[key]):
        if left > 0:
            closed.add(key)
            left -= saved[key]
    # A fold stands where its first entry would.
    return [
        folds[link.group] if link.group in closed else link
        for link in found
        if link.group not in closed or link is by_group[link.group][0]
    ]


def _width(item: MenuLink | Fold) -> int:
    letters = sum(15 if ord(letter) >= 0x2E80 else 8 for letter in str(item.label))
    return _FRAME_WIDTH + letters + (_BADGE_WIDTH if item.has_badges else 0)


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
