"""Words of the account page."""

from __future__ import annotations

from django import template

from shared_apps.accounts.rules import SecurityKind
from shared_apps.accounts.words import SECURITY_LABELS

register = template.Library()


@register.simple_tag
def security_label(kind: str) -> str:
    """What happened, in words."""
    return str(SECURITY_LABELS[SecurityKind(kind)])
