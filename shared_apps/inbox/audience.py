"""Which people an open item waits for, by name: the same rules by which it stands in their lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kernel.posts import TENANT_POSTS, Post
from shared_apps.accounts.selectors import holders_of, members_among
from shared_apps.inbox.models import InboxItem, PostHeld
from shared_apps.inbox.rules import (
    ANYBODY,
    LEVEL_POSTS,
    REGION,
    REGION_WIDE_POSTS,
    SUPPLIER_POSTS,
    ItemKind,
    may_act,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and the organisation in which they are asked."""

    user_id: int
    organisation_id: int


def asked_by(item: InboxItem) -> list[Person]:
    """The people who may act, each once; at most two statements.

    Not told by name: who may act as well without being asked (a bureau for its purchasing body), and the bodies of all
    levels for a step of the whole region, which nobody in particular is asked to take.
    """
    post = item.audience_post
    if not post:
        return []
    if post in TENANT_POSTS:
        return _holders_in_unit(item)
    if post in SUPPLIER_POSTS:
        only_admins = item.kind == ItemKind.LIBRARY and post == Post.SUPPLIER_ADMIN
        posts = {Post.SUPPLIER_ADMIN} if only_admins else set(SUPPLIER_POSTS)
        return members_with(posts, organisation_id=item.audience_organisation_id)
    if post in LEVEL_POSTS:
        posts = {Post(post)} | {level for level in LEVEL_POSTS if f"{level}:{ANYBODY}" in item.asked}
        return [] if item.tenant_code == REGION else _others(item, members_with(posts, tenant_code=item.tenant_code))
    if post in REGION_WIDE_POSTS:
        return _others(item, members_with({Post(post)})) if item.audience_organisation_id is None else []
    return members_with({Post(post)}, organisation_id=item.audience_organisation_id)


def _others(item: InboxItem, people: list[Person]) -> list[Person]:
    """Without those who may not although they hold the post."""
    return [person for person in people if str(person.user_id) not in item.barred]


def members_with(
    posts: Collection[Post], *, organisation_id: int | None = None, tenant_code: str | None = None
) -> list[Person]:
    """Holders of a post that the region grants, each once. One statement."""
    found = holders_of(posts=posts, organisation_id=organisation_id, tenant_code=tenant_code)
    return _each_once(Person(user_id, place) for user_id, place in found)


def holders_in_unit(*, tenant_code: str, unit_id: int, post: Post) -> list[Person]:
    """Holders of a mall's post in a unit who still belong to its organisation. Two statements."""
    rows = PostHeld.objects.filter(tenant_code=tenant_code, unit_id=unit_id, post=post, user_id__isnull=False)
    return _who_belong(rows.values_list("user_id", "organisation_id"))


def _holders_in_unit(item: InboxItem) -> list[Person]:
    rows = PostHeld.objects.filter(tenant_code=item.tenant_code, user_id__isnull=False)
    if item.kind == ItemKind.LIBRARY:
        # The region's libraries know a unit by its organisation.
        rows = rows.filter(organisation_id=item.audience_organisation_id or 0, post=item.audience_post)
    else:
        rows = rows.filter(unit_id=item.unit_id or 0)
    return _who_belong(
        (user_id, place)
        for user_id, place, post, deputy_for in rows.values_list("user_id", "organisation_id", "post", "deputy_for")
        if user_id is not None
        and may_act(
            post=post,
            user_id=user_id,
            deputy_for=deputy_for,
            audience_post=item.audience_post,
            asked=item.asked,
            barred=item.barred,
        )
    )


def _who_belong(found: Iterable[tuple[int | None, int]]) -> list[Person]:
    held = _each_once(Person(user_id, place) for user_id, place in found if user_id is not None)
    if not held:
        return []
    members = members_among(
        user_ids={one.user_id for one in held}, organisation_ids={one.organisation_id for one in held}
    )
    return [one for one in held if (one.user_id, one.organisation_id) in members]


def _each_once(people: Iterable[Person]) -> list[Person]:
    """Somebody who is asked in two places is told in the first."""
    found: dict[int, Person] = {}
    for person in people:
        found.setdefault(person.user_id, person)
    return sorted(found.values(), key=lambda person: person.user_id)
