"""What access contributes to the shell: a menu entry and words for its refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from webkit import navigation, problem_words
from webkit.navigation import MenuEntry

navigation.register(
    MenuEntry(
        "people",
        _("People and posts"),
        "access:people",
        "users",
        posts=frozenset({Post.TIER_SUPERVISOR, Post.UNIT_ADMINISTRATOR}),
        room="tenant",
        order=80,
        group="people",
    )
)
navigation.register(
    MenuEntry(
        "deputies",
        _("Somebody in my stead"),
        "access:deputies",
        "user-check",
        posts=frozenset({Post.BUYER_ACCEPTOR, Post.BUYER_PAYER}),
        room="tenant",
        order=85,
        group="people",
    )
)
problem_words.register(
    "incompatible-posts",
    advice=_("Let another person of the unit who holds this post do it."),
)
problem_words.register(
    "pair-not-allowed",
    advice=_("Leave the pairs that the region keeps apart as they are and choose among the others."),
)
