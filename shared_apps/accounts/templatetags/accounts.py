"""Words of the account page."""

from __future__ import annotations

from django import template

from shared_apps.accounts.rules import OrganisationKind, SecurityKind
from shared_apps.accounts.words import KIND_LABELS, SECURITY_LABELS

register = template.Library()


@register.simple_tag
def security_label(kind: str) -> str:
    """What happened, in words."""
    return str(SECURITY_LABELS[SecurityKind(kind)])


@register.simple_tag
def kind_label(kind: str) -> str:
    """What kind of organisation it is, in words."""
    return str(KIND_LABELS[OrganisationKind(kind)])
