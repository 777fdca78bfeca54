"""Reads of fees, by noun. Others import from here."""

from shared_apps.fees.selectors.reach import READERS, SEES_ALL, readable_codes, readable_tenant
from shared_apps.fees.selectors.statements import MonthOfTenant, Statement, month_of_all, month_totals, statement
from shared_apps.fees.selectors.tariffs import (
    SETS_TARIFFS,
    TariffRow,
    TariffView,
    current_tariff,
    current_tariff_version,
    tariff,
    tariffs,
)
from shared_apps.fees.selectors.usage import MonthQuantity, month_quantities

__all__ = [
    "READERS",
    "SEES_ALL",
    "SETS_TARIFFS",
    "MonthOfTenant",
    "MonthQuantity",
    "Statement",
    "TariffRow",
    "TariffView",
    "current_tariff",
    "current_tariff_version",
    "month_of_all",
    "month_quantities",
    "month_totals",
    "readable_codes",
    "readable_tenant",
    "statement",
    "tariff",
    "tariffs",
]
