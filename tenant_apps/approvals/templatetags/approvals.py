"""Words of posts in a flow."""

from __future__ import annotations

from django import template

from kernel.posts import Post

register = template.Library()


@register.filter
def step_post(post: str) -> str:
    """The post that a step asks, in words."""
    return Post(post).label
