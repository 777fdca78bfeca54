"""Agencies as parties that can be banned: the region's list of bans finds them here, holds and releases them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shared_apps.agencies.models import Agency
from shared_apps.agencies.rules.registration import SHOWN
from shared_apps.agencies.services.holding import hold_agency, release_agency
from shared_apps.sanctions.parties import PARTIES, PartyKind, PartyView

AGENCY = "agency"


def _page(agency_id: int) -> str:
    return reverse("agencies:agency", urlconf=settings.ROOT_URLCONF, args=[agency_id])


def find(*, codes: Collection[str]) -> Mapping[str, PartyView]:
    rows = Agency.objects.filter(uscc__in=list(codes)).values_list("id", "uscc", "name", "state")
    return {uscc: PartyView(key, uscc, name, _page(key) if state in SHOWN else "") for key, uscc, name, state in rows}


def hold(*, party_id: int, reference: str, reason: str, until: date, now: datetime) -> None:
    hold_agency(agency_id=party_id, reference=reference, reason=reason, until=until, now=now)


def release(*, party_id: int, reference: str, now: datetime) -> None:
    release_agency(agency_id=party_id, reference=reference, now=now)


PARTIES.register(AGENCY, PartyKind(AGENCY, _("Agency"), find, hold, release))
