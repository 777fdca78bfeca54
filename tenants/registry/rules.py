"""The life of a tenant."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class TenantState(StrEnum):
    CONFIGURING = "configuring"
    LIVE = "live"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"


class TenantKind(StrEnum):
    OWN_LEVEL = "own_level"
    PRACTICE = "practice"


S = TenantState
_REGION = (Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR)

# Nothing is written in a mall in one of these states: its login may not add to its journal.
SHUT = frozenset({S.SUSPENDED, S.ARCHIVED})

# A row of the registry exists only once its schema does: what comes before is the life of an application.
TENANT_LIFECYCLE = Lifecycle(
    name="tenant",
    states=tuple(state.value for state in TenantState),
    initial=S.CONFIGURING,
    terminal=(S.ARCHIVED,),
    transitions=(
        Transition(action="go_live", sources=(S.CONFIGURING,), target=S.LIVE, posts=(Post.TIER_SUPERVISOR,)),
        Transition(action="suspend", sources=(S.LIVE,), target=S.SUSPENDED, posts=_REGION),
        Transition(action="resume", sources=(S.SUSPENDED,), target=S.LIVE, posts=_REGION),
        Transition(action="archive", sources=(S.SUSPENDED, S.CONFIGURING), target=S.ARCHIVED, posts=_REGION),
    ),
)
