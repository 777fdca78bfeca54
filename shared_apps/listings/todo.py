"""Offers in the to-do list: for reviewers what waits for a decision, for suppliers what they have to see to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.inbox.library import LibraryStep, follow
from shared_apps.listings.rules.work import OF_SUPPLIERS, Work
from tenants.journaling.consumers import RelayedEntry

_WORDS = {
    "offers_ending": _("Renew offers before they end"),
    "offers_proposals": _("Review proposed brands, product kinds, products and certificates"),
    "offers_returned": _("Mend the proposals to the product library that came back"),
    "offers_reviews": _("Review offers and dearer terms"),
    "offers_appeals": _("Decide on appeals about offers"),
    "offers_corrections": _("Look at what suppliers corrected on frozen offers"),
    "offers_patrol": _("Look at the offers of a patrol"),
    "offers_frozen": _("Correct frozen offers, or appeal"),
    "offers_rejected": _("Correct rejected offers and submit them anew, or appeal"),
}
_REVIEW, _OWN = "/library/review", "/supplier/offers"
_PATHS = {
    Work.PROPOSALS: f"{_REVIEW}/products/",
    Work.RETURNED: "/supplier/products/?state=returned",
    Work.REVIEWS: f"{_REVIEW}/offers/",
    Work.APPEALS: f"{_REVIEW}/offers/appeals/",
    Work.CORRECTIONS: f"{_REVIEW}/offers/all/?state=frozen",
    Work.FROZEN: f"{_OWN}/?state=frozen",
    Work.REJECTED: f"{_OWN}/?state=rejected",
}


def _endings(entry: RelayedEntry) -> list[LibraryStep]:
    """One thread a supplier: done once nothing of it ends soon any more."""
    facts = entry.facts
    waits = facts["offers"] > 0 and facts["organisation_id"] is not None
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step="offers_ending",
            path="/supplier/offers/ending/",
            post=Post.SUPPLIER_SALES if waits else None,
            organisation_id=facts["organisation_id"] if waits else None,
            due_at=_end_of(facts["first_on"]),
            facts={"order_number": facts["supplier_code"], "supplier_name": facts["name"]},
        )
    ]


def _work(entry: RelayedEntry) -> list[LibraryStep]:
    """One thread for each queue of the region, each patrol, and each supplier's frozen and rejected offers."""
    facts = entry.facts
    kind = Work(facts["kind"])
    post, organisation_id = Post.CPB_OPERATOR, None
    if kind in OF_SUPPLIERS:
        post, organisation_id = Post.SUPPLIER_SALES, facts["organisation_id"]
    elif kind is Work.PATROL and not facts["level"]:
        post = Post.REGION_SUPERVISOR
    waits = facts["waits"] and (kind not in OF_SUPPLIERS or organisation_id is not None)
    return [
        LibraryStep(
            object_type=entry.object_type,
            object_id=entry.object_id,
            step=f"offers_{kind}",
            path=_PATHS.get(kind) or f"{_REVIEW}/patrols/{facts['owner']}/",
            post=post if waits else None,
            level=facts["level"],
            organisation_id=organisation_id if waits else None,
            due_at=_end_of(facts["due_on"]),
            facts={"order_number": facts["code"], "supplier_name": facts["name"]},
        )
    ]


def _end_of(day: str | None) -> datetime | None:
    """The moment after the last one of that day."""
    if not day:
        return None
    after = date.fromisoformat(day) + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


follow(["listings.offers_ending"], _endings, words=_WORDS)
follow(["listings.work_told"], _work, words={})
