"""Writes of local configuration, by noun. Others import from here."""

from tenant_apps.policies.services.going_live import go_live, tell_checklist
from tenant_apps.policies.services.local_rules import (
    AlreadyAcknowledged,
    OutsideBounds,
    TariffAlreadyAccepted,
    TariffNotInForce,
    VersionNotInForce,
    accept_tariff,
    acknowledge_rule,
    end_tightening,
    tighten_rule,
)
from tenant_apps.policies.services.modules import (
    ChecklistOpen,
    MallIsLive,
    MallNotLive,
    ModuleNotBuilt,
    choose_modules,
    close_module,
    open_module,
    open_practice_modules,
)

__all__ = [
    "AlreadyAcknowledged",
    "ChecklistOpen",
    "MallIsLive",
    "MallNotLive",
    "ModuleNotBuilt",
    "OutsideBounds",
    "TariffAlreadyAccepted",
    "TariffNotInForce",
    "VersionNotInForce",
    "accept_tariff",
    "acknowledge_rule",
    "choose_modules",
    "close_module",
    "end_tightening",
    "go_live",
    "open_module",
    "open_practice_modules",
    "tell_checklist",
    "tighten_rule",
]
