"""Tables of the supplier library, by noun."""

from shared_apps.suppliers.models.hold import SupplierHold
from shared_apps.suppliers.models.supplier import Supplier

__all__ = ["Supplier", "SupplierHold"]
