"""The kinds of parties that can be banned. The app that keeps a kind's library registers it at start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils.functional import Promise

from kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party as its library knows it; `url` is its public page on the region's host, or empty."""

    id: int
    code: str
    name: str
    url: str = ""


class Find(Protocol):
    """The parties with these credit codes, by code; one statement. Unknown codes are left out."""

    def __call__(self, *, codes: Collection[str]) -> Mapping[str, PartyView]: ...


class Hold(Protocol):
    """Keeps the party out until `release`, inside the caller's transaction. A second time it changes nothing."""

    def __call__(self, *, party_id: int, reference: str, reason: str, until: date, now: datetime) -> None: ...


class Release(Protocol):
    """Ends what `hold` with this reference began; what else holds the party stays."""

    def __call__(self, *, party_id: int, reference: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class PartyKind:
    """One kind: `causes.csv` names it in its column party_kind."""

    code: str
    label: str | Promise
    find: Find
    hold: Hold
    release: Release


PARTIES: Registry[PartyKind] = Registry("kinds of parties that can be banned")
