"""Who keeps the catalogue."""

from __future__ import annotations

from kernel.posts import Post

ADMINISTRATORS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR})
