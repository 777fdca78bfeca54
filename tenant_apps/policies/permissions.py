"""Who may read and who may change local configuration."""

from __future__ import annotations

from kernel.posts import SUPERVISE_FROM_ABOVE, Post

READERS = frozenset({Post.TIER_SUPERVISOR, *SUPERVISE_FROM_ABOVE, Post.AUDITOR})
WRITERS = frozenset({Post.TIER_SUPERVISOR})
# Trying out a purchase is for whoever prepares, approves or oversees one.
TRIERS = READERS | {Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.UNIT_ADMINISTRATOR}
