"""Bans of tests, made through the services."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from kernel.actor import Actor, Belonging, HeldPost
from kernel.clock import SHANGHAI
from kernel.posts import Post
from shared_apps.sanctions import services
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.rules import years_later
from shared_apps.sanctions.services import NewSanction, Upload
from tenants.database.context import region_as

_numbers = itertools.count(1)
# The smallest file that the region keeps as a PDF.
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def keeper(user_id: int, post: Post = Post.REGION_SUPERVISOR, tenant: str | None = None) -> Actor:
    """Somebody who keeps bans: of the region, or of a mall's finance bureau."""
    return Actor(
        user_id, f"测试{user_id}", None, (Belonging(user_id, "机构", "x", "X", tenant),), (HeldPost(post, user_id),)
    )


def at(day: date, hour: int = 12) -> datetime:
    """That hour of the office day in Xinjiang."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def decision(code: str, **changes: Any) -> NewSanction:
    """One year from 1 March 2026 for false material."""
    starts_on = changes.get("starts_on", date(2026, 3, 1))
    return NewSanction(
        **{
            "party_kind": "supplier",
            "party_code": code,
            "party_name": "测试供应商",
            "cause": "gpl77-1",
            "scope": "everywhere",
            "decision_number": f"测财采罚〔2026〕{next(_numbers)}号",
            "decided_on": starts_on,
            "decided_by": "测试财政局",
            "starts_on": starts_on,
            "last_on": years_later(starts_on, 1) - timedelta(days=1),
            **changes,
        }
    )


def drafted(code: str, **changes: Any) -> Sanction:
    """A ban that waits for a second person."""
    given = decision(code, **changes)
    with region_as("yz_region"):
        return services.enter_sanction(
            actor=keeper(1), given=given, document=Upload("决定书.pdf", PDF), now=at(given.starts_on)
        )


def banned(code: str, *, now: datetime | None = None, **changes: Any) -> Sanction:
    """A ban that two people have put in force, `now` on its first day when not said."""
    given = decision(code, **changes)
    now = now or at(given.starts_on)
    with region_as("yz_region"):
        row = services.enter_sanction(actor=keeper(1), given=given, document=Upload("决定书.pdf", PDF), now=now)
        return services.put_in_force(actor=keeper(2), sanction_id=row.pk, now=now)
