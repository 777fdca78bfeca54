"""What a page of the help centre is made of. Its texts are written in English and translated by the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

from kernel.posts import Post

# Which host has the page a task is done on; "both" for those that every host has.
Room = Literal["region", "tenant", "both"]
Text = str | Promise


@dataclass(frozen=True)
class Law:
    """A rule in the statute's own words, which are Chinese in every language, and where they stand."""

    source: Text
    words: str


@dataclass(frozen=True)
class Page:
    room: Room
    name: str


@dataclass(frozen=True)
class Picture:
    """A page as tests/screenshots.py took it: `help/<name>.webp` among the static files."""

    name: str
    alt: Text


@dataclass(frozen=True)
class Task:
    key: str
    title: Text
    steps: tuple[Text, ...]
    page: Page | None = None
    picture: Picture | None = None
    law: tuple[Law, ...] = ()


@dataclass(frozen=True)
class Role:
    """`posts` None: whoever has an account; empty: nobody needs one."""

    key: str
    title: Text
    lead: Text
    icon: str
    posts: frozenset[Post] | None
    tasks: tuple[Task, ...]

    def is_for(self, posts: frozenset[str], *, signed_in: bool) -> bool:
        """Whether a reader with these posts does what the page describes."""
        if self.posts is None:
            return signed_in
        return bool(self.posts & posts)
