"""Main menu: apps say what they offer, the shell shows each person what is theirs.

An app registers in its `ready()`:

    navigation.register(MenuEntry("cart", _("Cart"), "orders:cart", "shopping-cart",
                                  posts=frozenset({Post.BUYER_CLERK}), room="tenant", order=30))

A long menu is folded: entries of one group stand behind one heading.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.registry import Registry

Room = Literal["region", "tenant", "both"]
# Up to so many entries stand side by side on one line.
FLAT_MAX = 8


@dataclass(frozen=True)
class MenuGroup:
    """A heading of a folded menu; it takes its place among the entries by its order."""

    key: str
    label: str | Promise
    order: int


GROUPS = {
    group.key: group
    for group in (
        MenuGroup("goods", _("Goods and offers"), 20),
        MenuGroup("suppliers", _("Suppliers"), 30),
        MenuGroup("agencies", _("Agencies"), 40),
        MenuGroup("malls", _("Malls and rules"), 50),
        MenuGroup("libraries", _("Libraries"), 60),
        MenuGroup("organisations", _("Organisations and security"), 80),
    )
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
        return any(link.badge_url for link in self.links)


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
    """The menu as it is shown: a short one as it is, of a long one each group that has several entries as one."""
    if len(found) <= FLAT_MAX:
        return list(found)
    by_group: dict[str, list[MenuLink]] = {}
    for link in found:
        by_group.setdefault(link.group, []).append(link)
    order = {entry.key: entry.order for entry in entries()}
    shown: list[tuple[int, MenuLink | Fold]] = []
    for key, links_of in by_group.items():
        if key and len(links_of) > 1:
            shown.append((GROUPS[key].order, Fold(GROUPS[key].label, links_of)))
        else:
            shown += [(GROUPS[key].order if key else order[link.key], link) for link in links_of]
    return [item for _order, item in sorted(shown, key=lambda pair: pair[0])]


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
