from __future__ import annotations

import pytest

from kernel.actor import ANONYMOUS, SYSTEM, Actor, HeldPost, system_in
from kernel.posts import DERIVED_POSTS, POST_LABELS, REGION_POSTS, TENANT_POSTS, Post

CLERK = Actor(
    user_id=7,
    name="阿依古丽",
    tenant="653101",
    held=(HeldPost(Post.BUYER_CLERK, 1, 11), HeldPost(Post.BUYER_CLERK, 1, 12), HeldPost(Post.SUPPLIER_SALES, 2)),
)


def test_every_post_has_a_label_and_one_side() -> None:
    assert set(POST_LABELS) == set(Post) == REGION_POSTS | TENANT_POSTS | DERIVED_POSTS
    assert len(REGION_POSTS) + len(TENANT_POSTS) + len(DERIVED_POSTS) == len(Post) == 16


@pytest.mark.parametrize(
    ("post", "unit_id", "organisation_id", "held"),
    [
        (Post.BUYER_CLERK, None, None, True),
        (Post.BUYER_CLERK, 11, None, True),
        (Post.BUYER_CLERK, 13, None, False),
        (Post.BUYER_CLERK, 11, 2, False),
        (Post.BUYER_APPROVER, None, None, False),
        (Post.SUPPLIER_SALES, None, 2, True),
        (Post.SUPPLIER_SALES, None, 1, False),
        (Post.SUPPLIER_SALES, 5, None, False),  # without the organisation, an unlimited post proves nothing
        (Post.SUPPLIER_SALES, 5, 2, True),
    ],
)
def test_posts_are_held_somewhere(post: Post, unit_id: int | None, organisation_id: int | None, held: bool) -> None:
    assert CLERK.has(post, unit_id=unit_id, organisation_id=organisation_id) is held


def test_units_and_organisations_of_a_post() -> None:
    assert CLERK.units(Post.BUYER_CLERK) == {11, 12}
    assert CLERK.units(Post.SUPPLIER_SALES) == frozenset()
    assert CLERK.organisations(Post.SUPPLIER_SALES) == {2}
    assert CLERK.posts == {Post.BUYER_CLERK, Post.SUPPLIER_SALES}


def test_the_system_and_the_unknown_are_not_signed_in() -> None:
    assert [actor.signed_in for actor in (CLERK, SYSTEM, ANONYMOUS)] == [True, False, False]
    assert [actor.is_system for actor in (CLERK, SYSTEM, ANONYMOUS, system_in("653101"))] == [False, True, False, True]
    assert SYSTEM.acting_posts == {None}
    assert ANONYMOUS.acting_posts == frozenset()
    assert system_in("653101").tenant == "653101"
    # A person may be called like the system.
    assert Actor(user_id=1, name="system").is_system is False
