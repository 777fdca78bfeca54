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
    tariffs_of_months,
)
from shared_apps.fees.selectors.usage import MonthQuantity, month_quantities
from shared_apps.fees.selectors.whatif import WhatIf, what_if

__all__ = [
    "READERS",
    "SEES_ALL",
    "SETS_TARIFFS",
    "MonthOfTenant",
    "MonthQuantity",
    "Statement",
    "TariffRow",
    "TariffView",
    "WhatIf",
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
    "tariffs_of_months",
    "what_if",
]
