"""Blocks that upper apps put on a supplier's pages: sanctions, scores, offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from kernel.actor import Actor
from kernel.registry import Registry


class Audience(StrEnum):
    """Whose page of the supplier it is."""

    PUBLIC = "public"
    OWN = "own"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Block:
    """One card of a supplier's page. The template is included with `context` as `section`; `data` goes to the API."""

    title: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    data: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a section is asked for. `actor` is who looks; on the public page it may be nobody."""

    supplier_id: int
    uscc: str
    audience: Audience
    actor: Actor
    now: datetime


# Answers None where it has nothing to show to that audience. Must not write.
Section = Callable[[Asked], Block | None]

# Filled at app start; shown in the order of registration.
SECTIONS: Registry[Section] = Registry("sections of a supplier's page")


def blocks(asked: Asked) -> dict[str, Block]:
    """What every section has to show, by the section's key."""
    found = {key: section(asked) for key, section in SECTIONS.items()}
    return {key: block for key, block in found.items() if block is not None}
