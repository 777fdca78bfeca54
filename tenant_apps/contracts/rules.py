"""A contract's versions, their signatures, what the law allows to be added, and the days to publish and file. Pure.

Government Procurement Law arts. 43-50, Implementing Regulation arts. 47 and 50.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.lifecycle import Deadline, Lifecycle, Transition
from kernel.money import ZERO
from kernel.posts import Post


class VersionState(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    PART_SIGNED = "part_signed"
    SIGNED = "signed"
    PUBLISHED = "published"
    FILED = "filed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class SignatureState(StrEnum):
    REQUESTED = "requested"
    SENT = "sent"
    SIGNED = "signed"
    REFUSED = "refused"
    LAPSED = "lapsed"


class AnnouncementState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    PUBLISHED = "published"
    REFUSED = "refused"


class VersionKind(StrEnum):
    MAIN = "main"
    SUPPLEMENT = "supplement"


class Side(StrEnum):
    BUYER = "buyer"
    SUPPLIER = "supplier"


class Withheld(StrEnum):
    """What may be left out of the published text as a secret (Regulation art. 50)."""

    MODELS = "models"
    PRICES = "prices"
    TERMS = "terms"


S, G = VersionState, SignatureState
CLERK = frozenset({Post.BUYER_CLERK})
# The unit is bound by who approves its purchases, never by the clerk who wrote the draft.
BUYER_SIGNERS = frozenset({Post.BUYER_APPROVER})
SUPPLIER = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
SIGNERS = BUYER_SIGNERS | SUPPLIER
_SYSTEM: frozenset[Post | None] = frozenset({None})

# Within 2 working days of signing: Implementing Regulation art. 50. Within 7: Government Procurement Law art. 47.
PUBLISH_DEADLINE = Deadline(working_days=2, rule="R-PUBLISH")
FILE_DEADLINE = Deadline(working_days=7, rule="R-FILE")

VERSION_LIFECYCLE = Lifecycle(
    "contract version",
    VersionState,
    S.DRAFT,
    (S.FILED, S.WITHDRAWN, S.SUPERSEDED),
    (
        Transition("rework", (S.DRAFT,), S.DRAFT, CLERK),
        Transition("offer", (S.DRAFT,), S.OFFERED, CLERK, guards=("the document is kept",)),
        Transition("supersede", (S.OFFERED, S.PART_SIGNED), S.SUPERSEDED, CLERK, guards=("a new draft follows",)),
        Transition("withdraw", (S.DRAFT,), S.WITHDRAWN, CLERK, guards=("reason",)),
        Transition("withdraw", (S.OFFERED, S.PART_SIGNED), S.WITHDRAWN, CLERK | SUPPLIER, guards=("reason",)),
        Transition("ask_to_sign", (S.OFFERED,), S.OFFERED, SIGNERS, guards=("not who wrote the draft",)),
        Transition("ask_to_sign", (S.PART_SIGNED,), S.PART_SIGNED, SIGNERS, guards=("not who wrote the draft",)),
        Transition("sign_first", (S.OFFERED,), S.PART_SIGNED, _SYSTEM),
        Transition("sign_last", (S.PART_SIGNED,), S.SIGNED, _SYSTEM),
        Transition("publish", (S.SIGNED,), S.PUBLISHED, CLERK, PUBLISH_DEADLINE, ("secrets are withheld",)),
        Transition("file", (S.PUBLISHED,), S.FILED, CLERK, FILE_DEADLINE),
    ),
)
SIGNATURE_LIFECYCLE = Lifecycle(
    "signature",
    SignatureState,
    G.REQUESTED,
    (G.SIGNED, G.REFUSED, G.LAPSED),
    (
        Transition("send", (G.REQUESTED,), G.SENT, _SYSTEM),
        Transition("confirm", (G.SENT,), G.SIGNED, _SYSTEM, guards=("over the document's digest",)),
        Transition("refuse", (G.REQUESTED, G.SENT), G.REFUSED, _SYSTEM, guards=("reason",)),
        Transition("lapse", (G.REQUESTED, G.SENT), G.LAPSED, _SYSTEM, guards=("the version is not to be signed",)),
    ),
)
A = AnnouncementState
# The designated medium of Implementing Regulation art. 50. What it refused the clerk may send once more.
ANNOUNCEMENT_LIFECYCLE = Lifecycle(
    "announcement",
    AnnouncementState,
    A.WAITING,
    (A.PUBLISHED,),
    (
        Transition("send", (A.WAITING,), A.SENT, _SYSTEM),
        Transition("confirm", (A.SENT,), A.PUBLISHED, _SYSTEM),
        Transition("refuse", (A.SENT,), A.REFUSED, _SYSTEM, guards=("reason",)),
        Transition("resend", (A.REFUSED,), A.WAITING, CLERK),
    ),
)
UNSIGNED = frozenset({S.DRAFT, S.OFFERED, S.PART_SIGNED})
SIGNABLE = frozenset({S.OFFERED, S.PART_SIGNED})
BINDING = frozenset({S.SIGNED, S.PUBLISHED, S.FILED})
OVER = frozenset({S.WITHDRAWN, S.SUPERSEDED})
PUBLIC = frozenset({S.PUBLISHED, S.FILED})
WAITING = frozenset({G.REQUESTED, G.SENT})
LIVE_SIGNATURES = WAITING | {G.SIGNED}

# Paying a small or medium supplier: Regulation on Payments to SMEs (Order 802) art. 9.
SME_PAYMENT_DAYS_MOST = 60
PAYMENT_DAYS_MOST = 180
SUPPLEMENT_SHARE = Decimal("0.10")

# Asking the signature service again: ours, not a rule's.
CLAIM = timedelta(seconds=60)
POLL_EVERY = timedelta(seconds=10)
_RETRIES = (10, 30, 60, 300, 600)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


@dataclass(frozen=True, slots=True)
class Room:
    """What supplementary contracts may still come to."""

    most: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        return self.most - self.used


def supplement_room(*, main: Decimal, supplements: Iterable[Decimal]) -> Room:
    """All supplementary contracts together: at most a tenth of the contract. Government Procurement Law art. 49."""
    most = (main * SUPPLEMENT_SHARE).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    return Room(most, sum(supplements, ZERO))


def beyond_supplement(
    *, content: Mapping[str, Any], products: Mapping[int, int], asked: Iterable[tuple[int, int, Decimal]]
) -> bool:
    """Whether an order asks for something the supplement does not add, for more of it, or at a higher price.

    `products` are those of the contract's lines by position, `asked` is (product, pieces, price) of the order's lines.
    """
    added = {products[line["position"]]: (line["quantity"], Decimal(line["price"])) for line in content["lines"]}
    return any(
        product not in added or quantity > added[product][0] or price > added[product][1]
        for product, quantity, price in asked
    )


def retry_at(*, attempts: int, now: datetime) -> datetime:
    """Less and less often, at last every ten minutes."""
    return now + timedelta(seconds=_RETRIES[max(0, min(attempts, len(_RETRIES)) - 1)])


def number_stem(*, tenant_code: str, on: date) -> str:
    """`HT` + division code + day. The database appends the last six digits of the row's id."""
    return f"HT{tenant_code}{on:%Y%m%d}"


def version_number(*, number: str, ordinal: int) -> str:
    """The first version goes by the contract's number, later ones by number and ordinal."""
    return number if ordinal == 1 else f"{number}-{ordinal}"


def in_words(amount: Decimal) -> str:
    """An amount as contracts write it: 壹万零叁佰元伍角整."""
    cents = int((amount * 100).to_integral_value())
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"人民币{text or '零元'}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif text:
        text += "零"
    return f"人民币{text}{_DIGITS[fen]}分" if fen else f"人民币{text}整"


def _whole(number: int) -> str:
    parts: list[str] = []
    groups = []
    while number:
        groups.append(number % 10_000)
        number //= 10_000
    gap = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = True
            continue
        if parts and (gap or group < 1_000):
            parts.append("零")
        parts.append(_of_four(group) + _GROUPS[index])
        gap = False
    return "".join(parts)


def _of_four(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
