"""Steps that wait, time that runs out and news of orders become messages, in the transaction of the relay or the sweep.

The to-do list decides whose step it is; what is told follows it, so that nobody is told of what they may not act on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kernel.posts import Post
from shared_apps.accounts.selectors import members_among
from shared_apps.inbox.audience import Person, asked_by, holders_in_unit, members_with
from shared_apps.inbox.rules import SUPPLIER_POSTS
from shared_apps.inbox.services import Moved
from shared_apps.inbox.told import Step, when_moved, when_time_runs
from shared_apps.messaging.news import NEWS, Side
from shared_apps.messaging.rules import Topic
from shared_apps.messaging.services.telling import tell
from tenants.journaling.consumers import RelayedEntry


@when_moved
def thread_moved(entry: RelayedEntry, moved: Moved) -> None:
    """Who must act now is told of the step; the others whom the event concerns are told that it happened."""
    item = moved.item
    asked = asked_by(item) if moved.is_new else []
    if asked:
        tell(people=asked, item=item, topic=Topic.TO_DO, word=item.step, at=entry.at)
    if entry.event in NEWS:
        sides, _words = NEWS[entry.event]
        known = {person.user_id for person in asked} | ({entry.actor_id} if entry.actor_id else set())
        others = [person for person in _of_sides(entry, sides) if person.user_id not in known]
        tell(people=others, item=item, topic=Topic.NEWS, word=entry.event, at=entry.at)


@when_time_runs
def time_runs(item: Step, now: datetime) -> None:
    """Half, four fifths or all of the time of an open step is used."""
    people = asked_by(item)
    tell(people=people, item=item, topic=Topic.DEADLINE, word=item.step, percent=item.warned_percent, at=now)


def _of_sides(entry: RelayedEntry, sides: Iterable[Side]) -> list[Person]:
    facts: Any = entry.facts
    found: dict[int, Person] = {}
    for side in sorted(sides):
        for person in _clerk(entry) if side == Side.CLERK else _supplier(facts):
            found.setdefault(person.user_id, person)
    return sorted(found.values(), key=lambda person: person.user_id)


def _clerk(entry: RelayedEntry) -> list[Person]:
    """Who submitted the order, while they belong to its organisation; of an old row the unit's clerks."""
    facts: Any = entry.facts
    clerk_id, place = facts.get("clerk_id"), facts["organisation_id"]
    if clerk_id is None:
        return holders_in_unit(tenant_code=entry.tenant, unit_id=facts["unit_id"], post=Post.BUYER_CLERK)
    return [Person(*one) for one in members_among(user_ids=[clerk_id], organisation_ids=[place])]


def _supplier(facts: Any) -> list[Person]:
    return members_with(SUPPLIER_POSTS, organisation_id=facts["supplier_organisation_id"])
