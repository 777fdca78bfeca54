"""API of an order's notes, on a tenant's host. Papers are sent by the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.orders.permissions import READERS
from tenant_apps.supermarket import notes
from tenant_apps.supermarket.serializers import NoteInput, NoteListSerializer, NoteSerializer


@documented(summary="What the parties added to an order, oldest first")
class OrderNotes(ReadView):
    access = Access("supermarket.notes", posts=READERS)
    output_serializer = NoteListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        _order, found = notes.notes_of(actor=actor_of(request), order_id=path["order_id"])
        return {"notes": found}


@documented(summary="A party adds a note to an order; everybody who may see the order reads it")
class AddNote(WriteView):
    access = Access("supermarket.add_note", posts=notes.WRITERS)
    input_serializer = NoteInput
    output_serializer = NoteSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return notes.add_note(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)
