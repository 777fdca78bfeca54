"""Words of posts in templates."""

from __future__ import annotations

from django import template

from kernel.posts import Post

register = template.Library()


@register.filter
def post_label(post: str) -> str:
    """The post's name in the reader's language."""
    return Post(post).label
