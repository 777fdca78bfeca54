"""Suppliers in the to-do list: applications that wait for somebody, papers and confirmations that are about to end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from shared_apps.suppliers.rules import ApplicationState, HoldCause
from tenants.journaling.consumers import RelayedEntry

S = ApplicationState
_WORDS = {
    "supplier_submitted": _("Vet the supplier's application"),
    "supplier_vetted": _("Admit the supplier to the library"),
    "supplier_returned": _("Correct the application to the supplier library"),
    "paper_ends": _("Renew a licence or permit before it ends"),
    "paper_ended": _("Renew the licence or permit that has ended"),
    "confirmation_ends": _("Confirm the supplier's particulars"),
    "confirmation_ended": _("Confirm the supplier's particulars: it is suspended"),
}
_WARNED = {
    HoldCause.QUALIFICATION_EXPIRED: ("paper_ends", "paper_ended"),
    HoldCause.NOT_RECONFIRMED: ("confirmation_ends", "confirmation_ended"),
}
_MOVES = ("submitted", "passed", "returned", "refused", "approved", "withdrawn", "lapsed")


def _application(entry: RelayedEntry) -> list[LibraryStep]:
    facts, state = entry.facts, entry.facts["state"]
    post: Post | None = None
    level, organisation_id, path = "", None, f"/library/review/suppliers/{entry.object_id}/"
    if state == S.SUBMITTED:
        level = facts["collecting_code"]
        post = Post.CPB_OPERATOR if level else Post.REGION_SUPERVISOR
    elif state == S.VETTED:
        post = Post.REGION_SUPERVISOR
    elif state == S.RETURNED and facts["organisation_id"] is not None:
        post, organisation_id = Post.SUPPLIER_ADMIN, facts["organisation_id"]
        path = f"/supplier/applications/{entry.object_id}/"
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step=f"supplier_{state}",
            path=path,
            post=post,
            level=level,
            organisation_id=organisation_id,
            due_at=_end_of(facts["due_on"]),
            facts={"order_number": facts["number"], "supplier_name": facts["name"]},
        )
    ]


def _ending(entry: RelayedEntry) -> list[LibraryStep]:
    """A warning opens a thread of the supplier's administrators, the end keeps it, the release closes it."""
    facts = entry.facts
    words = _WARNED.get(facts["cause"])
    if words is None:
        return []
    waits = not entry.event.endswith(".released") and facts["organisation_id"] is not None
    return [
        _warning(
            entry,
            facts["cause"],
            facts["reference"],
            step=words[0] if entry.event.endswith(".warned") else words[1],
            post=Post.SUPPLIER_ADMIN if waits else None,
            due=facts.get("due_on", ""),
        )
    ]


def _over(entry: RelayedEntry) -> list[LibraryStep]:
    """What was warned of is settled before its end: confirmed, or renewed with an approved change."""
    if entry.event.endswith(".confirmed"):
        return [_warning(entry, HoldCause.NOT_RECONFIRMED, "", step="confirmation_ends")]
    return [
        _warning(entry, HoldCause.QUALIFICATION_EXPIRED, str(key), step="paper_ends") for key in entry.facts["ended"]
    ]


def _warning(
    entry: RelayedEntry, cause: str, reference: str, *, step: str, post: Post | None = None, due: str = ""
) -> LibraryStep:
    facts: dict[str, Any] = dict(entry.facts)
    return LibraryStep(
        object_type="supplier_warning",
        object_id=f"{entry.object_id}:{cause}:{reference}"[:60],
        step=step,
        path="/supplier/",
        post=post,
        organisation_id=facts.get("organisation_id") if post else None,
        due_at=_end_of(due),
        facts={"order_number": facts["uscc"], "supplier_name": facts["name"]},
    )


def _end_of(day: str) -> datetime | None:
    """The moment after the last one of that day."""
    if not day:
        return None
    after = date.fromisoformat(day) + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


follow([f"suppliers.application_{name}" for name in _MOVES], _application, words=_WORDS)
follow(["suppliers.warned", "suppliers.held", "suppliers.released"], _ending, words={})
follow(["suppliers.confirmed", "suppliers.changed"], _over, words={})
