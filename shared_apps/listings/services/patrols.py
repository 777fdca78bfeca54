"""Patrols: drawing offers on sale, noting what somebody finds on each, and closing with a summary."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.listings.models import PatrolItem, PatrolTask
from shared_apps.listings.permissions import PATROLLERS, REVIEWERS, require, require_stranger
from shared_apps.listings.purposes import EVIDENCE
from shared_apps.listings.rules.patrols import OFFERS_MAX, SEED_LENGTH, drawn
from shared_apps.listings.rules.reviews import (
    PATROL_LIFECYCLE,
    BreachKind,
    Outcome,
    PatrolScope,
    PatrolState,
)
from shared_apps.listings.selectors.colleagues import colleagues, own_place
from shared_apps.listings.services.breaches import Upload, freeze_offer
from shared_apps.products.offered import on_sale
from shared_apps.products.services.offers import locked
from shared_apps.region_files.services import store_file
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic


class NotEverythingLookedAt(Conflict):
    code = "patrol-unfinished"
    title = _("Not every offer of this patrol was looked at")


class LookedAtAlready(Conflict):
    code = "patrolled-already"
    title = _("Somebody has looked at this offer already")


def open_patrol(
    *,
    actor: Actor,
    title: str,
    scope: PatrolScope,
    sample: int,
    due_on: date,
    now: datetime,
    scope_code: str = "",
    assignee_id: int | None = None,
    seed: str = "",
) -> PatrolTask:
    """Draws `sample` of the offers on sale within the scope, all of them where there are fewer.

    Without a seed one is made; it is kept, so that the draw can be reckoned again. Raises InvalidInput, NotPermitted.
    """
    require(actor, PATROLLERS, "patrol")
    errors: dict[str, list[str]] = {}
    if not 1 <= sample <= OFFERS_MAX:
        errors["sample"] = [gettext("Enter a whole number from %(low)s to %(high)s.") % {"low": 1, "high": OFFERS_MAX}]
    if due_on < local_date(now):
        errors["due_on"] = [gettext("The last day lies in the past.")]
    if (scope is PatrolScope.LIBRARY) is bool(scope_code):
        errors["scope_code"] = [gettext("Name the category or the supplier, and nothing for the whole library.")]
    names = colleagues(actor=actor)
    if assignee_id is not None and assignee_id not in names:
        errors["assignee_id"] = [gettext("Choose somebody of your own organisation who may patrol.")]
    if errors:
        raise InvalidInput(errors=errors)
    with region_atomic():
        offers = on_sale(
            category=scope_code if scope is PatrolScope.CATEGORY else "",
            uscc=scope_code if scope is PatrolScope.SUPPLIER else "",
        )
        if not offers:
            raise InvalidInput(errors={"scope_code": [gettext("No offer is on sale there.")]})
        seed = seed or secrets.token_hex(SEED_LENGTH // 2)
        chosen = drawn(offer_ids=offers, size=min(sample, len(offers)), seed=seed)
        place = own_place(actor)
        task = PatrolTask.objects.create(
            title=title,
            scope=scope,
            scope_code=scope_code,
            population=len(offers),
            sample=len(chosen),
            seed=seed,
            due_on=due_on,
            state=PatrolState.OPEN,
            organisation_id=place.organisation_id if place else None,
            organisation_name=place.organisation_name if place else "",
            level=(place.tenant_code or "") if place else "",
            opened_at=now,
            opened_by_id=actor.user_id,
            opened_by_name=actor.name,
            assignee_id=assignee_id,
            assignee_name=names.get(assignee_id, "") if assignee_id is not None else "",
        )
        PatrolItem.objects.bulk_create(PatrolItem(task=task, offer_id=pk, price=offers[pk]) for pk in chosen)
        facts = {
            "title": title,
            "scope": str(scope),
            "scope_code": scope_code,
            "population": task.population,
            "sample": task.sample,
            "seed": seed,
            "due_on": due_on,
        }
        record(actor=actor, event="listings.patrol_opened", object_type="patrol", object_id=task.pk, facts=facts,
               now=now)  # fmt: skip
    return task


def note_finding(
    *,
    actor: Actor,
    item_id: int,
    outcome: Outcome,
    now: datetime,
    kind: BreachKind | None = None,
    note: str = "",
    market_price: Decimal | None = None,
    evidence: Upload | None = None,
) -> PatrolItem:
    """What somebody found on one offer: nothing, a warning, or a breach that takes it off sale at once.

    A warning or a freeze names what is wrong. Raises NotFound, NotPermitted, LookedAtAlready, WrongState, InvalidInput.
    """
    require(actor, REVIEWERS if outcome is Outcome.FREEZE else PATROLLERS, "patrol")
    text = note.strip()
    errors: dict[str, list[str]] = {}
    if outcome is not Outcome.NONE and not text:
        errors["note"] = [gettext("Say what is wrong.")]
    if (outcome is Outcome.NONE) is (kind is not None):
        errors["kind"] = [gettext("A warning or a freeze has a kind of breach; an offer in order has none.")]
    if errors:
        raise InvalidInput(errors=errors)
    offer_id = PatrolItem.objects.filter(pk=item_id).values_list("offer_id", flat=True).first()
    if offer_id is None:
        raise NotFound(patrol_item=item_id)
    with region_atomic():
        _offer, product_code, supplier = locked(offer_id)
        require_stranger(actor, supplier, "patrol")
        item = PatrolItem.objects.select_for_update(of=("self",)).select_related("task").get(pk=item_id)
        _own(actor, item.task)
        PATROL_LIFECYCLE.next(item.task.state, "look")
        if item.outcome:
            raise LookedAtAlready(patrol_item=item_id)
        if evidence is not None:
            stored = store_file(actor=actor, name=evidence.name, content=evidence.content, purpose=EVIDENCE.name,
                                now=now)  # fmt: skip
            item.evidence_key = stored.key
        item.outcome, item.kind, item.note = outcome, kind or "", text
        item.market_price = market_price  # type: ignore[assignment]  # the field's type knows no null
        item.looked_at, item.looked_by_id, item.looked_by_name = now, actor.user_id, actor.name
        item.save()
        facts = {
            "offer_id": offer_id,
            "product_code": product_code,
            "supplier_code": supplier.uscc,
            "patrol": item.task_id,
            "outcome": str(outcome),
            "kind": str(kind or ""),
            "note": text,
        }
        record(actor=actor, event="listings.offer_patrolled", object_type="patrol_item", object_id=item.pk,
               facts=facts, now=now)  # fmt: skip
        if outcome is Outcome.FREEZE and kind is not None:
            freeze_offer(actor=actor, offer_id=offer_id, kind=kind, reason=text, now=now, patrol_item=item)
    return item


def close_patrol(*, actor: Actor, task_id: int, summary: str, now: datetime) -> PatrolTask:
    """Raises NotFound, NotPermitted, WrongState, NotEverythingLookedAt, InvalidInput without a summary."""
    require(actor, PATROLLERS, "patrol")
    text = summary.strip()
    if not text:
        raise InvalidInput(errors={"summary": [gettext("Write a summary.")]})
    with region_atomic():
        task = PatrolTask.objects.select_for_update().filter(pk=task_id).first()
        if task is None:
            raise NotFound(patrol=task_id)
        _own(actor, task)
        task.state = PATROL_LIFECYCLE.next(task.state, "close").target
        if left := task.items.filter(outcome="").count():
            raise NotEverythingLookedAt(left=left)
        task.summary, task.closed_at, task.closed_by_name = text, now, actor.name
        task.save(update_fields=["state", "summary", "closed_at", "closed_by_name"])
        record(actor=actor, event="listings.patrol_closed", object_type="patrol", object_id=task.pk,
               facts={"title": task.title, "summary": text}, now=now)  # fmt: skip
    return task


def _own(actor: Actor, task: PatrolTask) -> None:
    """A patrol is the work of the organisation that opened it; where somebody is assigned, of that person."""
    if actor.is_system:
        return
    if all(place.organisation_id != task.organisation_id for place in actor.belongs):
        raise NotPermitted(action="patrol")
    if task.assignee_id is not None and actor.user_id not in {task.assignee_id, task.opened_by_id}:
        raise NotPermitted(action="patrol")
