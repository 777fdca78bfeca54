"""The life of what suppliers propose to the library: brands, SPUs, products and their certificates. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kernel.lifecycle import Lifecycle, Transition
from kernel.posts import Post


class Subject(StrEnum):
    """What is proposed and reviewed."""

    BRAND = "brand"
    SPU = "spu"
    PRODUCT = "product"
    CERTIFICATE = "certificate"


class ProposalState(StrEnum):
    """Of a brand or an SPU."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    MERGED = "merged"


class ProductState(StrEnum):
    PROPOSED = "proposed"
    RETURNED = "returned"
    LISTED = "listed"
    REFUSED = "refused"
    RETIRED = "retired"
    MERGED = "merged"


class CertificateState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


class Label(StrEnum):
    """What a product carries by certificate. `sme` is the supplier's and is added to what is shown."""

    ENERGY = "energy"
    ENVIRONMENT = "environment"
    SME = "sme"


# Shown only while a certificate is valid. Source: Caiku [2019] 9.
CERTIFIED_LABELS: Final = (Label.ENERGY, Label.ENVIRONMENT)
# What everybody may see; a proposal is between its supplier and the reviewers.
PUBLIC_STATES: Final = (ProductState.LISTED, ProductState.RETIRED)

_SUPPLIER: Final = (Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES)
_REVIEWERS: Final = (Post.CPB_OPERATOR, Post.REGION_SUPERVISOR)
_LIBRARIANS: Final = (Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR)
P, S, C = ProposalState, ProductState, CertificateState

# The region reviews brand and SPU once, for every mall. Source: design of the listing process.
PROPOSAL_LIFECYCLE: Final = Lifecycle(
    name="proposal",
    states=ProposalState,
    initial=P.PROPOSED,
    terminal=(P.REFUSED, P.MERGED),
    transitions=(
        Transition(action="amend", sources=(P.PROPOSED, P.RETURNED), target=P.PROPOSED, posts=_SUPPLIER),
        Transition(action="withdraw", sources=(P.PROPOSED, P.RETURNED), target=P.REFUSED, posts=_SUPPLIER),
        Transition(
            action="approve",
            sources=(P.PROPOSED,),
            target=P.APPROVED,
            posts=_REVIEWERS,
            guards=("as it was read", "its brand is approved"),
        ),
        Transition(
            action="return", sources=(P.PROPOSED,), target=P.RETURNED, posts=_REVIEWERS, guards=("with a reason",)
        ),
        Transition(
            action="refuse",
            sources=(P.PROPOSED, P.RETURNED),
            target=P.REFUSED,
            posts=_REVIEWERS,
            guards=("with a reason",),
        ),
        # One name too many: what stands under it moves, and the name leads on for good.
        Transition(
            action="merge",
            sources=(P.APPROVED,),
            target=P.MERGED,
            posts=_LIBRARIANS,
            guards=("into another approved one", "as many products as were read"),
        ),
    ),
)
PRODUCT_LIFECYCLE: Final = Lifecycle(
    name="product",
    states=ProductState,
    initial=S.PROPOSED,
    terminal=(S.REFUSED, S.RETIRED, S.MERGED),
    transitions=(
        Transition(action="amend", sources=(S.PROPOSED, S.RETURNED), target=S.PROPOSED, posts=_SUPPLIER),
        Transition(action="withdraw", sources=(S.PROPOSED, S.RETURNED), target=S.REFUSED, posts=_SUPPLIER),
        Transition(
            action="approve",
            sources=(S.PROPOSED,),
            target=S.LISTED,
            posts=_REVIEWERS,
            guards=("as it was read", "its SPU is approved"),
        ),
        Transition(
            action="return", sources=(S.PROPOSED,), target=S.RETURNED, posts=_REVIEWERS, guards=("with a reason",)
        ),
        Transition(
            action="refuse",
            sources=(S.PROPOSED, S.RETURNED),
            target=S.REFUSED,
            posts=_REVIEWERS,
            guards=("with a reason",),
        ),
        Transition(action="retire", sources=(S.LISTED,), target=S.RETIRED, posts=_LIBRARIANS),
        Transition(
            action="merge",
            sources=(S.PROPOSED, S.RETURNED, S.LISTED),
            target=S.MERGED,
            posts=_REVIEWERS,
            guards=("into a listed product",),
        ),
    ),
)
CERTIFICATE_LIFECYCLE: Final = Lifecycle(
    name="certificate",
    states=CertificateState,
    initial=C.PROPOSED,
    terminal=(C.REFUSED, C.REVOKED),
    transitions=(
        Transition(
            action="approve", sources=(C.PROPOSED,), target=C.APPROVED, posts=_REVIEWERS, guards=("as it was read",)
        ),
        Transition(
            action="refuse", sources=(C.PROPOSED,), target=C.REFUSED, posts=_REVIEWERS, guards=("with a reason",)
        ),
        Transition(
            action="revoke", sources=(C.APPROVED,), target=C.REVOKED, posts=_REVIEWERS, guards=("with a reason",)
        ),
    ),
)
