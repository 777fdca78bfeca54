"""Who may read and who may write the region's rules."""

from __future__ import annotations

from kernel.posts import Post

READERS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})
WRITERS = frozenset({Post.REGION_SUPERVISOR})
