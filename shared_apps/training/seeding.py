"""What a practice mall is filled with is the malls' business: one of the apps above brings it along at start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from shared_apps.training.rules import MallStep


class Seeder(Protocol):
    """Fills a new practice mall; done twice it changes nothing. `tell` says how far it is."""

    def __call__(self, *, code: str, clock: Callable[[], datetime], tell: Callable[[MallStep], None]) -> None: ...


_seeders: list[Seeder] = []


def provide(seeder: Seeder) -> Seeder:
    """Registered at app start, once. Raises when somebody else has."""
    if _seeders:
        raise RuntimeError("practice malls are seeded by one app")
    _seeders.append(seeder)
    return seeder


def seed(*, code: str, clock: Callable[[], datetime], tell: Callable[[MallStep], None]) -> None:
    for seeder in _seeders:
        seeder(code=code, clock=clock, tell=tell)
