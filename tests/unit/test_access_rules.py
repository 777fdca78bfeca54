"""Which two posts one person may not act in on one order."""

from __future__ import annotations

import itertools

import pytest

from kernel.posts import Post
from tenant_apps.access.rules import (
    BUYER_POSTS,
    DEFAULT_PAIRS,
    FIXED_PAIRS,
    IncompatiblePosts,
    PairNotAllowed,
    all_pairs,
    check_incompatible,
    check_pairs,
    people_needed,
)


@pytest.mark.parametrize("pair", list(itertools.permutations(BUYER_POSTS, 2)))
def test_a_pair_is_kept_apart_in_both_directions(pair: tuple[Post, Post]) -> None:
    first, second = pair
    refused = frozenset(pair) in DEFAULT_PAIRS
    try:
        check_incompatible(pairs=DEFAULT_PAIRS, post=second, user_id=1, acted={first: 1})
        assert not refused
    except IncompatiblePosts:
        assert refused


def test_acting_twice_in_one_post_and_strangers_are_no_matter() -> None:
    check_incompatible(pairs=DEFAULT_PAIRS, post=Post.BUYER_CLERK, user_id=1, acted={Post.BUYER_CLERK: 1})
    check_incompatible(
        pairs=DEFAULT_PAIRS, post=Post.BUYER_CLERK, user_id=1, acted={Post.BUYER_APPROVER: 2, Post.BUYER_PAYER: None}
    )
    check_incompatible(pairs=DEFAULT_PAIRS, post=Post.BUYER_CLERK, user_id=None, acted={Post.BUYER_APPROVER: None})


def test_the_bounds() -> None:
    assert len(all_pairs()) == 6
    for chosen in (FIXED_PAIRS, DEFAULT_PAIRS, frozenset(all_pairs())):
        check_pairs(chosen)
    for pair in FIXED_PAIRS:
        with pytest.raises(PairNotAllowed):
            check_pairs(frozenset(all_pairs()) - {pair})
    for strange in (frozenset({Post.BUYER_CLERK}), frozenset({Post.BUYER_CLERK, Post.EXPERT})):
        with pytest.raises(PairNotAllowed):
            check_pairs(FIXED_PAIRS | {strange})


@pytest.mark.parametrize(
    ("pairs", "people"), [(frozenset(), 1), (FIXED_PAIRS, 2), (DEFAULT_PAIRS, 2), (frozenset(all_pairs()), 4)]
)
def test_how_many_people_an_order_needs(pairs: frozenset[frozenset[Post]], people: int) -> None:
    assert people_needed(pairs) == people
