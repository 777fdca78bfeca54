"""Webhooks in the to-do list: one that was disabled waits for its supplier's administrators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.exchange.models import Webhook
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry

_DISABLED = "exchange.webhook_disabled"


def _webhook(entry: RelayedEntry) -> list[LibraryStep]:
    """Done once it is set going again, or removed."""
    waits = entry.event == _DISABLED
    hook = Webhook.objects.filter(pk=int(entry.object_id)).values_list("organisation_id", "supplier_code").first()
    if hook is None:
        return []
    organisation_id, supplier_code = hook
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step="webhook_disabled",
            path=f"/supplier/programs/webhooks/{entry.object_id}/",
            post=Post.SUPPLIER_ADMIN if waits else None,
            organisation_id=organisation_id if waits else None,
            facts={"order_number": supplier_code},
        )
    ]


follow(
    (_DISABLED, "exchange.webhook_enabled", "exchange.webhook_removed"),
    _webhook,
    words={"webhook_disabled": _("Look after the webhook that was disabled")},
)
