"""Tables of the supplier library, by noun."""

from shared_apps.suppliers.models.application import ApplicationDocument, SupplierApplication
from shared_apps.suppliers.models.hold import SupplierHold
from shared_apps.suppliers.models.qualification import Qualification, Shareholder
from shared_apps.suppliers.models.supplier import Supplier
from shared_apps.suppliers.models.terms import LibraryTerms

__all__ = [
    "ApplicationDocument",
    "LibraryTerms",
    "Qualification",
    "Shareholder",
    "Supplier",
    "SupplierApplication",
    "SupplierHold",
]
