"""The life of an application to the library: a registration, or a change of what the library says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class ApplicationKind(StrEnum):
    REGISTRATION = "registration"
    CHANGE = "change"


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VETTED = "vetted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class DocumentKind(StrEnum):
    """What a file proves. The first is asked of everybody; the second of those whose goods the law licenses."""

    LICENCE = "licence"
    PERMIT = "permit"
    CERTIFICATE = "certificate"
    OTHER = "other"


# Implementing Regulation art. 17 (1): the business licence or its like.
REQUIRED_DOCUMENTS: Final = (DocumentKind.LICENCE,)
# A supplier without a valid licence, or with an expired permit, is held; an expired certificate only counts no more.
HOLDING_DOCUMENTS: Final = frozenset({DocumentKind.LICENCE, DocumentKind.PERMIT})
DOCUMENTS_MAX: Final = 20
SHAREHOLDERS_MAX: Final = 20

S = ApplicationState
# Whoever registers has no post yet, so there is none to ask for: the service asks whose application it is.
_APPLICANT: Final = (None, Post.SUPPLIER_ADMIN)
_TIMER: Final = (None,)
# Soliciting and first review belong to the bureau or the central purchasing body of the level (the region's e-mall
# measures, art. 5); where the division has neither, to the region.
VETTERS: Final = frozenset({Post.CPB_OPERATOR, Post.TIER_SUPERVISOR})
REGION: Final = frozenset({Post.REGION_SUPERVISOR})
REVIEWERS: Final = VETTERS | REGION

APPLICATION_LIFECYCLE: Final = Lifecycle(
    name="supplier_application",
    states=ApplicationState,
    initial=S.DRAFT,
    terminal=(S.APPROVED, S.REFUSED, S.WITHDRAWN, S.LAPSED),
    transitions=(
        Transition(action="edit", sources=(S.DRAFT,), target=S.DRAFT, posts=_APPLICANT),
        Transition(action="edit", sources=(S.RETURNED,), target=S.RETURNED, posts=_APPLICANT),
        Transition(
            action="submit", sources=(S.DRAFT, S.RETURNED), target=S.SUBMITTED, posts=_APPLICANT, guards=("complete",)
        ),
        Transition(
            action="withdraw",
            sources=(S.DRAFT, S.SUBMITTED, S.RETURNED, S.VETTED),
            target=S.WITHDRAWN,
            posts=_APPLICANT,
        ),
        Transition(action="pass", sources=(S.SUBMITTED,), target=S.VETTED, posts=REVIEWERS, guards=("as it was read",)),
        Transition(
            action="return", sources=(S.SUBMITTED,), target=S.RETURNED, posts=REVIEWERS, guards=("as it was read",)
        ),
        Transition(action="return", sources=(S.VETTED,), target=S.RETURNED, posts=REGION, guards=("as it was read",)),
        Transition(
            action="refuse", sources=(S.SUBMITTED,), target=S.REFUSED, posts=REVIEWERS, guards=("as it was read",)
        ),
        Transition(action="refuse", sources=(S.VETTED,), target=S.REFUSED, posts=REGION, guards=("as it was read",)),
        Transition(action="approve", sources=(S.VETTED,), target=S.APPROVED, posts=REGION, guards=("as it was read",)),
        Transition(action="lapse", sources=(S.DRAFT, S.RETURNED), target=S.LAPSED, posts=_TIMER),
    ),
)

# A credit code has at most one application in one of these, and a supplier too.
OPEN_STATES: Final = (S.DRAFT, S.SUBMITTED, S.RETURNED, S.VETTED)
WAITING_STATES: Final = (S.SUBMITTED, S.VETTED)

# What a reviewer may find fault with: the fields of the form, and its files as a whole.
FINDABLE: Final = (
    "name", "legal_representative", "address", "division_code", "phone", "size", "scope", "shareholders", "documents",
)  # fmt: skip
# What only a review changes. The telephone is the supplier's own and changes at once.
REVIEWED_FIELDS: Final = ("name", "legal_representative", "address", "division_code", "size", "scope")

OPEN_WINDOW_MINUTES: Final = 60
REGISTRATIONS_PER_MAILBOX: Final = 5
REGISTRATIONS_PER_ADDRESS: Final = 10
LINK_DAYS: Final = 7


def application_number(*, day: str, sequence: int) -> str:
    """GYS, the day as 20260131, four digits of the day's count."""
    return f"GYS{day}{sequence:04}"


def collecting_level(*, division_code: str, prefecture_code: str, levels: Mapping[str, str]) -> str:
    """The tenant that collects and vets for this division, "" for the region itself.

    `levels` are tenant codes by division code. The division's own level comes first, then its prefecture's.
    """
    return levels.get(division_code) or levels.get(prefecture_code) or ""


def missing_documents(*, held: Collection[str]) -> tuple[DocumentKind, ...]:
    """The kinds that an application lacks, `held` being those it brings or the supplier keeps."""
    return tuple(kind for kind in REQUIRED_DOCUMENTS if kind not in held)


def lapses_on(*, since: date, days: int) -> date:
    """The first day on which a draft or a returned application that nobody touched since is closed."""
    return since + timedelta(days=days + 1)
