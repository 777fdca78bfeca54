"""Prices in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template

from shared_apps.fees.export import plain

register = template.Library()


@register.filter
def price(value: Decimal) -> str:
    """A price without the zeros that say nothing."""
    return plain(value)
