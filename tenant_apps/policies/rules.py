"""What a finance level may decide for itself: modules, and values stricter than the region's. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET, R_COMPARE, R_DECENTRALISED, R_DIRECT, RuleSet


class ModuleName(StrEnum):
    """The five modules of the e-mall. Source: 新财办购〔2019〕7号."""

    ONLINE_SUPERMARKET = "online_supermarket"
    AGREEMENT_SUPPLY = "agreement_supply"
    DESIGNATED_SERVICE = "designated_service"
    ONLINE_INQUIRY = "online_inquiry"
    REVERSE_AUCTION = "reverse_auction"


# The others are declared, so that the console names all five, and open when their apps exist.
BUILT: Final = frozenset({ONLINE_SUPERMARKET})


class ModuleStatus(StrEnum):
    CLOSED = "closed"
    CHOSEN = "chosen"
    OPEN = "open"


MODULE_LIFECYCLE: Final = Lifecycle(
    name="mall_module",
    states=ModuleStatus,
    initial=ModuleStatus.CLOSED,
    terminal=(),
    transitions=(
        Transition(
            action="choose",
            sources=(ModuleStatus.CLOSED,),
            target=ModuleStatus.CHOSEN,
            posts=(Post.TIER_SUPERVISOR,),
            guards=("mall not live",),
        ),
        Transition(
            action="leave_out",
            sources=(ModuleStatus.CHOSEN,),
            target=ModuleStatus.CLOSED,
            posts=(Post.TIER_SUPERVISOR,),
            guards=("mall not live",),
        ),
        Transition(
            action="open",
            sources=(ModuleStatus.CLOSED, ModuleStatus.CHOSEN),
            target=ModuleStatus.OPEN,
            posts=(Post.TIER_SUPERVISOR,),
            guards=("checklist done",),
        ),
        Transition(
            action="close", sources=(ModuleStatus.OPEN,), target=ModuleStatus.CLOSED, posts=(Post.TIER_SUPERVISOR,)
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Bound:
    """What may be chosen locally: an amount at most `most`, or a number at least `least`."""

    code: str
    kind: str
    most: Decimal | None = None
    least: int | None = None


# Rules with a local value. A limit of law is not among them: setting it is the region's (GPL arts. 8, 27; Reg. art. 5).
TIGHTENABLE: Final = (R_DIRECT, R_COMPARE)


def bound_of(*, code: str, kind: str, rules: RuleSet) -> Bound | None:
    """The region's bound for a local value, None when the rule has none or is not in force."""
    rule = rules.get(code, kind)
    if rule is None or code not in TIGHTENABLE:
        return None
    if code == R_COMPARE:
        return Bound(code, kind, least=int(rule.parameters.get("offers", 3)))
    limits = [
        one.amount for one in (rule, rules.get(R_DECENTRALISED, kind)) if one is not None and one.amount is not None
    ]
    return Bound(code, kind, most=min(limits)) if limits else None


def within(*, bound: Bound, amount: Decimal | None, offers: int | None) -> bool:
    """The chosen value is as strict as the region's, or stricter."""
    if bound.most is not None:
        return amount is not None and 0 < amount <= bound.most and offers is None
    return offers is not None and bound.least is not None and bound.least <= offers <= 10 and amount is None


@dataclass(frozen=True, slots=True)
class Tightening:
    """A stricter local value in force."""

    code: str
    kind: str
    amount: Decimal | None
    parameters: Mapping[str, Any]


def tightened(*, rules: RuleSet, tightenings: tuple[Tightening, ...]) -> RuleSet:
    """The region's rules with the local values, each only while it is still the stricter one.

    A later version of the region that is stricter than the local value wins by itself.
    """
    for one in tightenings:
        bound = bound_of(code=one.code, kind=one.kind, rules=rules)
        offers = one.parameters.get("offers")
        if bound is None or not within(bound=bound, amount=one.amount, offers=offers):
            continue
        changes: dict[str, Any] = {"parameters": dict(one.parameters)}
        if one.amount is not None:
            changes["amount"] = one.amount
        rules = rules.tightened(one.code, one.kind, **changes)
    return rules


def satisfiable(*, holders: Mapping[Post, Collection[int]], pairs: Collection[frozenset[Post]]) -> bool:
    """Some choice of one holder for each post keeps the two posts of every pair with different people.

    Source: the separation of duties of Government Procurement Law art. 61, taken for purchasers' own staff.
    """
    posts = tuple(holders)

    def place(index: int, chosen: dict[Post, int]) -> bool:
        if index == len(posts):
            return True
        post = posts[index]
        apart = {other for pair in pairs if post in pair for other in pair - {post}}
        barred = {chosen[other] for other in apart if other in chosen}
        return any(place(index + 1, {**chosen, post: one}) for one in holders[post] if one not in barred)

    return place(0, {})
