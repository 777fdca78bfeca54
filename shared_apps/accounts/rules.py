"""Kinds of organisations, which posts each may hold, how long secrets live, and how often one may try."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from kernel.posts import Post

# How long what happened is kept. The security log: a whole year, so that the yearly assessment finds all of it; the
# Cybersecurity Law (art. 21) wants six months at least. Sessions and passages open nothing any more by then; they
# answer who was where, beside the log.
SECURITY_LOG_DAYS = 366
ENDED_SESSION_DAYS = 30
USED_HAND_OFF_DAYS = 7

HAND_OFF_SECONDS = 60
INVITATION_DAYS = 7
MALL_SESSION_HOURS = 8
NEXT_PATH_LENGTH_MAX = 300

# Sign-in: failures within the window, counted since the last success of the same name from the same address.
# The second and third catch one address trying many names, and many addresses trying one.
SIGN_IN_WINDOW_MINUTES = 15
SIGN_IN_FAILURES_PER_NAME_AND_ADDRESS = 5
SIGN_IN_FAILURES_PER_ADDRESS = 100
SIGN_IN_FAILURES_PER_NAME = 50

RESET_WINDOW_MINUTES = 60
RESETS_PER_MAILBOX = 3
RESETS_PER_ADDRESS = 30

# Writes of one person (or, not signed in, of one address) in one room.
# An office behind one address signs in at nine.
WRITES_PER_MINUTE = 300
ANONYMOUS_WRITES_PER_MINUTE = 600


class OrganisationKind(StrEnum):
    PLATFORM = "platform"
    REGION_FINANCE = "region_finance"
    FINANCE_BUREAU = "finance_bureau"
    CENTRAL_PURCHASING_BODY = "central_purchasing_body"
    BUDGET_UNIT = "budget_unit"
    SUPPLIER = "supplier"
    AGENCY = "agency"
    EXPERT = "expert"
    AUDIT = "audit"


class SecurityKind(StrEnum):
    """What the security log tells apart."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_HELD = "sign_in_held"
    SIGNED_OUT = "signed_out"
    ENTERED_MALL = "entered_mall"
    ENTRY_FAILED = "entry_failed"
    LEFT_MALL = "left_mall"
    ACCESS_DENIED = "access_denied"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # a word of the log
    RESET_ASKED = "reset_asked"
    PASSWORD_RESET = "password_reset"  # noqa: S105  # a word of the log
    SESSIONS_ENDED = "sessions_ended"


# Granted with a membership; posts of budget units are granted inside the tenant (kernel.posts.TENANT_POSTS).
POSTS_OF_KIND: dict[OrganisationKind, frozenset[Post]] = {
    OrganisationKind.PLATFORM: frozenset({Post.PLATFORM_OPERATOR}),
    OrganisationKind.REGION_FINANCE: frozenset({Post.REGION_SUPERVISOR}),
    OrganisationKind.FINANCE_BUREAU: frozenset({Post.TIER_SUPERVISOR}),
    OrganisationKind.CENTRAL_PURCHASING_BODY: frozenset({Post.CPB_OPERATOR}),
    OrganisationKind.BUDGET_UNIT: frozenset(),
    OrganisationKind.SUPPLIER: frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES}),
    OrganisationKind.AGENCY: frozenset({Post.AGENCY_MANAGER, Post.AGENCY_CLERK}),
    OrganisationKind.EXPERT: frozenset({Post.EXPERT}),
    OrganisationKind.AUDIT: frozenset({Post.AUDITOR}),
}

# Organisations of one tenant; the others serve the whole region.
TENANT_KINDS = frozenset(
    {
        OrganisationKind.FINANCE_BUREAU,
        OrganisationKind.CENTRAL_PURCHASING_BODY,
        OrganisationKind.BUDGET_UNIT,
    }
)

# They look at every mall, as supervisors of a level above look at those below; each visit is journalled (`visits`).
OVERSEERS = frozenset({Post.PLATFORM_OPERATOR, Post.REGION_SUPERVISOR, Post.AUDITOR})

# A practice mall is entered by its own level's people, and by those who look after every mall. Not by suppliers and
# agencies: nothing that stands in it is meant for them.
IN_EVERY_PRACTICE_MALL = frozenset({OrganisationKind.PLATFORM, OrganisationKind.REGION_FINANCE, OrganisationKind.AUDIT})

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


def username_of(text: str) -> str:
    """The one spelling of a sign-in name: lower case, full-width letters as their ASCII twins."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def is_username(text: str) -> bool:
    return _USERNAME.fullmatch(text) is not None


def is_safe_path(path: str) -> bool:
    """Whether `next` leads to a page of the same host and nowhere else."""
    return (
        path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and len(path) <= NEXT_PATH_LENGTH_MAX
        and all(char > " " and char != "\\" for char in path)
    )


def wait_seconds(failures: list[datetime], *, allowed: int, window: timedelta, now: datetime) -> int:
    """Seconds until one more try is allowed; 0 when it is allowed now.

    `failures` are moments within the window, newest first.
    """
    if len(failures) < allowed:
        return 0
    free_at = failures[allowed - 1] + window
    return max(1, int((free_at - now).total_seconds()) + 1) if free_at > now else 0
