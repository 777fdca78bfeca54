"""The work on a package, piece by piece: reading and judging it, then taking it over.

A run holds the package by its number and a lease, renewed with every piece. Reading begins anew when a run was lost;
taking over goes on behind the last piece, whose transaction held its orders, their journal rows and the place it came
to. Beside that, an old number is here at most once (`taken_order_old_number_once`), whatever package names it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from kernel.actor import Actor, Belonging, HeldPost, system_in
from kernel.clock import database_now, local_date
from kernel.posts import Post
from kernel.problems import DomainError
from tenant_apps.files.services import open_file
from tenant_apps.policies.selectors import opening
from tenant_apps.takeover.judging import Judged, judge_package
from tenant_apps.takeover.models import Takeover, TakeoverItem
from tenant_apps.takeover.reading import read_package
from tenant_apps.takeover.rules import (
    AT_WORK,
    ERRORS_KEPT,
    LEASE,
    PIECE_ITEMS,
    RUNS_MAX,
    TAKEOVER_LIFECYCLE,
    ItemKind,
    Outcome,
    TakeoverState,
)
from tenant_apps.takeover.services import storing
from tenant_apps.takeover.services.common import counts_of, note
from tenant_apps.takeover.services.mapping import keep_codes
from tenants.database.context import TENANT_ALIAS, current_tenant, region_as, tenant_atomic
from tenants.database.logins import MALL

logger = logging.getLogger(__name__)


class TakenUp(RuntimeError):
    """The package was broken off, or another run holds it: this one writes nothing more."""


def run_takeover(*, takeover_id: int) -> None:
    """Does what is left of the package. Nothing happens while another run holds it or people have to decide."""
    row = _take(takeover_id)
    if row is None:
        return
    try:
        # The libraries as the mall may read them, in a request and in the worker alike.
        with region_as(MALL):
            if row.state == TakeoverState.READING:
                _read(row)
            else:
                while _store_piece(row):
                    pass
    except TakenUp:
        logger.warning("run %s of takeover %s was taken up or broken off", row.run, row.pk)


def _now() -> datetime:
    return database_now(TENANT_ALIAS)


def _take(takeover_id: int) -> Takeover | None:
    """Marks the package as ours until the lease ends."""
    with tenant_atomic():
        row = Takeover.objects.select_for_update().filter(pk=takeover_id, state__in=AT_WORK).first()
        now = _now()
        if row is None or (row.run and row.next_due_at is not None and row.next_due_at > now):
            return None
        if row.run >= RUNS_MAX:
            # A package that kills every worker; what was taken over stays, and sent again it goes on from there.
            row.state = TakeoverState(TAKEOVER_LIFECYCLE.next(row.state, "give_up").target)
            row.reason, row.finished_at, row.next_due_at = "given-up", now, None
            row.save(update_fields=["state", "reason", "finished_at", "next_due_at"])
            note(system_in(current_tenant().code), "cancelled", row, now, reason=row.reason)
            return None
        if row.state == TakeoverState.RECEIVED:
            row.state = TakeoverState(TAKEOVER_LIFECYCLE.next(row.state, "read").target)
        row.run, row.next_due_at = row.run + 1, now + LEASE
        row.save(update_fields=["state", "run", "next_due_at"])
        return row


def _hold(row: Takeover, now: datetime) -> None:
    """Locks the package for this transaction and renews the lease. Raises TakenUp."""
    held = Takeover.objects.filter(pk=row.pk, run=row.run, state=row.state).update(next_due_at=now + LEASE)
    if not held:
        raise TakenUp(row.run)


# -- reading -------------------------------------------------------------------------------------------------------
def _read(row: Takeover) -> None:
    sender = Actor(
        user_id=row.sent_by_id, name=row.sent_by_name, tenant=current_tenant().code,
        belongs=(Belonging(row.organisation_id, "", "", "", current_tenant().code),),
    )  # fmt: skip
    began = opening()
    try:
        _file, content = open_file(actor=sender, key=row.file_key)
        judged = judge_package(
            package=read_package(content),
            live_on=local_date(began.opened_at) if began else None,
            today=local_date(_now()),
        )
    except DomainError as error:
        with tenant_atomic():
            now = _now()
            _hold(row, now)
            row.state = TakeoverState(TAKEOVER_LIFECYCLE.next(row.state, "refuse").target)
            row.reason, row.finished_at, row.next_due_at = str(error.facts.get("reason", error.code))[:40], now, None
            row.save()
            note(system_in(current_tenant().code), "unreadable", row, now, reason=row.reason)
        return
    _keep(row, judged, sender)


def _keep(row: Takeover, judged: Judged, sender: Actor) -> None:
    """What was found, in one transaction: the items, what is wrong, what is not mapped, and the sums."""
    with tenant_atomic():
        now = _now()
        _hold(row, now)
        TakeoverItem.objects.filter(takeover=row).delete()
        TakeoverItem.objects.bulk_create(
            [
                TakeoverItem(
                    takeover=row, position=position, kind=item.kind, key=item.key, outcome=item.outcome,
                    state=item.state, party=item.party, amount=item.amount, content=item.content,
                    fingerprint=item.fingerprint,
                )
                for position, item in enumerate(judged.items, start=1)
            ],
            batch_size=500,
        )  # fmt: skip
        keep_codes(actor=sender, codes=judged.added_codes, takeover_id=row.pk, now=now)
        row.lines = judged.count(Outcome.NEW, ItemKind.LINE)
        row.orders = judged.count(Outcome.NEW, ItemKind.ORDER)
        row.same = judged.count(Outcome.SAME)
        row.wrong = len(judged.errors)
        row.errors = [[one.sheet, one.row, one.column, one.value, one.reason] for one in judged.errors[:ERRORS_KEPT]]
        row.unmapped = judged.unmapped
        row.comparison = [
            [one.what, *one.line, one.state, str(one.said), str(one.summed), one.matches] for one in judged.comparison
        ]
        row.matches = judged.matches
        row.state = TakeoverState(TAKEOVER_LIFECYCLE.next(row.state, "check").target)
        row.checked_at, row.next_due_at, row.stored_to, row.stored, row.refused = now, None, 0, 0, 0
        row.save()
        note(system_in(current_tenant().code), "checked", row, now, **counts_of(row))


# -- taking over -----------------------------------------------------------------------------------------------------
def acting_for(row: Takeover) -> Actor:
    """Who confirmed the package, in the post that confirmed it: the decision is carried out in that name."""
    bureau = Belonging(**row.confirmed_for, tenant_code=current_tenant().code)
    return Actor(
        user_id=row.confirmed_by_id,
        name=row.confirmed_by_name,
        tenant=current_tenant().code,
        belongs=(bureau,),
        held=(HeldPost(Post.TIER_SUPERVISOR, bureau.organisation_id),),
    )


def _store_piece(row: Takeover) -> bool:
    """One piece in one transaction, or the end. Returns whether there may be more."""
    with tenant_atomic():
        now, actor = _now(), acting_for(row)
        _hold(row, now)
        row.refresh_from_db()
        piece = list(
            TakeoverItem.objects.filter(takeover=row, position__gt=row.stored_to, outcome=Outcome.NEW).order_by(
                "position"
            )[:PIECE_ITEMS]
        )
        if not piece:
            row.state = TakeoverState(TAKEOVER_LIFECYCLE.next(row.state, "finish").target)
            row.finished_at, row.next_due_at = now, None
            row.save(update_fields=["state", "finished_at", "next_due_at"])
            note(actor, "finished", row, now, stored=row.stored, refused=row.refused)
            return False
        for item in piece:
            item.outcome, item.reason = storing.store(actor=actor, row=row, item=item, now=now)
            row.stored += item.outcome == Outcome.DONE
            row.refused += item.outcome == Outcome.REFUSED
        TakeoverItem.objects.bulk_update(piece, ["outcome", "reason"])
        row.stored_to = piece[-1].position
        row.save(update_fields=["stored_to", "stored", "refused"])
    return True
