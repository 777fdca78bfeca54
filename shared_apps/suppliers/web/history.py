"""What the region's journal tells of a supplier, as entries of a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.suppliers.wording import ACTIONS, CAUSES, FIELDS

if TYPE_CHECKING:
    from shared_apps.region_journal.models import RegionJournalEntry

_TITLES: dict[str, Promise] = {
    "suppliers.registered": _("Entered in the library"),
    "suppliers.standing_changed": _("Standing changed"),
    "suppliers.organisation_linked": _("Its people act for it"),
    "suppliers.held": _("Suspended: a cause began"),
    "suppliers.released": _("A cause of suspension ended"),
    "suppliers.changed": _("Particulars changed after review"),
    "suppliers.phone_changed": _("Telephone changed by the supplier"),
    "suppliers.confirmed": _("Confirmed by the supplier"),
    "suppliers.warned": _("Warned of a coming end"),
}


def told(entries: Iterable[RegionJournalEntry]) -> list[dict[str, Any]]:
    """Newest first."""
    return [
        {
            "title": _TITLES[entry.event],
            "at": entry.at,
            "who": entry.actor_name,
            "note": _note(entry.facts),
        }
        for entry in entries
        if entry.event in _TITLES
    ]


def _note(facts: dict[str, Any]) -> str:
    """The cause or the action, the fields, and the reason that was given."""
    parts: list[Any] = []
    if facts.get("cause") in CAUSES:
        parts.append(CAUSES[facts["cause"]])
    if facts.get("action") in ACTIONS:
        parts.append(ACTIONS[facts["action"]])
    parts += [FIELDS[field] for field in facts.get("fields", ()) if field in FIELDS]
    if facts.get("reason"):
        parts.append(facts["reason"])
    return "；".join(str(part) for part in parts)
