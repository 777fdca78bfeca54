"""Reading imports, starting from who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.exchange.kinds import KINDS, ImportKind
from shared_apps.exchange.models import ApiToken, Delivery, Import, ImportRow, Webhook
from shared_apps.exchange.rules import IMPORTERS, ROWS_A_PAGE, Outcome, WebhookState

SHOWN_MAX = 100
WRONG = (Outcome.WRONG.value, Outcome.REFUSED.value)
_ROWS_AT_ONCE = 2000


def _within_reach(actor: Actor) -> QuerySet[Import]:
    """Imports of the organisations in which the actor holds a post that exchanges tables."""
    places = {held.organisation_id for held in actor.held if held.post in IMPORTERS}
    return Import.objects.filter(organisation_id__in=places)


def imports_of(*, actor: Actor) -> list[Import]:
    """Newest first; one statement."""
    return list(_within_reach(actor).order_by("-pk")[:SHOWN_MAX])


def access_import(*, actor: Actor, import_id: int) -> Import:
    """Raises NotFound for others' imports."""
    found = _within_reach(actor).filter(pk=import_id).first()
    if found is None:
        raise NotFound(import_id=import_id)
    return found


def kinds_of(*, actor: Actor) -> list[ImportKind]:
    """The kinds the actor may exchange."""
    return [kind for kind in KINDS.values() if actor.posts & kind.posts]


def rows_of(*, found: Import, outcomes: tuple[str, ...] = (), most: int | None = None) -> list[ImportRow]:
    """The rows by number."""
    rows = ImportRow.objects.filter(of=found).order_by("number")
    if outcomes:
        rows = rows.filter(outcome__in=outcomes)
    return list(rows[:most])


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a table, for programs."""

    number: int
    outcome: str
    values: Mapping[str, Any]
    faults: tuple[Mapping[str, str], ...]


def rows_behind(*, actor: Actor, import_id: int, after: int, outcome: str = "") -> list[RowView]:
    """The next rows of an import by number. Raises NotFound. Two statements."""
    rows = ImportRow.objects.filter(of=access_import(actor=actor, import_id=import_id), number__gt=after)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return [
        RowView(row.number, row.outcome, row.values, tuple({"column": c, "reason": r} for c, r in row.errors))
        for row in rows.order_by("number")[:ROWS_A_PAGE]
    ]


def every_row(*, found: Import) -> Iterator[tuple[int, str, Any, Any]]:
    """(number, outcome, values, errors) of all rows, some at a time."""
    after = 0
    while True:
        rows = list(
            ImportRow.objects.filter(of=found, number__gt=after)
            .order_by("number")
            .values_list("number", "outcome", "values", "errors")[:_ROWS_AT_ONCE]
        )
        if not rows:
            return
        yield from rows
        after = rows[-1][0]


DELIVERIES_SHOWN = 100


def tokens_of(*, actor: Actor) -> list[ApiToken]:
    """API tokens of the suppliers the actor administers, newest first; one statement."""
    places = actor.organisations(Post.SUPPLIER_ADMIN)
    return list(ApiToken.objects.filter(organisation_id__in=places).order_by("-pk")[:SHOWN_MAX])


def webhooks_of(*, actor: Actor) -> list[Webhook]:
    """Webhooks of the suppliers the actor administers, newest first; one statement."""
    places = actor.organisations(Post.SUPPLIER_ADMIN)
    rows = Webhook.objects.filter(organisation_id__in=places).exclude(state=WebhookState.REMOVED)
    return list(rows.order_by("-pk"))


def access_webhook(*, actor: Actor, webhook_id: int) -> Webhook:
    """Raises NotFound for others' webhooks."""
    places = actor.organisations(Post.SUPPLIER_ADMIN)
    rows = Webhook.objects.filter(organisation_id__in=places).exclude(state=WebhookState.REMOVED)
    found = rows.filter(pk=webhook_id).first()
    if found is None:
        raise NotFound(webhook=webhook_id)
    return found


def deliveries_of(*, webhook: Webhook) -> list[Delivery]:
    """What was sent there lately, newest first."""
    return list(Delivery.objects.filter(webhook=webhook).order_by("-pk")[:DELIVERIES_SHOWN])
