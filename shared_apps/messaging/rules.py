"""What is told by which way, when, and how often it is tried. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from kernel.clock import SHANGHAI
from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class Topic(StrEnum):
    """Kinds of messages, as people choose them."""

    TO_DO = "to_do"
    DEADLINE = "deadline"
    NEWS = "news"


class Channel(StrEnum):
    """Ways out of the house. Every message stands in the list on the site, whatever else is chosen."""

    EMAIL = "email"
    SMS = "sms"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


S = DeliveryState
# Who looks after deliveries; the region's supervisor and auditors may look.
KEEPERS = frozenset({Post.PLATFORM_OPERATOR})
WATCHERS = KEEPERS | {Post.REGION_SUPERVISOR, Post.AUDITOR}

# E-mail ends as sent: a mail server tells nothing after it has taken a letter.
DELIVERY_LIFECYCLE = Lifecycle(
    name="delivery",
    states=DeliveryState,
    initial=S.WAITING,
    terminal=(S.DELIVERED, S.REFUSED),
    transitions=(
        Transition(action="send", sources=(S.WAITING,), target=S.SENT, posts=(None,)),
        Transition(action="arrive", sources=(S.SENT,), target=S.DELIVERED, posts=(None,)),
        Transition(action="refuse", sources=(S.WAITING, S.SENT), target=S.REFUSED, posts=(None,)),
        Transition(action="give_up", sources=(S.WAITING, S.SENT), target=S.GIVEN_UP, posts=(None,)),
        Transition(action="retry", sources=(S.GIVEN_UP,), target=S.WAITING, posts=KEEPERS),
    ),
)

# Waits between attempts to hand a message over; after the last one it is given up and may be set going by staff.
RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 3600, 21_600))
# A provider that has a message is asked what became of it, at these distances; then it stays as sent.
ASK_AFTER = tuple(timedelta(seconds=seconds) for seconds in (20, 60, 600, 3600, 21_600, 86_400))
# A sender that died is thought dead after so long; the same number is sent again.
LEASE = timedelta(seconds=60)
# What the journal tells of long ago (a relay that stood still, a takeover) is listed and not sent out any more.
OUTWARD_WITHIN = timedelta(hours=24)

# -- personal choices ------------------------------------------------------------------------------------------------
# Proposals: no rule was found. Each person changes them.
WANTED_BY_DEFAULT = frozenset(
    {(Topic.TO_DO, Channel.EMAIL), (Topic.DEADLINE, Channel.EMAIL), (Topic.DEADLINE, Channel.SMS)}
)
QUIET_FROM, QUIET_UNTIL = time(22), time(8)


def send_from(*, now: datetime, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """The first moment at or after `now` outside the quiet hours, by the clock of Beijing; equal ends mean none."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return now
    here = now.astimezone(SHANGHAI)
    clock = here.time()
    over_midnight = quiet_from > quiet_until
    quiet = clock >= quiet_from or clock < quiet_until if over_midnight else quiet_from <= clock < quiet_until
    if not quiet:
        return now
    day = here.date() + timedelta(days=1 if over_midnight and clock >= quiet_from else 0)
    return datetime.combine(day, quiet_until, tzinfo=SHANGHAI).astimezone(UTC)


# -- verification ----------------------------------------------------------------------------------------------------
CODE_DIGITS = 6
CODE_VALID = timedelta(minutes=10)
CODE_TRIES_MAX = 5
# A person, and an address whoever asks, in an hour.
CODES_OF_PERSON = 5
CODES_OF_ADDRESS = 3
CODE_WINDOW = timedelta(hours=1)


# -- daily caps ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cap:
    """How many messages go out by one way on a day: to one person, and altogether."""

    per_person: int
    altogether: int


# Proposals until the region's operator sets others.
PROPOSED_CAPS = {Channel.EMAIL: Cap(50, 20_000), Channel.SMS: Cap(10, 5_000)}
CAP_MAX = 1_000_000


# -- how long things are kept (proposals: no rule was found) -----------------------------------------------------------
KEPT_DAYS = 366
VERIFICATIONS_KEPT_DAYS = 30
# How long a letter that could not be sent may go out again: its links are good no longer than that.
LETTERS_KEPT_DAYS = 7


# -- reasons ---------------------------------------------------------------------------------------------------------
class Reason(StrEnum):
    """Why a delivery was given up or has not gone out yet; what a provider refuses is in its own words."""

    UNREACHABLE = "unreachable"
    NO_ADDRESS = "no-address"
    LEFT = "left"
    CAP_PERSON = "cap-person"
    CAP_ALTOGETHER = "cap-altogether"
    EXPIRED = "expired"
    TAKEN_BACK = "taken-back"


def masked(address: str) -> str:
    """Enough of an address to know it by: the ends of a number, the beginning and the domain of a mailbox."""
    if "@" in address:
        name, _, domain = address.rpartition("@")
        return f"{name[:1]}***@{domain}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 11 else "****"
