"""Applications, for those who vet and admit, and for those who applied."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.suppliers.models import ApplicationDocument, Qualification, SupplierApplication
from shared_apps.suppliers.permissions import REGION_READERS, acts_for, collecting_codes, owns
from shared_apps.suppliers.rules import (
    APPLICATION_LIFECYCLE,
    OPEN_STATES,
    WAITING_STATES,
    ApplicationState,
)

S = ApplicationState
ROWS_MAX = 200
_ENDED_UNSENT = Q(submitted_at__isnull=True)


def visible_to(actor: Actor) -> QuerySet[SupplierApplication]:
    """Applications that were sent and that the actor may read as a reviewer or supervisor; others see none."""
    rows = SupplierApplication.objects.exclude(_ENDED_UNSENT)
    if actor.is_system or actor.posts & REGION_READERS:
        return rows
    codes = collecting_codes(actor)
    return rows.filter(collecting_code__in=codes) if codes else rows.none()


def may_decide(actor: Actor, row: SupplierApplication, action: str, *, today: date) -> bool:
    """Whether the post lets the actor do it, and the level is theirs.

    What a level has let lie beyond its term, the region takes up itself.
    """
    if not {move.action for move in APPLICATION_LIFECYCLE.actions(row.state, actor.posts)} & {action}:
        return False
    if row.state == S.VETTED:
        return actor.has(Post.REGION_SUPERVISOR)
    if row.collecting_code and row.collecting_code in collecting_codes(actor):
        return True
    overdue = row.due_on is not None and row.due_on < today
    return actor.has(Post.REGION_SUPERVISOR) and (not row.collecting_code or overdue)


def possible_decisions(actor: Actor, row: SupplierApplication, *, today: date) -> frozenset[str]:
    """The buttons of a reviewer's page."""
    if owns(actor, row):
        return frozenset()
    return frozenset(
        action
        for action in ("pass", "return", "refuse", "approve")
        if may_decide(actor, row, action, today=today)
    )  # fmt: skip


def queue(
    *, actor: Actor, q: str = "", state: str = "", kind: str = "", level: str = "", rows_max: int = ROWS_MAX
) -> list[SupplierApplication]:
    """Those that wait first, by their term; then the others, newest first. `level` "region" is the region's own."""
    rows = visible_to(actor)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if level:
        rows = rows.filter(collecting_code="" if level == "region" else level)
    if q:
        rows = rows.filter(Q(number__startswith=q.upper()) | Q(uscc=q.upper()) | Q(name__icontains=q))
    waiting = Q(state__in=[one.value for one in WAITING_STATES])
    ordered = rows.annotate(waits=Count("pk", filter=waiting)).order_by("-waits", "due_on", "-submitted_at", "-pk")
    return list(ordered[:rows_max])


def counts_by_state(*, actor: Actor) -> dict[str, int]:
    found = visible_to(actor).values_list("state").annotate(count=Count("pk")).order_by()
    return {str(state): count for state, count in found}


def waiting_count(*, actor: Actor) -> int:
    """Applications that wait for this actor: at its level, and for the region those vetted."""
    mine = Q(pk__in=[])
    if codes := collecting_codes(actor):
        mine |= Q(state=S.SUBMITTED, collecting_code__in=codes)
    if actor.has(Post.REGION_SUPERVISOR):
        mine |= Q(state=S.VETTED) | Q(state=S.SUBMITTED, collecting_code="")
    return SupplierApplication.objects.filter(mine).count()


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application with its files, and what the supplier has today where it exists."""

    row: SupplierApplication
    documents: tuple[ApplicationDocument, ...]
    held: tuple[Qualification, ...]
    # (field, before, after) of a change.
    differences: tuple[tuple[str, str, str], ...]


def reviewed(*, actor: Actor, application_id: int) -> ApplicationView:
    """For reviewers and supervisors. Raises NotFound, for strangers too."""
    row = visible_to(actor).select_related("supplier").filter(pk=application_id).first()
    if row is None:
        raise NotFound(application=application_id)
    return view_of(row)


def own_application(*, actor: Actor, application_id: int) -> ApplicationView:
    """For whoever applied. Raises NotFound, for strangers too."""
    row = SupplierApplication.objects.select_related("supplier").filter(pk=application_id).first()
    if row is None or not owns(actor, row):
        raise NotFound(application=application_id)
    return view_of(row)


def view_of(row: SupplierApplication) -> ApplicationView:
    documents = tuple(ApplicationDocument.objects.filter(application=row).select_related("renews").order_by("pk"))
    held = tuple(
        Qualification.objects.filter(supplier_id=row.supplier_id, ended_at=None).order_by("kind", "pk")
        if row.supplier_id
        else ()
    )
    return ApplicationView(row, documents, held, _differences(row))


def _differences(row: SupplierApplication) -> tuple[tuple[str, str, str], ...]:
    supplier = row.supplier
    if supplier is None or row.state not in {*OPEN_STATES}:
        return ()
    fields = ("name", "legal_representative", "address", "division_code", "size")
    found = [(field, str(getattr(supplier, field)), str(getattr(row, field))) for field in fields]
    found.append(("scope", ",".join(supplier.scope or ()), ",".join(row.scope or ())))
    return tuple(one for one in found if one[1] != one[2])


def own_applications(*, actor: Actor, supplier_ids: Collection[int] = ()) -> list[SupplierApplication]:
    """Everything the actor applied for, alone or for their suppliers, newest first."""
    if not actor.signed_in:
        return []
    rows = SupplierApplication.objects.filter(
        Q(owner_id=actor.user_id, supplier__isnull=True) | Q(supplier_id__in=list(supplier_ids))
    ).select_related("supplier")
    found = list(rows.order_by("-created_at", "-pk")[:ROWS_MAX])
    return [row for row in found if row.supplier is None or acts_for(actor, row.supplier.organisation_id)]
