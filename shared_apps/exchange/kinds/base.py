"""What a kind of table declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise

from kernel.actor import Actor
from kernel.posts import Post
from kernel.registry import Registry
from shared_apps.exchange.columns import ExchangeColumn, Values
from shared_apps.exchange.rules import Outcome


@dataclass(frozen=True, slots=True)
class Scope:
    """On whose behalf a table is exchanged: a supplier's member, or the region's staff (`supplier_id` is None)."""

    organisation_id: int
    supplier_id: int | None = None
    supplier_code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row would do by what the database holds now; `column` and `reason` where it cannot be stored."""

    outcome: Outcome
    column: str = ""
    reason: str = ""
    # Stored, but not in force before somebody has looked at it.
    for_review: bool = False
    # The key by which the caller's system may ask for it again.
    key: str = ""


Stored = Judged


class Judge(Protocol):
    def __call__(self, *, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Judged]: ...


class Store(Protocol):
    def __call__(self, *, actor: Actor, scope: Scope, rows: Sequence[Values], now: datetime) -> list[Stored]: ...


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind. `judge` and `store` are given at most a chunk of rows and use statements over the whole set.

    `store` runs inside the chunk's transaction, judges once more under its locks and writes the journal.
    `scope_of` raises NotPermitted for who may not exchange this kind. `key` names the column that identifies a row.
    """

    name: str
    label: str | Promise
    columns: Sequence[ExchangeColumn]
    notes: Sequence[str | Promise]
    posts: frozenset[Post]
    key: str
    scope_of: Callable[[Actor], Scope]
    judge: Judge
    store: Store
    export: Callable[[Scope], Iterator[Values]]
    # A second column that must not stand in a table twice, where there is one.
    also_once: str = ""


KINDS: Registry[ImportKind] = Registry("kinds of exchanged tables")
