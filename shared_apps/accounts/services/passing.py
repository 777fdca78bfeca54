"""The one-time hand-off from the region's host to a mall, and the session it opens there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, SignInRequired
from shared_apps.accounts import security
from shared_apps.accounts.models import HandOff
from shared_apps.accounts.rules import HAND_OFF_SECONDS, MALL_SESSION_HOURS, SecurityKind, is_safe_path
from shared_apps.accounts.secret import hash_of, new_secret
from shared_apps.accounts.visits import note_visit
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.registry.selectors import primary_host


class EntryRefused(Conflict):
    """Used, expired, another mall's, or never issued: the answer does not tell which."""

    code = "entry-refused"
    title = _("This passage has been used or has expired")


@dataclass(frozen=True, slots=True)
class Entry:
    """An opened session: the cookie's secret and where to go."""

    user_id: int
    session_secret: str
    next_path: str


def hand_off(*, actor: Actor, tenant_code: str, next_path: str = "", now: datetime) -> str:
    """The address on the mall's host that opens a session there, once, within a minute.

    Everybody signed in may cross: what counts there is decided there. An overseer's visit is journalled.
    Raises NotFound for an unknown mall, InvalidInput for a `next_path` that leads elsewhere.
    """
    if actor.user_id is None:
        raise SignInRequired
    if next_path and not is_safe_path(next_path):
        raise InvalidInput(errors={"next": [str(_("This is not an address on the same site."))]})
    host = primary_host(code=tenant_code)
    secret = new_secret()
    with region_atomic():
        HandOff.objects.create(
            secret_hash=hash_of(secret),
            user_id=actor.user_id,
            tenant_code=tenant_code,
            next_path=next_path,
            created_at=now,
            expires_at=now + timedelta(seconds=HAND_OFF_SECONDS),
        )
        note_visit(actor=actor, tenant_code=tenant_code, now=now)
    return f"{settings.YZ_TENANT_URL.format(host=host)}/enter/?{urlencode({'ticket': secret})}"


def enter_mall(*, ticket: str, tenant_code: str, address: str, host: str, now: datetime) -> Entry:
    """Uses a hand-off up and opens a session in that mall. Raises EntryRefused; either is logged.

    Runs as yz_mall: both happen inside one database function, in one statement.
    """
    session_secret = new_secret()
    with region_atomic():
        with connections[REGION_ALIAS].cursor() as cursor:
            cursor.execute(
                "SELECT person_id, next_path FROM accounts_enter_mall(%s, %s, %s, %s)",
                [hash_of(ticket), tenant_code, hash_of(session_secret), MALL_SESSION_HOURS],
            )
            found = cursor.fetchone()
        security.record(
            kind=SecurityKind.ENTERED_MALL if found else SecurityKind.ENTRY_FAILED,
            now=now,
            user_id=found[0] if found else None,
            address=address,
            host=host,
        )
    if found is None:
        raise EntryRefused
    return Entry(found[0], session_secret, found[1] or "/")


def leave_mall(*, session_secret: str, tenant_code: str, address: str, host: str, now: datetime) -> None:
    """Ends one session in a mall; an unknown or ended one is left as it is."""
    with region_atomic():
        with connections[REGION_ALIAS].cursor() as cursor:
            cursor.execute("SELECT accounts_leave_mall(%s, %s)", [hash_of(session_secret), tenant_code])
            row = cursor.fetchone()
        if row and row[0] is not None:
            security.record(kind=SecurityKind.LEFT_MALL, now=now, user_id=row[0], address=address, host=host)
