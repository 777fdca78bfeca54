"""System checks of the meters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.checks import CheckMessage, Error

from kernel.events import OptionalField, declared
from kernel.meters import ANY_EVENT, METERS, OF_OBJECT, Counting
from shared_apps.fees.meters import AWAITED_EVENTS


def check_meters(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """yz.E010: a meter counts an event that nobody declares; yz.E011: it reads a fact that the event does not have."""
    events = {event.name: event for event in declared()}
    found: list[CheckMessage] = []
    for meter in METERS.values():
        for source in meter.sources:
            if source.event == ANY_EVENT:
                if meter.counting != Counting.DISTINCT:
                    found.append(Error(f"meter {meter.code}: any event counts people only", id="yz.E010"))
                continue
            event = events.get(source.event)
            if event is None:
                if source.event not in AWAITED_EVENTS:
                    found.append(Error(f"meter {meter.code}: nobody declares {source.event}", id="yz.E010"))
                continue
            named = {source.fact, source.moment_fact, source.tenant_fact, *(name for name, _ in source.where)}
            found += [
                Error(f"meter {meter.code}: {source.event} has no fact {name!r}", id="yz.E011")
                for name in sorted(named - {"", OF_OBJECT} - set(event.fields))
            ]
            if source.fact in event.fields and _kind(event.fields[source.fact]) not in {int, Decimal}:
                found.append(Error(f"meter {meter.code}: {source.fact!r} of {source.event} is no number", id="yz.E011"))
    return found


def _kind(field: Any) -> Any:
    return field.kind if isinstance(field, OptionalField) else field
