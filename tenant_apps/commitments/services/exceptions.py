"""Exception documents: filed by a unit's clerk, decided by the finance bureau (Implementing Regulation art. 28)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.classification.rules import is_item_code
from tenant_apps.commitments.models import SplitException
from tenant_apps.commitments.permissions import DECIDERS
from tenant_apps.commitments.rules import EXCEPTION_LIFECYCLE, ExceptionState
from tenant_apps.files.services import store_file
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic

EVENTS = {"accept": "accepted", "refuse": "refused", "withdraw": "withdrawn", "end": "ended"}


class ExceptionWaits(Conflict):
    """One document for the same sum waits already."""

    code = "exception-waits"
    title = _("A document for this sum is waiting already")


class OwnException(Conflict):
    """Who filed a document does not accept it."""

    code = "exception-own"
    title = _("Nobody decides on a document they filed")


class ExceptionChanged(Conflict):
    code = "exception-changed"
    title = _("The document has changed in the meantime")


def file_exception(
    *,
    actor: Actor,
    unit_id: int,
    fiscal_year: int,
    budget_item: str,
    code: str,
    kind: str,
    up_to: Decimal,
    document_number: str,
    document_on: date,
    reason: str,
    file_name: str,
    content: bytes,
    now: datetime,
) -> SplitException:
    """Files the document of an adjusted budget or an approved method. It lets nothing pass until it is accepted.

    Raises NotFound for a unit whose clerk the actor is not, InvalidInput, ExceptionWaits, FileRefused.
    """
    organisation_id = _clerk_organisation(actor, unit_id)
    errors: dict[str, list[str]] = {}
    if not is_item_code(code):
        errors["code"] = [str(_("Give an item code of the catalogue, or that of a class."))]
    if document_on > local_date(now):
        errors["document_on"] = [str(_("The document's date lies in the future."))]
    if errors:
        raise InvalidInput(errors=errors)
    try:
        with tenant_atomic():
            file = store_file(
                actor=actor,
                name=file_name,
                content=content,
                purpose="commitments.exception",
                organisation_id=organisation_id,
                now=now,
            )
            row = SplitException.objects.create(
                unit_id=unit_id,
                organisation_id=organisation_id,
                fiscal_year=fiscal_year,
                budget_item=budget_item,
                code=code,
                kind=kind,
                up_to=up_to,
                document_number=document_number,
                document_on=document_on,
                reason=reason,
                file_key=file.key,
                state=EXCEPTION_LIFECYCLE.initial,
                filed_at=now,
                filed_by_id=actor.user_id or 0,
                filed_by_name=actor.name,
            )
            _journal(actor, row, "filed", reason, now)
    except IntegrityError as error:
        if "split_exception_one_open" in str(error):
            raise ExceptionWaits(budget_item=budget_item, item=code) from error
        raise
    return row


def step_exception(
    *, actor: Actor, exception_id: int, action: str, now: datetime, reason: str = "", version: int | None = None
) -> SplitException:
    """The bureau accepts, refuses or ends a document; the clerk's unit withdraws one that waits.

    Raises NotFound for strangers, NotPermitted, WrongState, OwnException, ExceptionChanged, InvalidInput.
    """
    with tenant_atomic():
        row = SplitException.objects.select_for_update().filter(pk=exception_id).first()
        if row is None or not (actor.posts & DECIDERS or actor.has(Post.BUYER_CLERK, unit_id=row.unit_id)):
            raise NotFound(exception_id=exception_id)
        posts = {post for move in EXCEPTION_LIFECYCLE.transitions if move.action == action for post in move.posts}
        mine = posts & ({Post.BUYER_CLERK} if actor.has(Post.BUYER_CLERK, unit_id=row.unit_id) else set())
        if not (mine or posts & actor.posts & DECIDERS):
            raise NotPermitted(action=action)
        move = EXCEPTION_LIFECYCLE.next(row.state, action)
        if version is not None and version != row.version:
            raise ExceptionChanged(state=row.state)
        if action != "withdraw" and row.filed_by_id == actor.user_id:
            raise OwnException
        if action in {"refuse", "end"} and not reason.strip():
            raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
        row.state = str(move.target)
        row.version += 1
        if action != "withdraw":
            row.decided_at, row.decided_by_id, row.decided_by_name = now, actor.user_id, actor.name
            row.decided_reason = reason.strip()
        if row.state == ExceptionState.ENDED:
            row.ended_at = now
        row.save()
        _journal(actor, row, EVENTS[action], reason.strip(), now)
    return row


def _clerk_organisation(actor: Actor, unit_id: int) -> int:
    for held in actor.held:
        if held.post == Post.BUYER_CLERK and held.unit_id == unit_id:
            return held.organisation_id
    raise NotFound(unit_id=unit_id)


def _journal(actor: Actor, row: SplitException, what: str, reason: str, now: datetime) -> None:
    record(
        actor=actor,
        event=f"commitments.exception_{what}",
        object_type="split_exception",
        object_id=row.pk,
        facts={
            "unit_id": row.unit_id,
            "fiscal_year": row.fiscal_year,
            "budget_item": row.budget_item,
            "code": row.code,
            "kind": row.kind,
            "up_to": row.up_to,
            "document_number": row.document_number,
            "reason": reason,
        },
        now=now,
    )
