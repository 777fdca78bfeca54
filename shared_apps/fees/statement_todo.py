"""Statements in the to-do lists and messages of both sides: confirm or dispute, answer, read the answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from kernel.clock import SHANGHAI
from kernel.posts import Post
from shared_apps.fees.rules.states import DisputeState
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry


def _end_of(day: str) -> datetime:
    """A period ends with its last day."""
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time.min, tzinfo=SHANGHAI)


def _path(entry: RelayedEntry) -> str:
    return f"/fees/statements/{entry.facts['tenant']}/{entry.facts['month'][:7]}/"


def _of_bureau(entry: RelayedEntry, step: str, *, waits: bool, due_at: datetime | None = None) -> LibraryStep:
    return LibraryStep(
        object_type="fee_statement",
        object_id=entry.facts["number"],
        step=step,
        path=_path(entry),
        post=Post.TIER_SUPERVISOR if waits else None,
        level=entry.facts["tenant"],
        due_at=due_at,
        facts={"document_number": entry.facts["number"]},
    )


def _statement(entry: RelayedEntry) -> list[LibraryStep]:
    """Issued, it waits for its bureau, which may dispute it until its last day; confirmed, for nobody."""
    waits = entry.event == "fees.statement_issued"
    due = _end_of(entry.facts["dispute_until"]) if waits else None
    return [_of_bureau(entry, "fee_statement_issued" if waits else "fee_statement_confirmed", waits=waits, due_at=due)]


def _dispute(entry: RelayedEntry) -> list[LibraryStep]:
    """Filed, it waits for the region; when the last is answered the statement waits for its bureau again."""
    facts = entry.facts
    filed = facts["state"] == DisputeState.FILED
    region = LibraryStep(
        object_type="fee_dispute",
        object_id=entry.object_id,
        step=f"fee_dispute_{facts['state']}",
        path=_path(entry),
        post=Post.REGION_SUPERVISOR if filed else None,
        due_at=_end_of(facts["answer_due_on"]) if filed else None,
        facts={"document_number": facts["number"]},
    )
    answered = not filed and facts["open"] == 0
    return [
        region,
        _of_bureau(entry, "fee_statement_answered" if answered else "fee_statement_disputed", waits=answered),
    ]


follow(
    ("fees.statement_issued", "fees.statement_confirmed"),
    _statement,
    words={"fee_statement_issued": _("Check the fee statement: confirm or dispute it")},
)
follow(
    ("fees.dispute_filed", "fees.dispute_answered", "fees.dispute_withdrawn"),
    _dispute,
    words={
        "fee_dispute_filed": _("Answer the dispute of a fee statement"),
        "fee_statement_answered": _("Disputes are answered: confirm the fee statement"),
    },
)
