"""The demonstration's ready county goes live on demonstration values; the other is left to be opened.

Everything goes through the services the bureau itself uses; only a tenant marked as a demonstration gets past the
checklist without verified thresholds.
"""

from __future__ import annotations

from datetime import datetime

from kernel.actor import SYSTEM
from kernel.clock import local_date
from shared_apps.fees.selectors import current_tariff
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.policies.selectors import accepted_tariff, has_opened, thresholds
from tenant_apps.policies.services import accept_tariff, acknowledge_rule, choose_modules, go_live
from tenants.database.context import tenant_selected

READY_TENANT = "652301"


def load(now: datetime) -> None:
    """After units, posts, shelf and tariff. A second loading changes nothing."""
    with tenant_selected(READY_TENANT):
        for view in thresholds(on=local_date(now)):
            if view.acknowledged_at is None:
                rule = view.rule
                acknowledge_rule(actor=SYSTEM, code=rule.code, kind=rule.kind, version=rule.version, now=now)
        tariff = current_tariff(on=local_date(now))
        if tariff is not None and accepted_tariff() != tariff.version:
            accept_tariff(actor=SYSTEM, version=tariff.version, now=now)
        if not has_opened():
            choose_modules(actor=SYSTEM, modules=[ONLINE_SUPERMARKET], now=now)
            go_live(actor=SYSTEM, now=now)
