"""Who in the region listens to which event. Filled at app start, frozen before the relay runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

REGION_ROOM = "region"


@dataclass(frozen=True, slots=True)
class RelayedEntry:
    """One journal row on its way to the region. `tenant` is the tenant's code, or `region`."""

    tenant: str
    epoch: int
    journal_id: int
    at: datetime
    event: str
    version: int
    actor_id: int | None
    actor_name: str
    organisation_id: int | None
    object_type: str
    object_id: str
    facts: Mapping[str, Any]


Handler = Callable[[RelayedEntry], None]
BatchHandler = Callable[[Sequence[RelayedEntry]], None]

_handlers: dict[str, list[Handler]] = {}
_batch_handlers: list[BatchHandler] = []


def consumer(event: str) -> Callable[[Handler], Handler]:
    """Registers a handler for an event type, or with `orders.*` for every event of an app.

    It runs once per (tenant, epoch, journal id), in the relay's transaction on the region's alias, as yz_relay. It
    raises nothing it can foresee: a handler that fails holds its tenant's relay back until it is mended.
    """

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(event, []).append(handler)
        return handler

    return register


def batch_consumer(handler: BatchHandler) -> BatchHandler:
    """Registers a handler of every event of every room, called once with all fresh rows of a batch by their ids.

    Otherwise as `consumer`: in the relay's transaction, each row once. For what writes many rows in one statement.
    """
    _batch_handlers.append(handler)
    return handler


def batch_handlers() -> Sequence[BatchHandler]:
    return _batch_handlers


def handlers_of(event: str) -> list[Handler]:
    """The handlers of an event type: its own first, then those of all its app's events."""
    return [*_handlers.get(event, []), *_handlers.get(f"{event.split('.', 1)[0]}.*", [])]
