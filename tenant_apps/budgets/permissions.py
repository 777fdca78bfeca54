"""Who may read and who may write budgets. Which lines a reader sees is decided by the selectors."""

from __future__ import annotations

from kernel.posts import Post
from tenant_apps.budgets.rules import PLANNERS
from tenant_apps.budgets.selectors import OVERSEERS, UNIT_POSTS

READERS = frozenset({*OVERSEERS, *UNIT_POSTS})
BUREAU_READERS = frozenset(OVERSEERS)
WRITERS = frozenset({Post.TIER_SUPERVISOR})
PLANNING = PLANNERS
ADMINISTRATORS = frozenset({Post.UNIT_ADMINISTRATOR})
TRANSFERRING = WRITERS | ADMINISTRATORS
