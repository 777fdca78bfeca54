"""Who looks after a practice mall: the bureau of its level. Which one is decided by the selectors."""

from __future__ import annotations

from kernel.posts import Post

BUREAU = frozenset({Post.TIER_SUPERVISOR})
