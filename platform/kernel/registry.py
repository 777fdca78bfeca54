"""Registries that upper layers fill at app start and that are then frozen."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, ValuesView
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Key to thing, in order of registration. A second thing under one key is a mistake, as is a late one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._things: dict[str, T] = {}
        self._frozen = False

    def register(self, key: str, value: T) -> T:
        if self._frozen:
            raise RuntimeError(f"{self.name} is frozen: register {key!r} at app start")
        if key in self._things:
            raise ValueError(f"{self.name} has {key!r} already")
        self._things[key] = value
        return value

    def freeze(self) -> None:
        self._frozen = True

    @property
    def frozen(self) -> bool:
        return self._frozen

    def get(self, key: str) -> T | None:
        return self._things.get(key)

    def items(self) -> ItemsView[str, T]:
        return self._things.items()

    def values(self) -> ValuesView[T]:
        return self._things.values()

    def __getitem__(self, key: str) -> T:
        try:
            return self._things[key]
        except KeyError:
            raise KeyError(f"{self.name} has no {key!r}") from None

    def __contains__(self, key: object) -> bool:
        return key in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)
