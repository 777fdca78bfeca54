"""Papers beside a checkout: put there and taken away like lines of a cart, taken over by the order that is made of it.

Each is one row and one stored file; until the order is submitted its clerk alone opens them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, NotFound
from tenant_apps.files.services import store_file
from tenant_apps.journal.services import record
from tenant_apps.storefront.selectors import buyer_id, require_clerk
from tenant_apps.supermarket.models import DraftPaper, OrderNote
from tenant_apps.supermarket.notes import ATTACHED, ATTACHMENT, Paper
from tenants.database.context import TENANT_ALIAS, current_tenant, tenant_atomic

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

PAPERS_MAX = 10


class PapersFull(Conflict):
    code = "papers-full"
    title = _("No more papers can be added to this order")


class PapersChanged(Conflict):
    """A paper that the form names was taken away, or went with another order, in the meantime."""

    code = "papers-changed"
    title = _("The papers of this order have changed in the meantime")


def papers_of(*, actor: Actor, unit_id: int, supplier_id: int) -> list[DraftPaper]:
    """What the clerk put beside this checkout, oldest first. One statement."""
    return list(_own(actor, unit_id, supplier_id).order_by("id"))


def add_paper(*, actor: Actor, unit_id: int, supplier_id: int, paper: Paper, now: datetime) -> DraftPaper:
    """Keeps the file and lists it. Raises NotFound for strangers, PapersFull, FileRefused."""
    require_clerk(actor=actor, unit_id=unit_id)
    with tenant_atomic():
        # Two windows of one clerk follow each other.
        key = advisory_lock_key("supermarket.papers", current_tenant().code, buyer_id(actor), unit_id, supplier_id)
        advisory_xact_lock(TENANT_ALIAS, key)
        if _own(actor, unit_id, supplier_id).count() >= PAPERS_MAX:
            raise PapersFull(most=PAPERS_MAX)
        file = store_file(actor=actor, name=paper.name, content=paper.content, purpose=ATTACHMENT.name, now=now)
        return DraftPaper.objects.create(
            clerk_id=buyer_id(actor),
            unit_id=unit_id,
            supplier_id=supplier_id,
            paper_key=file.key,
            paper_name=file.name,
            added_at=now,
        )


def remove_paper(*, actor: Actor, unit_id: int, supplier_id: int, key: str, now: datetime) -> None:
    """Takes a paper away from the checkout; its file stays, as every stored file does. Raises NotFound."""
    require_clerk(actor=actor, unit_id=unit_id)
    with tenant_atomic():
        removed, _per_model = _own(actor, unit_id, supplier_id).filter(paper_key=key).delete()
        if not removed:
            raise NotFound(key=key)


def _own(actor: Actor, unit_id: int, supplier_id: int):  # type: ignore[no-untyped-def]  # the manager's query set
    return DraftPaper.objects.filter(clerk_id=buyer_id(actor), unit_id=unit_id, supplier_id=supplier_id)


_TAKE = """
DELETE FROM supermarket_draftpaper
 WHERE clerk_id = %(clerk)s AND unit_id = %(unit)s AND supplier_id = %(supplier)s AND paper_key = ANY(%(keys)s)
RETURNING id, paper_key, paper_name
"""


def take_over(*, actor: Actor, order: Order, keys: Collection[str], now: datetime) -> None:
    """The order has the papers that its form named, in the transaction that makes it. Raises PapersChanged."""
    clerk = buyer_id(actor)
    given: dict[str, Any] = {"clerk": clerk, "unit": order.unit_id, "supplier": order.supplier_id, "keys": list(keys)}
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_TAKE, given)
        papers = sorted(cursor.fetchall())
    OrderNote.objects.bulk_create(
        OrderNote(
            order_id=order.pk, paper_key=key, paper_name=name, organisation_name=order.unit_name, noted_by_id=clerk,
            noted_by_name=actor.name, noted_at=now,
        )
        for _, key, name in papers
    )  # fmt: skip
    taken = [str(key) for _, key, _ in papers]
    if len(taken) != len(set(keys)):
        raise PapersChanged(named=len(set(keys)), found=len(taken))
    facts = {"order_number": str(order.number), "paper_keys": taken}
    record(actor=actor, event=ATTACHED, object_type="order", object_id=order.pk, facts=facts, now=now)
