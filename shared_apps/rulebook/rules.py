"""Vocabulary of the rulebook and the deciding of a purchase. Pure: no Django, no clock, no database.

A legal parameter is a dated, sourced row. `decide` looks at every rule of a purchase and answers each one, allowed or
refused, with what it looked at: the answer is stored with the order and can be explained years later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post
from shared_apps.rulebook.committed import Committed, ReliefYear, YearShares

ANY: Final = "*"
ONLINE_SUPERMARKET: Final = "online_supermarket"


class Level(StrEnum):
    """Tiers that may have limits of their own. Source: Implementing Regulation art. 5."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class Kind(StrEnum):
    GOODS = "goods"
    SERVICES = "services"
    WORKS = "works"


class Mode(StrEnum):
    DIRECT = "direct"
    COMPARE = "compare"
    BARGAIN = "bargain"


class Basis(StrEnum):
    """Where a rule comes from, said to everybody who meets it."""

    STATUTE = "statute"  # the law's or the regulation's own words
    DOCUMENT = "document"  # a document of the region, named by its number
    PLATFORM = "platform"  # the platform's own rule: no statute asks for it
    PROPOSAL = "proposal"  # a rule there is, a figure of ours: no source at hand gives it, and the region may set it


class VersionState(StrEnum):
    """`shipped` rows come with the platform and never change; the others are the region's own."""

    SHIPPED = "shipped"
    ENTERED = "entered"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


# The life of a version the region enters. Shipped rows stand outside it: nobody verifies or withdraws them.
VERSION_LIFECYCLE: Final = Lifecycle(
    name="rule_version",
    states=(VersionState.ENTERED, VersionState.VERIFIED, VersionState.WITHDRAWN),
    initial=VersionState.ENTERED,
    terminal=(VersionState.VERIFIED, VersionState.WITHDRAWN),
    transitions=(
        Transition(
            action="verify",
            sources=(VersionState.ENTERED,),
            target=VersionState.VERIFIED,
            posts=(Post.REGION_SUPERVISOR,),
            guards=("by somebody else", "document number repeated", "begins after the version before"),
        ),
        Transition(
            action="withdraw",
            sources=(VersionState.ENTERED,),
            target=VersionState.WITHDRAWN,
            posts=(Post.REGION_SUPERVISOR,),
        ),
    ),
)

R_MODULE: Final = "R-MODULE"
R_DECENTRALISED: Final = "R-DECENTRALISED"
R_OPEN_TENDER: Final = "R-OPEN-TENDER"
R_DIRECT: Final = "R-DIRECT"
R_SUPPLIER: Final = "R-SUPPLIER"
R_PLAN: Final = "R-PLAN"
R_CEILING: Final = "R-CEILING"
R_OFFER: Final = "R-OFFER"
R_ONE_SUPPLIER: Final = "R-ONE-SUPPLIER"
R_COMPARE: Final = "R-COMPARE"
R_ACCEPT: Final = "R-ACCEPT"
R_BARGAIN: Final = "R-BARGAIN"
R_PAYMENT: Final = "R-PAYMENT"
R_SPLIT_TENDER: Final = "R-SPLIT-TENDER"
R_SPLIT_DECENTRALISED: Final = "R-SPLIT-DECENTRALISED"
R_PAID_PRICE: Final = "R-PAID-PRICE"
R_SME_RESERVE: Final = "R-SME-RESERVE"
R_SME_SHARE: Final = "R-SME-SHARE"
R_RELIEF: Final = "R-RELIEF"
R_GREEN: Final = "R-GREEN"
R_RELATED: Final = "R-RELATED"

# Amounts that only a document of the region can set; shipped ones are demonstration floors.
THRESHOLDS: Final = (R_DECENTRALISED, R_OPEN_TENDER)
# What must be verified by the region and acknowledged by the tenant before a module opens there.
REQUIRED_THRESHOLDS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    ONLINE_SUPERMARKET: ((R_DECENTRALISED, Kind.GOODS),),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule version as decisions see it. `articles` are "statute:article" keys of the law texts."""

    code: str
    version: int
    module: str
    level: str
    kind: str
    basis: str
    legal_basis: str
    valid_from: date
    amount: Decimal | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    articles: tuple[str, ...] = ()
    severity: str = "block"
    source_url: str = ""
    document_number: str = ""
    is_demo: bool = False
    verified: bool = False
    version_id: int | None = None
    # Set when the tenant has chosen a stricter value inside the region's bounds.
    tightened: bool = False

    @property
    def reference(self) -> str:
        return f"{self.code}@{self.version}"

    @property
    def inclusive(self) -> bool:
        """Whether the amount itself is still inside the limit."""
        return bool(self.parameters.get("inclusive", False))

    def holds(self, total: Decimal) -> bool:
        """`total` lies inside the limit. A rule without an amount sets none."""
        if self.amount is None:
            return True
        return total <= self.amount if self.inclusive else total < self.amount


@dataclass(frozen=True)
class RuleSet:
    """The rules in force at one level on one day; a rule of one kind of object goes before one of all kinds."""

    level: str
    on: date
    rules: Mapping[tuple[str, str], Rule]

    def get(self, code: str, kind: str = ANY) -> Rule | None:
        return self.rules.get((code, kind)) or self.rules.get((code, ANY))

    @property
    def accept_working_days(self) -> int:
        """Working days a supplier has to answer an order (R-ACCEPT)."""
        rule = self.get(R_ACCEPT)
        return int(rule.parameters["working_days"]) if rule else 2

    @property
    def bargain_answer_days(self) -> int:
        """Working days to answer in a bargain (R-BARGAIN)."""
        rule = self.get(R_BARGAIN)
        return int(rule.parameters["answer_working_days"]) if rule else 2

    @property
    def bargain_order_days(self) -> int:
        """Working days in which an order may be made of what was agreed (R-BARGAIN)."""
        rule = self.get(R_BARGAIN)
        return int(rule.parameters["order_working_days"]) if rule else 5

    @property
    def payment_days(self) -> int:
        """Calendar days to pay from acceptance (R-PAYMENT; SME Payment Regulation arts. 9-10)."""
        rule = self.get(R_PAYMENT)
        return int(rule.parameters["days"]) if rule else 30

    def tightened(self, code: str, kind: str, **changes: Any) -> RuleSet:
        """The same rules with one made stricter. LookupError when there is no such rule."""
        rule = self.get(code, kind)
        if rule is None:
            raise LookupError(f"no rule {code} for {kind}")
        parameters = {**rule.parameters, **changes.pop("parameters", {})}
        key = (code, rule.kind if kind == ANY else kind)
        return replace(self, rules={**self.rules, key: replace(rule, **changes, parameters=parameters, tightened=True)})


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One line as it would be ordered. `supplier_code` empty means the purchase's supplier."""

    product_code: str
    category_code: str
    kind: str
    quantity: int
    unit_price: Decimal
    reference_price: Decimal
    current_price: Decimal
    offer_active: bool
    delivers: bool
    supplier_code: str = ""
    labels: tuple[str, ...] = ()  # certified and valid today (Caiku [2019] 9)
    paid_median: Decimal | None = None  # what malls paid for it; None: too few orders to tell


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is to be decided. `budget_year` is the year of the budget lines that pay, None when none is chosen."""

    module: str
    level: str
    kind: str
    total: Decimal
    fiscal_year: int
    lines: tuple[PurchaseLine, ...]
    supplier_standing: str
    supplier_code: str
    budget_year: int | None
    plan_filed: bool
    mode: str = Mode.DIRECT
    offers_compared: int = 0
    area: str = ""
    chosen_is_lowest: bool = True
    choice_reason: str = ""
    supplier_size: str = ""
    unit_id: int | None = None
    # None: no budget item is known yet, or nothing is added up for this purchase.
    committed: Committed | None = None
    shares: YearShares | None = None
    relief: ReliefYear | None = None
    # Suppliers in the comparison that are related, pair by pair: never why. None: nobody has looked.
    related: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One rule's answer. `explanation` and `remedy` are keys; `wording.shown` puts them with the inputs into words.

    `inputs` is JSON-ready: amounts are texts such as "12.30".
    """

    rule: str
    version: int
    allowed: bool
    inputs: Mapping[str, Any]
    article: str
    explanation: str
    remedy: str = ""
    verified: bool = False
    is_demo: bool = False
    tightened: bool = False
    basis: str = Basis.PLATFORM
    articles: tuple[str, ...] = ()
    source_url: str = ""
    document_number: str = ""
    # Allowed, and something to think about: said before the order, refuses nothing.
    warned: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "version": self.version,
            "allowed": self.allowed,
            "inputs": dict(self.inputs),
            "article": self.article,
            "explanation": self.explanation,
            "remedy": self.remedy,
            "verified": self.verified,
            "is_demo": self.is_demo,
            "tightened": self.tightened,
            "basis": str(self.basis),
            "articles": list(self.articles),
            "source_url": self.source_url,
            "document_number": self.document_number,
            "warned": self.warned,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Decision:
        return cls(**{**stored, "articles": tuple(stored.get("articles", ()))})


def independent(suppliers: Collection[int], related: Collection[tuple[int, int]]) -> int:
    """How many suppliers there are when those that belong together count as one; a tie reaches through a third."""
    head = {supplier: supplier for supplier in suppliers}

    def of(supplier: int) -> int:
        while head[supplier] != supplier:
            supplier = head[supplier]
        return supplier

    for first, second in related:
        if first in head and second in head:
            head[of(first)] = of(second)
    return sum(1 for supplier in head if head[supplier] == supplier)


def all_allowed(decisions: tuple[Decision, ...]) -> bool:
    return all(decision.allowed for decision in decisions)


def decide(*, purchase: Purchase, rules: RuleSet) -> tuple[Decision, ...]:
    """Every rule's answer to a purchase, in a fixed order, allowed and refused alike.

    A rule that is not in the rule set refuses: nothing passes because a row was forgotten.
    """
    from shared_apps.rulebook import deciding

    return deciding.decide(purchase=purchase, rules=rules)
