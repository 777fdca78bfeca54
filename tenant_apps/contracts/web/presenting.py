"""Contracts in the shape that the page components read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from tenant_apps.contracts.models import ContractVersion
from tenant_apps.contracts.selectors import limit_of
from tenant_apps.contracts.words import EVENTS, SIDES
from tenant_apps.journal.selectors import HistoryEntry
from tenant_apps.orders.web.presenting import warning_of


def warning_for(row: ContractVersion) -> str:
    """How far the time to publish or to file has run, from half of it on."""
    return warning_of(limit_of(row))


def timeline_entries(history: Iterable[HistoryEntry]) -> list[dict[str, Any]]:
    """What happened, for the timeline; steps of the machinery alone are not shown."""
    entries = []
    for entry in history:
        if entry.event in EVENTS:
            title, icon, colour = EVENTS[entry.event]
            side = entry.facts.get("side")
            notes = (SIDES[side] if side else entry.facts.get("number"), entry.facts.get("reason"))
            entries.append(
                {
                    "title": title,
                    "at": entry.at,
                    "who": entry.actor_name if entry.organisation_name else _("the system"),
                    "organisation": entry.organisation_name,
                    "note": " · ".join(str(note) for note in notes if note),
                    "icon": icon,
                    "colour": colour,
                }
            )
    return entries
