"""Rules of the supplier library, by noun. Pure. Others import from here."""

from shared_apps.suppliers.rules.standing import (
    LIBRARIANS,
    SME_SIZES,
    SUPPLIER_LIFECYCLE,
    HoldCause,
    Size,
    Standing,
    standing_with_holds,
)

__all__ = [
    "LIBRARIANS",
    "SME_SIZES",
    "SUPPLIER_LIFECYCLE",
    "HoldCause",
    "Size",
    "Standing",
    "standing_with_holds",
]
