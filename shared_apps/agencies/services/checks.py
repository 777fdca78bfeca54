"""Spot checks: plan them, let chance or a reason choose, record what was found, follow it up."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotFound
from shared_apps.agencies.models import Agency, AgencyCheck, CheckDraw, CheckPlan
from shared_apps.agencies.permissions import CHECKERS, MANAGERS, own_organisations, require
from shared_apps.agencies.rules.checks import CHECK, DRAW_RULE, CheckMethod, CheckState, draw_order, pool_hash
from shared_apps.agencies.selectors.checks import keeps, owners, pool_of
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class PlanExists(Conflict):
    code = "plan-exists"
    title = _("There is a plan of this title for the year already")


class NotToCheck(Conflict):
    code = "agency-not-to-check"
    title = _("This agency cannot be put into the plan")


class PlannedAlready(Conflict):
    code = "check-planned-already"
    title = _("This agency is in the plan already")


class NotDue(Conflict):
    code = "rectification-not-due"
    title = _("The day set for mending has not passed yet")


def _plan_facts(plan: CheckPlan) -> dict[str, Any]:
    return {"plan": plan.pk, "year": plan.year, "owner_code": plan.owner_code}


def _tell(actor: Actor, event: str, check: AgencyCheck, now: datetime, **more: Any) -> None:
    record(
        actor=actor,
        event=event,
        object_type="agency_check",
        object_id=check.pk,
        facts={
            **_plan_facts(check.plan),
            "agency_id": check.agency_id,
            "uscc": check.agency.uscc,
            "name": check.agency.name,
            "organisation_id": check.agency.organisation_id,
            "method": str(check.method),
            "state": str(check.state),
            **more,
        },
        now=now,
    )


def make_plan(*, actor: Actor, owner_code: str, year: int, title: str, note: str, now: datetime) -> CheckPlan:
    """A plan of the region ("") or of a level whose bureau the actor is of. Raises InvalidInput, PlanExists."""
    require(actor, CHECKERS)
    own = dict(owners(actor=actor))
    if owner_code not in own:
        raise InvalidInput(errors={"owner_code": [str(_("You plan checks for your own level."))]})
    try:
        with region_atomic():
            plan = CheckPlan.objects.create(
                year=year, owner_code=owner_code, owner_name=own[owner_code], title=title, note=note,
                made_by_name=actor.name, made_at=now,
            )  # fmt: skip
            record(
                actor=actor, event="agencies.check_planned", object_type="agency_check_plan", object_id=plan.pk,
                facts={**_plan_facts(plan), "title": title}, now=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise PlanExists(title=title, year=year) from error
    return plan


def _locked_plan(actor: Actor, plan_id: int) -> CheckPlan:
    plan = CheckPlan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None or not keeps(actor=actor, plan=plan):
        raise NotFound(plan=plan_id)
    return plan


def draw_checks(*, actor: Actor, plan_id: int, wanted: int, now: datetime) -> CheckDraw:
    """Chance chooses from the agencies of the list that the plan may check and does not hold yet.

    The pool is fixed first, then the seed is taken from the system's randomness. Every draw is kept and numbered: who
    draws until the right one comes shows it. Raises NotFound, NotToCheck when the pool is empty.
    """
    with region_atomic():
        plan = _locked_plan(actor, plan_id)
        agencies = pool_of(plan=plan)
        if not agencies:
            raise NotToCheck(plan=plan_id)
        pool, seed = sorted(agencies), secrets.token_hex(32)
        drawn = draw_order(seed=seed, pool=pool)[:wanted]
        draw = CheckDraw.objects.create(
            plan=plan, number=plan.draws.count() + 1, rule=DRAW_RULE, pool=pool, pool_hash=pool_hash(pool), seed=seed,
            wanted=wanted, drawn=drawn, drawn_by_name=actor.name, drawn_at=now,
        )  # fmt: skip
        AgencyCheck.objects.bulk_create(
            AgencyCheck(plan=plan, agency_id=agencies[code], method=CheckMethod.RANDOM, draw=draw, state=CHECK.initial)
            for code in drawn
        )
        record(
            actor=actor, event="agencies.checks_drawn", object_type="agency_check_plan", object_id=plan.pk,
            facts={
                **_plan_facts(plan), "number": draw.number, "rule": draw.rule, "pool_hash": draw.pool_hash,
                "pool_size": len(pool), "seed": seed, "drawn": drawn,
            },
            now=now,
        )  # fmt: skip
    return draw


def order_check(*, actor: Actor, plan_id: int, uscc: str, reason: str, now: datetime) -> AgencyCheck:
    """A targeted check, with its reason. Raises NotFound, NotToCheck, PlannedAlready."""
    try:
        with region_atomic():
            plan = _locked_plan(actor, plan_id)
            if plan.checks.filter(agency__uscc=uscc).exists():
                raise PlannedAlready(uscc=uscc)
            key = pool_of(plan=plan).get(uscc)
            if key is None:
                raise NotToCheck(uscc=uscc)
            check = AgencyCheck.objects.create(
                plan=plan, agency=Agency.objects.get(pk=key), method=CheckMethod.TARGETED, reason=reason,
                state=CHECK.initial,
            )  # fmt: skip
            _tell(actor, "agencies.check_ordered", check, now, reason=reason)
    except IntegrityError as error:
        raise PlannedAlready(uscc=uscc) from error
    return check


def _check(check_id: int) -> AgencyCheck | None:
    rows = AgencyCheck.objects.select_for_update(of=("self",)).select_related("plan", "agency")
    return rows.filter(pk=check_id).first()


def _kept(actor: Actor, check_id: int) -> AgencyCheck:
    check = _check(check_id)
    if check is None or not keeps(actor=actor, plan=check.plan):
        raise NotFound(check=check_id)
    return check


def _later_day(due_on: date | None, now: datetime) -> date:
    if due_on is None or due_on <= local_date(now):
        raise InvalidInput(errors={"due_on": [str(_("Set a later day by which the findings are mended."))]})
    return due_on


def record_check(
    *, actor: Actor, check_id: int, findings: Sequence[str], not_applicable: Sequence[str], notes: str,
    due_on: date | None, now: datetime,
) -> AgencyCheck:  # fmt: skip
    """What was found: nothing, and the check is passed; or items, with a day to mend them.

    Raises NotFound, WrongState, InvalidInput.
    """
    if set(findings) & set(not_applicable):
        raise InvalidInput(errors={"not_applicable": [str(_("An item with a finding does apply."))]})
    if findings and not notes.strip():
        raise InvalidInput(errors={"notes": [str(_("Write down what was found."))]})
    with region_atomic():
        check = _kept(actor, check_id)
        check.state = CHECK.next(check.state, "find" if findings else "pass").target
        check.findings, check.not_applicable, check.notes = list(findings), list(not_applicable), notes
        check.checked_at, check.checked_by_name = now, actor.name
        if findings:
            check.due_on = _later_day(due_on, now)
        else:
            check.closed_at = now
        check.save()
        _tell(actor, "agencies.checked", check, now, findings=list(findings), due_on=check.due_on)
    return check


def report_rectified(*, actor: Actor, check_id: int, rectification: str, now: datetime) -> AgencyCheck:
    """The agency says how it mended the findings. Raises NotFound, WrongState."""
    with region_atomic():
        check = _check(check_id)
        mine = own_organisations(actor, MANAGERS)
        if check is None or check.agency.organisation_id not in mine:
            raise NotFound(check=check_id)
        check.state = CHECK.next(check.state, "report_rectified").target
        check.rectification, check.rectified_at = rectification, now
        check.save(update_fields=["state", "rectification", "rectified_at"])
        _tell(actor, "agencies.rectification_reported", check, now)
    return check


def decide_check(
    *, actor: Actor, check_id: int, decision: str, note: str, due_on: date | None, now: datetime
) -> AgencyCheck:
    """`accept`, `send_back` with a new day, `close_unmended` once the day has passed, or `cancel` before it is made.

    Raises NotFound, WrongState, InvalidInput, NotDue.
    """
    if decision != "accept" and not note.strip():
        raise InvalidInput(errors={"note": [str(_("Give the reason."))]})
    with region_atomic():
        check = _kept(actor, check_id)
        check.state = CHECK.next(check.state, decision).target
        check.decision_note = note
        if decision == "send_back":
            check.due_on = _later_day(due_on, now)
        if decision == "close_unmended" and check.due_on is not None and local_date(now) <= check.due_on:
            raise NotDue(due_on=check.due_on)
        if CheckState(check.state) in CHECK.terminal:
            check.closed_at = now
        check.save()
        _tell(actor, "agencies.check_decided", check, now, decision=decision, due_on=check.due_on)
    return check
