"""Words of labels in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.functional import Promise

from tenant_apps.storefront.web.words import LABELS

register = template.Library()


@register.simple_tag
def label_words(label: str) -> str | Promise:
    """A label as buyers read it."""
    return LABELS[label]


@register.filter
def percent(rate: Decimal) -> str:
    """0.13 -> 13%."""
    return f"{rate * 100:.0f}%"


@register.filter
def grouped(count: int) -> str:
    """160000 -> 160,000."""
    return f"{count:,}"
