"""Steps of the region's own libraries in the to-do list: taken on the region's host, so nobody crosses to a mall.

An app above registers its events at start:

    follow(["suppliers.application_submitted"], steps_of, words={"vet": _("Vet the supplier")})

`steps_of` says of a relayed entry which threads it moves, and who must act next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from kernel.posts import Post
from shared_apps.inbox.live import publish
from shared_apps.inbox.models import InboxItem
from shared_apps.inbox.rules import REGION, ItemKind, ItemState
from shared_apps.inbox.services import move_on
from shared_apps.inbox.told import moved
from shared_apps.inbox.words import TO_DO
from tenants.database.context import region_on_commit
from tenants.journaling.consumers import RelayedEntry, consumer


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryStep:
    """Where a thread stands now. Without a `post` nobody must act: what was open is done.

    `level` is the tenant whose bureau, purchasing body or unit acts; `path` a page of the region's host. A step that
    `ends` cannot be taken after `due_at`, and is no longer shown. Who is `barred` may not although they hold the post.
    """

    object_type: str
    object_id: str
    step: str
    path: str = ""
    post: Post | None = None
    level: str = ""
    organisation_id: int | None = None
    due_at: datetime | None = None
    ends: bool = False
    barred: Sequence[int] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def follow(
    events: Iterable[str],
    steps_of: Callable[[RelayedEntry], Sequence[LibraryStep]],
    *,
    words: Mapping[str, str | Promise],
) -> None:
    """Registers the events of an app, and the words of the steps they lead to. At app start."""
    TO_DO.update(words)  # type: ignore[arg-type]  # both are rendered alike

    def heard(entry: RelayedEntry) -> None:
        for step in steps_of(entry):
            _take(entry, step)

    for event in events:
        consumer(event)(heard)


def _take(entry: RelayedEntry, step: LibraryStep) -> None:
    thread = InboxItem.objects.filter(object_type=step.object_type, object_id=step.object_id)
    tenant_code = step.level or REGION
    # The level may be another than before: what is open there waits for nobody any more.
    elsewhere = thread.filter(state=ItemState.OPEN).exclude(tenant_code=tenant_code)
    elsewhere.update(state=ItemState.DONE, done_at=entry.at)
    if step.post is None and not thread.exists():
        return
    move = move_on(
        entry=entry,
        tenant_code=tenant_code,
        kind=ItemKind.LIBRARY,
        object_type=step.object_type,
        object_id=step.object_id,
        step=step.step,
        facts={**step.facts, "path": step.path} | ({"ends": True} if step.ends else {}),
        post=step.post,
        organisation_id=step.organisation_id,
        unit_id=None,
        due_at=step.due_at,
        barred=[str(person) for person in step.barred],
    )
    moved(entry, move)
    organisations = [] if step.organisation_id is None else [step.organisation_id]
    region_on_commit(lambda: publish(organisations=organisations, tenant_code=step.level or None))
