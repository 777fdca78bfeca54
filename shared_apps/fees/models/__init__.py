"""Tariffs, metered uses, statements, and what each level budgets and shares."""

from shared_apps.fees.models.budgets import AcceptedTariff, BudgetWarning, CostShare, CostShareRule, FeeBudget
from shared_apps.fees.models.parameters import FeePeriod
from shared_apps.fees.models.reconciliation import FeeDifference, FeeReconciliation
from shared_apps.fees.models.settlement import FeeDispute, FeeReceipt, StatementShare
from shared_apps.fees.models.statements import FeeStatement, StatementLine, StatementUse
from shared_apps.fees.models.tariffs import TariffBundle, TariffDiscount, TariffLine, TariffVersion
from shared_apps.fees.models.usage import ApiHour, UsageEvent

__all__ = [
    "AcceptedTariff",
    "ApiHour",
    "BudgetWarning",
    "CostShare",
    "CostShareRule",
    "FeeBudget",
    "FeeDifference",
    "FeeDispute",
    "FeePeriod",
    "FeeReceipt",
    "FeeReconciliation",
    "FeeStatement",
    "StatementLine",
    "StatementShare",
    "StatementUse",
    "TariffBundle",
    "TariffDiscount",
    "TariffLine",
    "TariffVersion",
    "UsageEvent",
]
