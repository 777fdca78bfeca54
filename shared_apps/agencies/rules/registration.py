"""The life of an agency on the public name list.

Registration is on a name list and no licence: region staff see that the content is complete and publish it; whether
an agency is good is nobody's to approve. Source: Cai Ku [2018] 2, known from secondary material (domain brief 3.8).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class AgencyState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DEREGISTERED = "deregistered"


S = AgencyState
MANAGER: Final = frozenset({Post.AGENCY_MANAGER})
REGION: Final = frozenset({Post.REGION_SUPERVISOR})

REGISTRATION: Final = Lifecycle(
    name="agency",
    states=AgencyState,
    initial=S.DRAFT,
    terminal=(S.DEREGISTERED,),
    transitions=(
        Transition(
            action="submit", sources=(S.DRAFT, S.RETURNED), target=S.SUBMITTED, posts=MANAGER,
            guards=("content complete",),
        ),
        Transition(action="withdraw", sources=(S.DRAFT, S.SUBMITTED, S.RETURNED), target=S.WITHDRAWN, posts=MANAGER),
        Transition(action="reopen", sources=(S.WITHDRAWN,), target=S.DRAFT, posts=MANAGER),
        Transition(
            action="publish", sources=(S.SUBMITTED,), target=S.PUBLISHED, posts=REGION,
            guards=("as it was read", "content complete"),
        ),
        Transition(
            action="return", sources=(S.SUBMITTED,), target=S.RETURNED, posts=REGION,
            guards=("as it was read", "a reason for each field"),
        ),
        Transition(
            action="deregister", sources=(S.PUBLISHED,), target=S.DEREGISTERED, posts=MANAGER | REGION,
            guards=("no agreement open", "files handed to the purchasers"),
        ),
    ),
)  # fmt: skip

# While it is one of these the content is the agency's own draft; afterwards a change is reported with its day.
EDITABLE: Final = frozenset({S.DRAFT, S.RETURNED})
# On the public list, now or once.
SHOWN: Final = frozenset({S.PUBLISHED, S.DEREGISTERED})

OPENING_WINDOW_MINUTES: Final = 60
OPENINGS_PER_ADDRESS: Final = 10
OPENINGS_PER_MAILBOX: Final = 5
