"""Event types of the journals: declared once, versioned, and their facts checked before a row is written."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kernel.money import yuan
from kernel.registry import Registry

_NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
_KINDS: tuple[type, ...] = (str, int, bool, Decimal, datetime, date, list, dict)


class EventMalformed(ValueError):
    """The facts do not fit the declared type: a mistake of ours, found before it is written."""


@dataclass(frozen=True, slots=True)
class OptionalField:
    """A fact that may be None or left out; it is then written as null. `str | None` says the same."""

    kind: type


def optional(kind: type) -> OptionalField:
    return OptionalField(kind)


FieldSpec = Any  # type | OptionalField | `kind | None`: the last has no one type of its own


@dataclass(frozen=True)
class EventType:
    """`fields` maps each fact to str, int, bool, Decimal, datetime, date, list or dict, or an optional one of them.

    An event of `security` (who may do what, what leaves the house, what is shut) is told to the security log's
    stream as well.
    """

    name: str
    version: int
    fields: Mapping[str, FieldSpec]
    security: bool = False

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None:
            raise EventMalformed(f"{self.name!r} is not of the form app.past_participle")
        if self.version < 1:
            raise EventMalformed(f"{self.name}: versions start at 1")
        object.__setattr__(self, "fields", {key: _spec(self.name, key, spec) for key, spec in self.fields.items()})


def _spec(name: str, key: str, spec: Any) -> type | OptionalField:
    if isinstance(spec, types.UnionType):
        kinds = [kind for kind in typing.get_args(spec) if kind is not types.NoneType]
        if len(kinds) != 1 or len(kinds) == len(typing.get_args(spec)):
            raise EventMalformed(f"{name}.{key}: only one type, or one type or None")
        spec = OptionalField(kinds[0])
    kind = spec.kind if isinstance(spec, OptionalField) else spec
    if kind not in _KINDS:
        raise EventMalformed(f"{name}.{key}: {kind!r} is not a type of facts")
    return typing.cast("type | OptionalField", spec)


_declared: Registry[EventType] = Registry("event types")


def declare(event: EventType) -> EventType:
    """Make an event known. Called once per name, when the app's events module is imported."""
    return _declared.register(event.name, event)


def event_type(name: str) -> EventType:
    if name not in _declared:
        raise EventMalformed(f"{name!r} is not a declared event")
    return _declared[name]


def declared() -> tuple[EventType, ...]:
    return tuple(_declared.values())


def check(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """JSON-ready facts of a declared event: amounts "12.30", moments ISO in UTC. Raises EventMalformed."""
    fields = event_type(name).fields
    if extra := set(facts) - set(fields):
        raise EventMalformed(f"{name}: facts not declared: {', '.join(sorted(map(str, extra)))}")
    ready: dict[str, Any] = {}
    for key, spec in fields.items():
        value = facts.get(key)
        if isinstance(spec, OptionalField):
            ready[key] = None if value is None else _fact(f"{name}.{key}", value, spec.kind)
        elif key not in facts:
            raise EventMalformed(f"{name}: {key} is missing")
        else:
            ready[key] = _fact(f"{name}.{key}", value, typing.cast("type", spec))
    return ready


def _fact(where: str, value: Any, kind: type) -> Any:
    fits = isinstance(value, kind)
    if kind is int:
        fits = fits and not isinstance(value, bool)
    elif kind is date:
        fits = fits and not isinstance(value, datetime)
    elif kind is list:
        fits = isinstance(value, list | tuple)
    elif kind is dict:
        fits = isinstance(value, Mapping)
    if not fits:
        raise EventMalformed(f"{where}: {kind.__name__} expected, got {type(value).__name__}")
    return _plain(where, value)


def _plain(where: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(value, str):
        # PostgreSQL's jsonb takes neither; the edge refuses both, so one here is a mistake inside.
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise EventMalformed(f"{where}: NUL or a lone surrogate")
        return str.__str__(value)
    if isinstance(value, Decimal):
        try:
            return str(yuan(value))
        except ValueError as error:
            raise EventMalformed(f"{where}: {error}") from error
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise EventMalformed(f"{where}: a naive datetime names no moment")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(f"{where}[{index}]", item) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise EventMalformed(f"{where}: keys are text")
        return {str.__str__(key): _plain(f"{where}.{key}", item) for key, item in value.items()}
    raise EventMalformed(f"{where}: {type(value).__name__} has no place in a journal")
