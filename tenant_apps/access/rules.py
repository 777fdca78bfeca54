"""Posts of budget units and which two of them nobody may act in on one order."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kernel.posts import TENANT_POSTS, Post
from kernel.problems import Conflict

Pair = frozenset[Post]

# The posts that act on an order, in the order in which they act.
BUYER_POSTS = (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER)

# The region's bounds: no tenant relaxes these. Finance ministry's internal-control guidance names requirement
# review, document recheck, contract acceptance and payment approval as incompatible posts; the Government
# Procurement Law art. 61 demands the separation of decision, execution and supervision. That exactly these two
# pairs are the hard core is our reading, not a text of law.
FIXED_PAIRS: frozenset[Pair] = frozenset(
    {
        frozenset({Post.BUYER_CLERK, Post.BUYER_APPROVER}),
        frozenset({Post.BUYER_ACCEPTOR, Post.BUYER_PAYER}),
    }
)

# Kept apart unless the finance bureau decides otherwise, so that a school of three people can buy.
DEFAULT_PAIRS: frozenset[Pair] = FIXED_PAIRS | {
    frozenset({Post.BUYER_CLERK, Post.BUYER_ACCEPTOR}),
    frozenset({Post.BUYER_APPROVER, Post.BUYER_PAYER}),
}


class IncompatiblePosts(Conflict):
    """The same person has acted on this order in a post that must stay apart from this one."""

    code = "incompatible-posts"
    title = _("You have already acted on this order in a post that must stay apart from this one")


class PairNotAllowed(Conflict):
    code = "pair-not-allowed"
    title = _("The region's rules do not allow this choice of incompatible posts")


def all_pairs() -> tuple[Pair, ...]:
    """Every two posts that act on an order, in a fixed order."""
    return tuple(
        frozenset({first, second}) for index, first in enumerate(BUYER_POSTS) for second in BUYER_POSTS[index + 1 :]
    )


def check_pairs(pairs: frozenset[Pair]) -> None:
    """Whether a tenant may choose these pairs: the fixed ones included, only posts that act on an order.

    Raises PairNotAllowed.
    """
    if missing := FIXED_PAIRS - pairs:
        raise PairNotAllowed(
            _("Two pairs stay apart everywhere: clerk and approver, acceptance and payment."),
            missing=sorted("+".join(sorted(pair)) for pair in missing),
        )
    if pairs - frozenset(all_pairs()):
        raise PairNotAllowed(_("Only two different posts that act on an order make a pair."))


def check_incompatible(
    *, pairs: frozenset[Pair], post: Post, user_id: int | None, acted: Mapping[Post, int | None]
) -> None:
    """Raises IncompatiblePosts when `user_id` has acted on the order in a post that `pairs` keeps apart from `post`.

    `acted` says who acted on this order in which post; None for nobody yet.
    """
    if user_id is None:
        return
    for other, who in acted.items():
        if other != post and who == user_id and frozenset({post, other}) in pairs:
            raise IncompatiblePosts(post=str(post), acted_as=str(other))


def people_needed(pairs: frozenset[Pair]) -> int:
    """The least number of people with whom an order can go its whole way under these pairs."""
    best = len(BUYER_POSTS)

    def place(index: int, groups: list[set[Post]]) -> None:
        nonlocal best
        if len(groups) >= best and index < len(BUYER_POSTS):
            return
        if index == len(BUYER_POSTS):
            best = min(best, len(groups))
            return
        post = BUYER_POSTS[index]
        for group in groups:
            if all(frozenset({post, other}) not in pairs for other in group):
                group.add(post)
                place(index + 1, groups)
                group.remove(post)
        place(index + 1, [*groups, {post}])

    place(0, [])
    return best


def is_tenant_post(post: Post) -> bool:
    return post in TENANT_POSTS
