"""Agencies in the to-do list: what the region's desk, a plan's keeper, the agency and the purchaser have to do next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.clock import SHANGHAI
from kernel.posts import Post
from shared_apps.agencies.rules.agreements import AgreementState
from shared_apps.agencies.rules.checks import CheckState
from shared_apps.agencies.rules.evaluations import EvaluationState, EvaluatorRole
from shared_apps.agencies.rules.registration import AgencyState
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry


def _registration(entry: RelayedEntry) -> list[LibraryStep]:
    """A complete registration waits for the desk, a returned one for the agency."""
    facts, state = entry.facts, entry.facts["state"]
    post, organisation_id, path = None, None, f"/library/review/agencies/{entry.object_id}/"
    if state == AgencyState.SUBMITTED:
        post = Post.REGION_SUPERVISOR
    elif state == AgencyState.RETURNED:
        post, organisation_id, path = Post.AGENCY_MANAGER, facts["organisation_id"], "/agency/"
    steps = [
        LibraryStep(
            object_type=entry.object_type, object_id=entry.object_id, step=f"agency_{state}", path=path, post=post,
            organisation_id=organisation_id, facts=_shown(facts["uscc"], facts["name"]),
        )
    ]  # fmt: skip
    return [*steps, _staff(entry, enough=True)] if state == AgencyState.DEREGISTERED else steps


def _change(entry: RelayedEntry) -> list[LibraryStep]:
    """Nobody approves a change; one that leaves too few staff waits for who joins (Cai Ku [2018] 2, secondary)."""
    return [_staff(entry, enough=not entry.facts["few_staff"])]


def _staff(entry: RelayedEntry, *, enough: bool) -> LibraryStep:
    facts = entry.facts
    return LibraryStep(
        object_type="agency_staff", object_id=entry.object_id, step="agency_few_staff", path="/agency/",
        post=None if enough else Post.AGENCY_MANAGER, organisation_id=None if enough else facts["organisation_id"],
        facts=_shown(facts["uscc"], facts["name"]),
    )  # fmt: skip


def _check(entry: RelayedEntry) -> list[LibraryStep]:
    """Findings wait for the agency until their day, what it reports for the keeper of the plan."""
    facts, state = entry.facts, entry.facts["state"]
    post, level, organisation_id, due = None, "", None, ""
    if state == CheckState.RECTIFYING:
        post, organisation_id, due = Post.AGENCY_MANAGER, facts["organisation_id"], facts["due_on"]
    elif state == CheckState.REPORTED:
        level = facts["owner_code"]
        post = Post.TIER_SUPERVISOR if level else Post.REGION_SUPERVISOR
    return [
        LibraryStep(
            object_type=entry.object_type, object_id=entry.object_id, step=f"agency_check_{state}",
            path=f"/agency-checks/{entry.object_id}/", post=post, level=level, organisation_id=organisation_id,
            due_at=_end_of(due), facts=_shown(facts["uscc"], facts["name"]),
        )
    ]  # fmt: skip


def _agreement(entry: RelayedEntry) -> list[LibraryStep]:
    """A filed agreement waits to be begun, finished work to be evaluated in its five working days."""
    facts, state = entry.facts, entry.facts["state"]
    due = facts.get("evaluation_due_on") or ""
    waits = state == AgreementState.FILED or bool(due)
    step = "agency_agreement_to_evaluate" if due else f"agency_agreement_{state}"
    return [_of_purchaser(entry.object_id, facts, facts["number"], step=step, waits=waits, due=due)]


def _evaluated(entry: RelayedEntry) -> list[LibraryStep]:
    facts = entry.facts
    if facts["role"] != EvaluatorRole.PURCHASER:
        return []
    key = str(facts["agreement_id"])
    return [_of_purchaser(key, facts, facts["agreement"], step="agency_agreement_evaluated", waits=False)]


def _of_purchaser(
    key: str, facts: Mapping[str, Any], number: str, *, step: str, waits: bool, due: str = ""
) -> LibraryStep:
    return LibraryStep(
        object_type="agency_agreement", object_id=key, step=step, path=f"/agency-agreements/{key}/",
        post=Post.UNIT_ADMINISTRATOR if waits else None, level=facts["tenant_code"],
        organisation_id=facts["purchaser_id"] if waits else None, due_at=_end_of(due), ends=bool(due),
        facts=_shown(number, facts["agency_name"]),
    )  # fmt: skip


def _appeal(entry: RelayedEntry) -> list[LibraryStep]:
    facts = entry.facts
    waits = facts["state"] == EvaluationState.APPEALED
    return [
        LibraryStep(
            object_type=entry.object_type, object_id=entry.object_id, step=f"agency_evaluation_{facts['state']}",
            path=f"/agency-agreements/{facts['agreement_id']}/", post=Post.REGION_SUPERVISOR if waits else None,
            facts=_shown(facts["agreement"], facts["agency_name"]),
        )
    ]  # fmt: skip


def _shown(number: str, name: str) -> dict[str, str]:
    return {"order_number": number, "supplier_name": name}


def _end_of(day: str) -> datetime | None:
    """The moment after the last one of that day."""
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time.min, tzinfo=SHANGHAI)


_MOVES = ("submitted", "withdrawn", "reopened", "returned")
follow(
    [*(f"agencies.registration_{move}" for move in _MOVES), "agencies.published", "agencies.deregistered"],
    _registration,
    words={
        "agency_submitted": _("See whether the agency's registration is complete, and publish it"),
        "agency_returned": _("Complete the agency's registration"),
    },
)
follow(["agencies.change_reported"], _change, words={"agency_few_staff": _("Report who joined: staff are too few")})
follow(
    ["agencies.checked", "agencies.rectification_reported", "agencies.check_decided"],
    _check,
    words={
        "agency_check_rectifying": _("Mend what the spot check found"),
        "agency_check_reported": _("Decide whether the findings are mended"),
    },
)
_ENDS = ("filed", "started", "completed", "ended", "ended_by_ban", "to_wind_up")
follow(
    [f"agencies.agreement_{event}" for event in _ENDS],
    _agreement,
    words={
        "agency_agreement_filed": _("Note when the agency begins its work"),
        "agency_agreement_to_evaluate": _("Evaluate the agency"),
    },
)
follow(["agencies.evaluated"], _evaluated, words={})
follow(
    ["agencies.evaluation_appealed", "agencies.evaluation_appeal_decided"],
    _appeal,
    words={"agency_evaluation_appealed": _("Decide the appeal against an evaluation")},
)
