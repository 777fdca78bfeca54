"""Rules of the supplier library, by noun. Pure. Others import from here."""

from shared_apps.suppliers.rules.application import (
    APPLICATION_LIFECYCLE,
    DOCUMENTS_MAX,
    FINDABLE,
    HOLDING_DOCUMENTS,
    OPEN_STATES,
    REGION,
    REVIEWERS,
    SHAREHOLDERS_MAX,
    VETTERS,
    WAITING_STATES,
    ApplicationKind,
    ApplicationState,
    DocumentKind,
)
from shared_apps.suppliers.rules.names import address_key, name_key, phone_key
from shared_apps.suppliers.rules.standing import (
    LIBRARIANS,
    SME_SIZES,
    SUPPLIER_LIFECYCLE,
    HoldCause,
    Size,
    Standing,
    standing_with_holds,
)
from shared_apps.suppliers.rules.terms import Terms

__all__ = [
    "APPLICATION_LIFECYCLE",
    "DOCUMENTS_MAX",
    "FINDABLE",
    "HOLDING_DOCUMENTS",
    "LIBRARIANS",
    "OPEN_STATES",
    "REGION",
    "REVIEWERS",
    "SHAREHOLDERS_MAX",
    "SME_SIZES",
    "SUPPLIER_LIFECYCLE",
    "VETTERS",
    "WAITING_STATES",
    "ApplicationKind",
    "ApplicationState",
    "DocumentKind",
    "HoldCause",
    "Size",
    "Standing",
    "Terms",
    "address_key",
    "name_key",
    "phone_key",
    "standing_with_holds",
]
