"""Lifecycles of products and offers, what makes two products one, prices by area, search tokens. Pure."""

from shared_apps.products.rules.areas import REGION_CODE, area_ladder, area_parameters, area_price, full_division_code
from shared_apps.products.rules.keys import identity_key, looks_like, part_key
from shared_apps.products.rules.library import (
    CERTIFICATE_LIFECYCLE,
    CERTIFIED_LABELS,
    PRODUCT_LIFECYCLE,
    PROPOSAL_LIFECYCLE,
    PUBLIC_STATES,
    CertificateState,
    Label,
    ProductState,
    ProposalState,
    Subject,
)
from shared_apps.products.rules.offers import OFFER_LIFECYCLE, OPEN_STATES, VAT_RATES, OfferState
from shared_apps.products.rules.texts import (
    PRICE_BANDS,
    QUERY_LENGTH_MAX,
    as_tsquery,
    as_tsvector,
    haystack,
    index_tokens,
    normalised,
    query_runs,
    query_tokens,
    runs,
)

__all__ = [
    "CERTIFICATE_LIFECYCLE",
    "CERTIFIED_LABELS",
    "OFFER_LIFECYCLE",
    "OPEN_STATES",
    "PRICE_BANDS",
    "PRODUCT_LIFECYCLE",
    "PROPOSAL_LIFECYCLE",
    "PUBLIC_STATES",
    "QUERY_LENGTH_MAX",
    "REGION_CODE",
    "VAT_RATES",
    "CertificateState",
    "Label",
    "OfferState",
    "ProductState",
    "ProposalState",
    "Subject",
    "area_ladder",
    "area_parameters",
    "area_price",
    "as_tsquery",
    "as_tsvector",
    "full_division_code",
    "haystack",
    "identity_key",
    "index_tokens",
    "looks_like",
    "normalised",
    "part_key",
    "query_runs",
    "query_tokens",
    "runs",
]
