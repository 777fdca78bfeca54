"""Reading practice."""

from __future__ import annotations

from shared_apps.training.models import Completion
from shared_apps.training.rules import FIRST_EXERCISE
from tenants.registry.practice import home_of


def practice_done(*, tenant_code: str) -> bool:
    """Whether anybody of this level has made a practice order. One statement; asked by the mall's own checklist."""
    return Completion.objects.filter(tenant_code=home_of(tenant_code), exercise=FIRST_EXERCISE).exists()
