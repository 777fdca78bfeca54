"""Entering bans and moving them on. One transaction and one journal row each; a row is never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date
from kernel.inputs import UsccField
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.region_files.services import store_file
from shared_apps.region_journal.services import record
from shared_apps.sanctions.causes import CAUSES
from shared_apps.sanctions.files import DECISION
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.parties import PARTIES
from shared_apps.sanctions.reach import keeps, levels_of
from shared_apps.sanctions.rules import (
    SANCTION_LIFECYCLE,
    LiftGround,
    Period,
    SanctionState,
    Scope,
    fine_range,
    reference_of,
    return_range,
)
from tenants.database.context import region_atomic
from tenants.divisions.models import Division

SWEEP_ROWS = 200


class SanctionExists(Conflict):
    code = "sanction-exists"
    title = gettext_lazy("This decision against this party is entered already")


class SamePerson(Conflict):
    """Four eyes: who entered a ban does not put it in force."""

    code = "sanction-same-person"
    title = gettext_lazy("Another person must put this ban in force")


class DecisionMissing(Conflict):
    code = "sanction-decision-missing"
    title = gettext_lazy("The decision's document is not attached")


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as a person sends it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSanction:
    """What the decision says. `last_on` is the ban's last day; amounts are None where they are not known."""

    party_kind: str
    party_code: str
    party_name: str
    cause: str
    scope: str
    scope_divisions: Sequence[str] = ()
    decision_number: str
    decided_on: date
    decided_by: str
    starts_on: date
    last_on: date
    purchase_amount: Decimal | None = None
    fine_amount: Decimal | None = None
    level: str | None = None


def enter_sanction(*, actor: Actor, given: NewSanction, now: datetime, document: Upload | None = None) -> Sanction:
    """A draft of the decision as its document states it. It holds nobody until another person puts it in force.

    Raises NotPermitted, InvalidInput where the law does not allow the period or the fine, and SanctionExists.
    """
    level = _level(actor, given.level)
    period = Period(given.starts_on, given.last_on + timedelta(days=1))
    if errors := _errors(given, period, local_date(now)):
        raise InvalidInput(errors=errors)
    if actor.user_id is None:
        raise NotPermitted
    try:
        with region_atomic():
            row = Sanction.objects.create(  # type: ignore[misc]  # unknown amounts are null
                party_kind=given.party_kind,
                party_code=given.party_code,
                party_name=given.party_name,
                level=level,
                cause=given.cause,
                scope=Scope(given.scope),
                scope_divisions=sorted(given.scope_divisions),
                purchase_amount=given.purchase_amount,
                fine_amount=given.fine_amount,
                decision_number=given.decision_number,
                decided_on=given.decided_on,
                decided_by=given.decided_by,
                starts_on=period.starts_on,
                returns_on=period.returns_on,
                state=SanctionState.DRAFTED,
                entered_by=actor.user_id,
                entered_by_name=actor.name,
                entered_at=now,
            )
            _record(
                actor, "sanctions.entered", row, now,
                level=level, cause=row.cause, scope=str(row.scope), scope_divisions=row.scope_divisions,
                decided_on=row.decided_on, decided_by=row.decided_by,
                purchase_amount=row.purchase_amount, fine_amount=row.fine_amount,
            )  # fmt: skip
            if document is not None:
                _attach(actor, row, document, now)
    except IntegrityError as error:
        raise SanctionExists(decision_number=given.decision_number, party_name=given.party_name) from error
    return row


def attach_decision(*, actor: Actor, sanction_id: int, document: Upload, now: datetime) -> Sanction:
    """The decision's document, while the ban is a draft; a second one takes the first one's place.

    Raises NotFound, WrongState and FileRefused.
    """
    with region_atomic():
        row = _kept(actor, sanction_id)
        SANCTION_LIFECYCLE.next(row.state, "put_in_force")
        _attach(actor, row, document, now)
    return row


def put_in_force(*, actor: Actor, sanction_id: int, now: datetime) -> Sanction:
    """A second person confirms the entry against the document; from its first day on the party is held.

    Raises NotFound, WrongState, SamePerson and DecisionMissing.
    """
    with region_atomic():
        row = _kept(actor, sanction_id)
        move = SANCTION_LIFECYCLE.next(row.state, "put_in_force")
        if actor.user_id is None or actor.user_id == row.entered_by:
            raise SamePerson(entered_by=row.entered_by_name)
        if not row.decision_file:
            raise DecisionMissing(decision_number=row.decision_number)
        row.state = move.target
        row.put_in_force_by, row.put_in_force_by_name, row.put_in_force_at = actor.user_id, actor.name, now
        if local_date(now) in Period(row.starts_on, row.returns_on):
            found = PARTIES[row.party_kind].find(codes=[row.party_code]).get(row.party_code)
            if found is not None:
                _hold(row, found.id, now)
        row.save()
        _record(actor, "sanctions.put_in_force", row, now, held_party_id=row.held_party_id)
    return row


def lift_sanction(
    *,
    actor: Actor,
    sanction_id: int,
    ground: str,
    number: str,
    decided_on: date,
    decided_by: str,
    now: datetime,
    document: Upload | None = None,
) -> Sanction:
    """Ends a ban before its time, by a decision of reconsideration, of a court or of who issued it.

    Raises NotFound, WrongState and InvalidInput.
    """
    with region_atomic():
        row = _kept(actor, sanction_id)
        move = SANCTION_LIFECYCLE.next(row.state, "lift")
        if not row.decided_on <= decided_on <= local_date(now):
            raise InvalidInput(errors={"decided_on": [_("The day lies between the decision on the ban and today.")]})
        row.lift_ground, row.lift_number = LiftGround(ground), number
        row.lift_decided_on, row.lift_decided_by = decided_on, decided_by
        if document is not None:
            kept = store_file(actor=actor, name=document.name, content=document.content, purpose=DECISION.name, now=now)
            row.lift_file, row.lift_file_name = kept.key, kept.name
        row.state, row.lifted_at = move.target, now
        row.lifted_by, row.lifted_by_name = actor.user_id, actor.name
        _release(row, now)
        row.save()
        _record(
            actor, "sanctions.lifted", row, now,
            ground=ground, number=number, lift_decided_on=decided_on, lift_decided_by=decided_by, file=row.lift_file,
        )  # fmt: skip
    return row


def annul_sanction(*, actor: Actor, sanction_id: int, reason: str, now: datetime) -> Sanction:
    """Takes back a wrong entry, which stays readable; a right one is entered anew. Raises NotFound and WrongState."""
    with region_atomic():
        row = _kept(actor, sanction_id)
        move = SANCTION_LIFECYCLE.next(row.state, "annul")
        row.state, row.annulled_at = move.target, now
        row.annulled_reason, row.annulled_by_name = reason, actor.name
        _release(row, now)
        row.save()
        _record(actor, "sanctions.annulled", row, now, reason=reason)
    return row


def sweep_due(*, now: datetime) -> tuple[int, int]:
    """What time does: ends the bans whose time is over, and holds parties whose ban has begun or that came later.

    `now` is the database's clock; the day is Xinjiang's office day. Answers how many bans ended and how many parties
    were held. A second run at the same moment finds nothing. Each ban is a transaction of its own.
    """
    today = local_date(now)
    ended = held = 0
    in_force = Sanction.objects.filter(state=SanctionState.IN_FORCE)
    for key in list(in_force.filter(returns_on__lte=today).order_by("id").values_list("id", flat=True)[:SWEEP_ROWS]):
        ended += _end(key, today, now)
    waiting = in_force.filter(starts_on__lte=today, returns_on__gt=today, held_party_id=None).order_by("id")
    rows = list(waiting.values_list("id", "party_kind", "party_code"))
    for kind in PARTIES.values():
        codes = {code for _id, its_kind, code in rows if its_kind == kind.code}
        known = kind.find(codes=codes) if codes else {}
        for key, its_kind, code in rows:
            if its_kind == kind.code and code in known:
                held += _hold_late(key, known[code].id, today, now)
    return ended, held


def _end(key: int, today: date, now: datetime) -> int:
    with region_atomic():
        row = Sanction.objects.select_for_update().get(pk=key)
        if row.state != SanctionState.IN_FORCE or row.returns_on > today:
            return 0
        row.state, row.ended_at = SANCTION_LIFECYCLE.next(row.state, "end").target, now
        _release(row, now)
        row.save()
        _record(SYSTEM, "sanctions.ended", row, now)
    return 1


def _hold_late(key: int, party_id: int, today: date, now: datetime) -> int:
    with region_atomic():
        row = Sanction.objects.select_for_update().get(pk=key)
        if (
            row.state != SanctionState.IN_FORCE
            or row.held_party_id
            or today not in Period(row.starts_on, row.returns_on)
        ):
            return 0
        _hold(row, party_id, now)
        row.save(update_fields=["held_party_id"])
        _record(SYSTEM, "sanctions.party_held", row, now, held_party_id=party_id)
    return 1


def _hold(row: Sanction, party_id: int, now: datetime) -> None:
    row.held_party_id = party_id
    PARTIES[row.party_kind].hold(
        party_id=party_id,
        reference=reference_of(row.pk),
        reason=_("Banned by decision %(number)s") % {"number": row.decision_number},
        until=Period(row.starts_on, row.returns_on).last_on,
        now=now,
    )


def _release(row: Sanction, now: datetime) -> None:
    """Lets go of what this ban holds, and of nothing else."""
    if row.held_party_id is not None:
        PARTIES[row.party_kind].release(party_id=row.held_party_id, reference=reference_of(row.pk), now=now)


def _attach(actor: Actor, row: Sanction, document: Upload, now: datetime) -> None:
    replaced = row.decision_file
    kept = store_file(actor=actor, name=document.name, content=document.content, purpose=DECISION.name, now=now)
    row.decision_file, row.decision_file_name = kept.key, kept.name
    row.save(update_fields=["decision_file", "decision_file_name"])
    _record(actor, "sanctions.decision_attached", row, now, file=kept.key, replaced=replaced)


def _level(actor: Actor, wanted: str | None) -> str:
    """The level that the entry is of: the person's own, named where there are several."""
    own = levels_of(actor)
    if not own:
        raise NotPermitted
    if wanted is None:
        if len(own) > 1:
            raise InvalidInput(errors={"level": [_("Say for which level you enter it.")]})
        return next(iter(own))
    if wanted not in own:
        raise InvalidInput(errors={"level": [_("You do not act for this level.")]})
    return wanted


def _errors(given: NewSanction, period: Period, today: date) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if given.party_kind not in PARTIES:
        return {"party_kind": [_("This kind of party is not known.")]}
    try:
        UsccField().run_validation(given.party_code)
    except ValidationError as error:
        details = error.detail if isinstance(error.detail, list) else [error.detail]
        errors["party_code"] = [str(detail) for detail in details]
    cause = CAUSES.get(given.cause)
    if cause is None or cause.party_kind != given.party_kind:
        return {"cause": [_("The law names no such situation for this kind of party.")]}
    if given.decided_on > today:
        errors["decided_on"] = [_("The decision cannot be of a later day than today.")]
    if given.starts_on < given.decided_on:
        errors["starts_on"] = [_("A ban does not begin before its decision.")]
    earliest, latest = return_range(starts_on=given.starts_on, cause=cause)
    if not earliest <= period.returns_on <= latest:
        fewest, most = cause.ban_years
        errors["last_on"] = [
            _("The law allows %(fewest)s to %(most)s years: the last day lies from %(first)s to %(last)s.")
            % {
                "fewest": fewest,
                "most": most,
                "first": (earliest - timedelta(days=1)).isoformat(),
                "last": (latest - timedelta(days=1)).isoformat(),
            }
        ]
    bounds = fine_range(cause=cause, purchase_amount=given.purchase_amount)
    if given.fine_amount is not None and bounds is not None:
        least, most_yuan = bounds
        if (least is not None and given.fine_amount < least) or given.fine_amount > most_yuan:
            errors["fine_amount"] = [
                _("The law allows a fine from %(least)s to %(most)s yuan.")
                % {"least": f"{least or 0:.2f}", "most": f"{most_yuan:.2f}"}
            ]
    if (given.scope == Scope.DIVISIONS) != bool(given.scope_divisions):
        errors["scope_divisions"] = [_("Name the divisions exactly when the decision names them.")]
    elif given.scope_divisions:
        known = set(Division.objects.filter(code__in=given.scope_divisions).values_list("code", flat=True))
        if missing := sorted(set(given.scope_divisions) - known):
            errors["scope_divisions"] = [_("There is no division %(codes)s.") % {"codes": "、".join(missing)}]
    return errors


def _kept(actor: Actor, sanction_id: int) -> Sanction:
    """The row, locked, if the actor keeps bans of its level. Raises NotFound."""
    row = Sanction.objects.select_for_update().filter(pk=sanction_id).first()
    if row is None or not keeps(actor, row.level):
        raise NotFound(sanction=sanction_id)
    return row


def _record(actor: Actor, event: str, row: Sanction, now: datetime, **more: object) -> None:
    facts = {
        "party_kind": row.party_kind,
        "party_code": row.party_code,
        "party_name": row.party_name,
        "decision_number": row.decision_number,
        "state": str(row.state),
        "starts_on": row.starts_on,
        "returns_on": row.returns_on,
        **more,
    }
    record(actor=actor, event=event, object_type="sanction", object_id=row.pk, facts=facts, now=now)
