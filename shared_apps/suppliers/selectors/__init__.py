"""Reads of the supplier library, by noun. Others import from here."""

from shared_apps.suppliers.selectors.library import (
    PAGE_SIZE,
    SupplierList,
    SupplierView,
    admitted_suppliers,
    list_suppliers,
    public_supplier,
    supplier_by_code,
    supplier_of_organisations,
    suppliers_by_code,
    suppliers_by_id,
)

__all__ = [
    "PAGE_SIZE",
    "SupplierList",
    "SupplierView",
    "admitted_suppliers",
    "list_suppliers",
    "public_supplier",
    "supplier_by_code",
    "supplier_of_organisations",
    "suppliers_by_code",
    "suppliers_by_id",
]
