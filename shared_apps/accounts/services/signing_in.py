"""Signing in: the name and password are checked here; the web opens the session."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import DomainError, TooManyRequests
from shared_apps.accounts import rules, security
from shared_apps.accounts.models import SecurityEvent, User
from shared_apps.accounts.rules import SecurityKind
from shared_apps.accounts.secret import keyed_hash
from shared_apps.accounts.services.people import end_mall_sessions
from tenants.database.context import REGION_ALIAS, region_atomic

_WINDOW = timedelta(minutes=rules.SIGN_IN_WINDOW_MINUTES)


class SignInRefused(DomainError):
    """One answer for an unknown name, a wrong password and a closed account."""

    code = "sign-in-refused"
    status = 400
    title = _("The name or the password is not right")


class SignInHeld(TooManyRequests):
    """Too many failures; the same for names that do not exist."""

    code = "sign-in-held"
    title = _("Too many failed attempts: signing in is held for a while")


def check_sign_in(*, username: str, password: str, address: str, host: str, now: datetime) -> User:
    """The person with this name and password. Raises SignInRefused and SignInHeld; either is logged.

    Attempts for one name from one address wait for each other, so that parallel ones are counted too.
    """
    name = rules.username_of(username)
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("sign-in", name, address))
        wait = _wait(name=name, address=address, now=now)
        user = None if wait else _matching(name, password)
        known = user if user is not None else User.objects.filter(username=name).only("id", "username").first()
        kind = SecurityKind.SIGN_IN_HELD if wait else SecurityKind.SIGNED_IN if user else SecurityKind.SIGN_IN_FAILED
        security.record(
            kind=kind,
            now=now,
            user_id=known.pk if known else None,
            username=known.username if known else "",
            subject=name,
            address=address,
            host=host,
        )
        if user is not None:
            user.last_login = now
            user.save(update_fields=["last_login"])
    if wait:
        raise SignInHeld(retry_after_seconds=wait)
    if user is None:
        raise SignInRefused
    return user


def _matching(name: str, password: str) -> User | None:
    user = User.objects.filter(username=name).first()
    if user is None:
        # As long as a real check: how fast the answer comes must not tell whether the name exists.
        make_password(password)
        return None
    return user if user.check_password(password) and user.is_active else None


def _wait(*, name: str, address: str, now: datetime) -> int:
    """Seconds this name and address must wait; 0 when the attempt may go on."""
    subject, place = keyed_hash("subject", name), security.address_hash(address)
    recent = SecurityEvent.objects.filter(at__gt=now - _WINDOW).order_by("-at")
    pair = recent.filter(subject_hash=subject, address_hash=place)
    since = pair.filter(kind=SecurityKind.SIGNED_IN).values_list("at", flat=True).first()
    limits = (
        (pair.filter(at__gt=since) if since else pair, rules.SIGN_IN_FAILURES_PER_NAME_AND_ADDRESS),
        (recent.filter(subject_hash=subject), rules.SIGN_IN_FAILURES_PER_NAME),
        (recent.filter(address_hash=place), rules.SIGN_IN_FAILURES_PER_ADDRESS),
    )
    return max(
        rules.wait_seconds(
            list(found.filter(kind=SecurityKind.SIGN_IN_FAILED).values_list("at", flat=True)[:allowed]),
            allowed=allowed,
            window=_WINDOW,
            now=now,
        )
        for found, allowed in limits
    )


def note_sign_out(*, user_id: int, address: str, host: str, now: datetime) -> None:
    """Signing out on the region's host leaves all malls as well."""
    with region_atomic():
        ended = end_mall_sessions(user_id=user_id, now=now)
        security.record(
            kind=SecurityKind.SIGNED_OUT, now=now, user_id=user_id, address=address, host=host, facts={"malls": ended}
        )
