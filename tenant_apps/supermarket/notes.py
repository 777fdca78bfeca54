"""Notes and papers that the parties add to an order, at any time after its submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import PAPERS
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.files.services import store_file
from tenant_apps.journal.services import record
from tenant_apps.orders import panels
from tenant_apps.orders.panels import OrderPanel
from tenant_apps.orders.permissions import SUPPLIER_POSTS, holds
from tenant_apps.orders.selectors import order_for
from tenant_apps.supermarket.models import OrderNote
from tenants.database.context import tenant_atomic
from tenants.journaling.files import PURPOSES, FilePurpose, FileView

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order

WRITERS = frozenset(
    {Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER, *SUPPLIER_POSTS}
)  # fmt: skip
NOTES_MAX = 100
NOTED, ATTACHED = "supermarket.note_added", "supermarket.papers_attached"


class NotesFull(Conflict):
    code = "notes-full"
    title = _("The order has as many notes as it may have")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was sent along."""

    name: str
    content: bytes


def may_note(*, actor: Actor, order: Order) -> bool:
    """Whether the actor is of one of the order's parties."""
    return any(holds(actor=actor, post=post, order=order) for post in WRITERS)


def add_note(*, actor: Actor, order_id: int, text: str, now: datetime, paper: Paper | None = None) -> OrderNote:
    """One row and its paper, one row of the journal. Raises NotFound for strangers, NotPermitted for readers,
    InvalidInput for a note of nothing, NotesFull, FileRefused."""
    order = order_for(actor=actor, order_id=order_id)
    if not may_note(actor=actor, order=order):
        raise NotPermitted(action="note")
    said = text.strip()
    if not said and paper is None:
        raise InvalidInput(errors={"text": [gettext("Write a note or choose a file.")]})
    with tenant_atomic():
        if OrderNote.objects.filter(order_id=order_id).count() >= NOTES_MAX:
            raise NotesFull(most=NOTES_MAX)
        file = None
        if paper is not None:
            file = store_file(actor=actor, name=paper.name, content=paper.content, purpose=ATTACHMENT.name, now=now)
        note = OrderNote.objects.create(
            order_id=order_id,
            text=said,
            paper_key=file.key if file else "",
            paper_name=file.name if file else "",
            organisation_name=_party_of(actor, order),
            noted_by_id=actor.user_id or 0,
            noted_by_name=actor.name,
            noted_at=now,
        )
        # Beside the order's own events, so that its page knows from its history whether there is anything to load.
        facts = {"order_number": str(order.number), "paper_sm3": file.sm3 if file else None}
        record(actor=actor, event=NOTED, object_type="order", object_id=order_id, facts=facts, now=now)
    return note


def notes_of(*, actor: Actor, order_id: int) -> tuple[Order, list[OrderNote]]:
    """The order and what was added to it, oldest first. Raises NotFound for strangers."""
    order = order_for(actor=actor, order_id=order_id)
    return order, _notes(order_id)


def _notes(order_id: int) -> list[OrderNote]:
    return list(OrderNote.objects.filter(order_id=order_id).order_by("id"))


def _party_of(actor: Actor, order: Order) -> str:
    is_supplier = any(holds(actor=actor, post=post, order=order) for post in SUPPLIER_POSTS)
    return order.supplier_name if is_supplier else order.unit_name


# -- the paper and the order's page ----------------------------------------------------------------------------------
def _may_read(actor: Actor, file: FileView) -> bool:
    """Whoever sees the order opens its papers."""
    order_id = OrderNote.objects.filter(paper_key=file.key).values_list("order_id", flat=True).first()
    if order_id is None:
        return False
    try:
        order_for(actor=actor, order_id=order_id)
    except NotFound:
        return False
    return True


ATTACHMENT = PURPOSES.register(
    "supermarket.attachment",
    FilePurpose("supermarket.attachment", _("Paper of an order"), PAPERS, _may_read),
)


def register() -> None:
    """Called once, at app start."""
    panels.register(
        OrderPanel("notes", "supermarket/_notes_panel.html", load=_panel, order=70, when=panels.after(NOTED, ATTACHED))
    )
    panels.register(OrderPanel("note_form", "supermarket/_note_form_panel.html", load=_form, order=71))


def _panel(_actor: Actor, order: Any) -> Mapping[str, Any] | None:  # the order is another app's row
    """One statement, where there is a note."""
    return {"notes": _notes(order.pk)}


def _form(actor: Actor, order: Any) -> Mapping[str, Any] | None:
    return {} if may_note(actor=actor, order=order) else None
