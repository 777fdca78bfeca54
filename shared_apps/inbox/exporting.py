"""What a mall takes along of the to-do index: every step that waited for somebody, done ones included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared_apps.inbox.models import InboxItem
from tenants.upkeep.region_parts import every_field, region_part

_ITEMS = every_field(InboxItem)


@region_part("inbox_items", about="Steps that waited for a post of this mall, open or done", columns=_ITEMS)
def inbox_items(code: str) -> Iterator[tuple[Any, ...]]:
    yield from InboxItem.objects.filter(tenant_code=code).order_by("id").values_list(*_ITEMS).iterator()
