"""Two bans of made-up firms for the demonstration: one in force, one whose time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import NotFound
from shared_apps.accounts import selectors as people
from shared_apps.sanctions import services
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.rules import Scope, years_later
from shared_apps.sanctions.services import NewSanction, Upload
from shared_apps.sanctions.suppliers import SUPPLIER

# Number of the decision, credit code, name, situation, years since it began, years it lasts.
_BANS = (
    ("演示财采罚〔1〕号", "91652301DEM000910X", "演示禁入供应商甲（虚构）", "gpl77-1", 0, 2),
    ("演示财采罚〔2〕号", "91652301DEM000920Y", "演示禁入供应商乙（虚构）", "reg72-5", 2, 1),
)
# The smallest file that is a PDF: there is no decision behind a demonstration.
_PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def load(now: datetime) -> None:
    """Entered by the bureau, put in force by the region. Idempotent: what is there already stays as it is."""
    bureau, region = _actor("cj-caizheng"), _actor("quting")
    today = local_date(now)
    for number, code, name, cause, since, lasts in _BANS:
        if Sanction.objects.filter(decision_number=number).exists():
            continue
        starts_on = years_later(today, -since)
        given = NewSanction(
            party_kind=SUPPLIER,
            party_code=code,
            party_name=name,
            cause=cause,
            scope=Scope.EVERYWHERE,
            decision_number=number,
            decided_on=starts_on,
            decided_by="昌吉市财政局（演示）",
            starts_on=starts_on,
            last_on=years_later(starts_on, lasts) - timedelta(days=1),
        )
        row = services.enter_sanction(actor=bureau, given=given, document=Upload("演示决定书.pdf", _PAPER), now=now)
        services.put_in_force(actor=region, sanction_id=row.pk, now=now)
    services.sweep_due(now=now)


def _actor(username: str) -> Actor:
    user = people.user_by_id(user_id=people.user_ids(usernames=[username])[username])
    if user is None:
        raise NotFound(user=username)
    return people.visitor_of(user=user).actor
