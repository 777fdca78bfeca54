"""Applications for a mall in the to-do list: the region's desk decides, and its operator mends what broke off."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from tenants.journaling.consumers import RelayedEntry

# Whom an application waits for after an event; after any other event for nobody.
_WAITS = {
    "onboarding.applied": ("mall_applied", Post.REGION_SUPERVISOR),
    "onboarding.amended": ("mall_applied", Post.REGION_SUPERVISOR),
    "onboarding.provisioning_failed": ("mall_failed", Post.PLATFORM_OPERATOR),
}
_OTHERS = ("withdrawn", "approved", "refused", "provisioning_asked_again", "provisioning_started", "provisioned")


def _application(entry: RelayedEntry) -> list[LibraryStep]:
    facts = entry.facts
    step, post = _WAITS.get(entry.event, ("mall_moved", None))
    return [
        LibraryStep(
            object_type="mall_application",
            object_id=entry.object_id,
            step=step,
            path=f"/console/applications/{entry.object_id}/",
            post=post,
            facts={"order_number": facts["number"], "supplier_name": facts["bureau_name"]},
        )
    ]


follow(
    [*_WAITS, *(f"onboarding.{name}" for name in _OTHERS)],
    _application,
    words={
        "mall_applied": _("Decide about the application for a mall"),
        "mall_failed": _("See why the mall could not be set up, and have it tried again"),
    },
)
