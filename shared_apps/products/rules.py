"""Offers' lifecycle, prices by delivery area, and the tokens that products are found by. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from kernel.lifecycle import Deadline, Lifecycle, Transition
from kernel.posts import Post


class ProductState(StrEnum):
    LISTED = "listed"
    RETIRED = "retired"


class OfferState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    MACHINE_CHECKED = "machine_checked"
    LISTED = "listed"
    FROZEN = "frozen"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    DELISTED = "delisted"
    EXPIRED = "expired"


class Label(StrEnum):
    """What a product carries by certificate. `sme` is the supplier's and is added to what is shown."""

    ENERGY = "energy"
    ENVIRONMENT = "environment"
    SME = "sme"


S = OfferState
_SUPPLIER = (Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES)
_REVIEWERS = (Post.CPB_OPERATOR, Post.REGION_SUPERVISOR)

OFFER_LIFECYCLE = Lifecycle(
    name="offer",
    states=OfferState,
    initial=S.DRAFT,
    terminal=(S.REJECTED, S.DELISTED, S.EXPIRED),
    transitions=(
        Transition(action="submit", sources=(S.DRAFT,), target=S.SUBMITTED, posts=_SUPPLIER),
        Transition(action="check", sources=(S.SUBMITTED,), target=S.MACHINE_CHECKED, posts=(None,)),
        Transition(
            action="approve",
            sources=(S.MACHINE_CHECKED,),
            target=S.LISTED,
            posts=_REVIEWERS,
            deadline=Deadline(working_days=3, rule="R-LISTING"),
        ),
        Transition(action="reject", sources=(S.MACHINE_CHECKED,), target=S.REJECTED, posts=_REVIEWERS),
        # A higher price is looked at again; a lower one takes effect at once and is no move.
        Transition(action="raise_price", sources=(S.LISTED,), target=S.SUBMITTED, posts=_SUPPLIER),
        Transition(action="delist", sources=(S.LISTED, S.FROZEN), target=S.DELISTED, posts=_SUPPLIER),
        Transition(
            action="freeze",
            sources=(S.LISTED,),
            target=S.FROZEN,
            posts=_REVIEWERS,
            guards=("breach found",),
        ),
        Transition(action="unfreeze", sources=(S.FROZEN,), target=S.LISTED, posts=_REVIEWERS),
        Transition(action="suspend", sources=(S.LISTED, S.FROZEN), target=S.SUSPENDED, posts=_REVIEWERS),
        Transition(action="resume", sources=(S.SUSPENDED,), target=S.LISTED, posts=_REVIEWERS),
        Transition(action="expire", sources=(S.LISTED, S.FROZEN, S.SUSPENDED), target=S.EXPIRED, posts=(None,)),
    ),
)
# A supplier offers a product once at a time.
OPEN_STATES = tuple(state for state in OfferState if state not in OFFER_LIFECYCLE.terminal)

REGION_CODE = "650000"
VAT_RATES = tuple(Decimal(rate) for rate in ("0.00", "0.01", "0.03", "0.05", "0.06", "0.09", "0.13"))
# Upper bounds in yuan of the price bands buyers filter by; the last band is open.
PRICE_BANDS: Mapping[str, tuple[Decimal, Decimal | None]] = {
    "0-50": (Decimal(0), Decimal(50)),
    "50-200": (Decimal(50), Decimal(200)),
    "200-1000": (Decimal(200), Decimal(1000)),
    "1000-5000": (Decimal(1000), Decimal(5000)),
    "5000-": (Decimal(5000), None),
}


# -- delivery areas -------------------------------------------------------------------------------------------------
def full_division_code(prefix: str) -> str:
    """The six digits of a prefix: 65 -> 650000, 6531 -> 653100."""
    if re.fullmatch(r"[0-9]{2}(?:[0-9]{2}){0,2}", prefix) is None:
        raise ValueError(f"{prefix!r} is no division prefix")
    return prefix.ljust(6, "0")


def area_ladder(code: str) -> tuple[str, ...]:
    """The division itself, its prefecture and the region, nearest first: in this order its price is looked up.

    653101 -> (653101, 653100, 650000). A code outside the region's own digits still ends at the region.
    """
    steps = (code[:6], code[:4] + "00", REGION_CODE)
    return tuple(dict.fromkeys(steps))


def area_parameters(code: str) -> dict[str, str | None]:
    """The ladder as the three named parameters of the statements; None where it is shorter."""
    ladder = area_ladder(code)
    return {f"area_{n}": ladder[n - 1] if n <= len(ladder) else None for n in (1, 2, 3)}


def area_price(areas: Mapping[str, tuple[Decimal, Decimal]], ladder: Sequence[str]) -> tuple[Decimal, Decimal] | None:
    """(freight, surcharge) of the nearest area that the offer delivers to, or None: it does not deliver there."""
    return next((areas[code] for code in ladder if code in areas), None)


# -- text search ----------------------------------------------------------------------------------------------------
# A run is Latin letters and digits, or any other letters (Chinese, Uyghur); blanks and signs end it.
_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
QUERY_LENGTH_MAX = 60
_QUERY_RUNS_MAX = 8


def normalised(text: str) -> str:
    """Full-width forms folded, small letters, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def runs(text: str) -> list[str]:
    """The unbroken runs of one script, in order: "A4复印纸 70克" -> a4, 复印纸, 70, 克."""
    return _RUN.findall(normalised(text))


def index_tokens(text: str) -> list[str]:
    """Every token a text can be found by: each run's letters and bigrams, Latin and digits also whole."""
    tokens: set[str] = set()
    for run in runs(text):
        tokens.update(run)
        tokens.update(run[at : at + 2] for at in range(len(run) - 1))
        if run.isascii():
            tokens.add(run)
    return sorted(tokens)


def query_tokens(text: str) -> list[str]:
    """The tokens a text must have to hold every run of the query: single letters only for one-letter runs."""
    tokens: dict[str, None] = {}
    for run in runs(text)[:_QUERY_RUNS_MAX]:
        if len(run) == 1:
            tokens[run] = None
        tokens.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return list(tokens)


def query_runs(text: str) -> list[str]:
    """The runs themselves: bigrams narrow the candidates, each run is then looked for as written."""
    return list(dict.fromkeys(runs(text)[:_QUERY_RUNS_MAX]))


def haystack(parts: Sequence[str]) -> str:
    """The text that runs are looked for in: the parts' runs, so that no run spans two parts."""
    return " ".join(" ".join(runs(part)) for part in parts if part)


def as_tsvector(tokens: Sequence[str]) -> str:
    """PostgreSQL's text form. Tokens are letters and digits, so quoting is enough."""
    return " ".join(f"'{token}'" for token in tokens)


def as_tsquery(tokens: Sequence[str]) -> str:
    return " & ".join(f"'{token}'" for token in tokens)
