"""Who may read and who may change local configuration."""

from __future__ import annotations

from kernel.posts import Post

READERS = frozenset({Post.TIER_SUPERVISOR, Post.REGION_SUPERVISOR, Post.AUDITOR})
WRITERS = frozenset({Post.TIER_SUPERVISOR})
