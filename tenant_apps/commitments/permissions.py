"""Who reads the ledger of which units, who files and who decides."""

from __future__ import annotations

from kernel.posts import Post
from tenant_apps.budgets.selectors import OVERSEERS, UNIT_POSTS

READERS = frozenset({*OVERSEERS, *UNIT_POSTS})
BUREAU_READERS = frozenset(OVERSEERS)
FILERS = frozenset({Post.BUYER_CLERK})
DECIDERS = frozenset({Post.TIER_SUPERVISOR})
STEPPERS = FILERS | DECIDERS
# What a unit reports of its canteen.
REPORTERS = frozenset({Post.BUYER_CLERK, Post.UNIT_ADMINISTRATOR})
