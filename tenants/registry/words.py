"""How a tenant's states and refusals are said on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenants.registry.rules import TenantState
from webkit import problem_words, states

states.register(
    "tenant",
    {
        TenantState.CONFIGURING: (_("Being configured"), "warning"),
        TenantState.LIVE: (_("In operation"), "success"),
        TenantState.SUSPENDED: (_("Suspended"), "danger"),
        TenantState.ARCHIVED: (_("Archived"), "secondary"),
    },
)
problem_words.register(
    "tenant-suspended",
    facts={"reason": (_("Reason of the suspension"), "text")},
    advice=_("Everything can still be read. The region resumes the mall once the reason is gone."),
)
problem_words.register(
    "tenant-archived",
    facts={"reason": (_("Reason of the closing"), "text")},
    advice=_("Its records are kept for the supervisors and the auditors."),
)
