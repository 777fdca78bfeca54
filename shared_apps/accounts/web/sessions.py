"""The browser's session on the region's host, over Django's session store."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from shared_apps.accounts.models import User
from shared_apps.accounts.secret import keyed_hash

_USER, _PROOF = "user_id", "proof"


def _proof(user: User) -> str:
    """Changes with the password and the salt: either ends every session."""
    return keyed_hash("session", f"{user.pk}:{user.password}:{user.session_salt}")


def open_session(request: HttpRequest, user: User) -> None:
    """A new session for this person: whatever the browser held before is gone, so that none can be planted."""
    request.session.flush()
    request.session[_USER] = user.pk
    request.session[_PROOF] = _proof(user)
    rotate_token(request)


def close_session(request: HttpRequest) -> None:
    request.session.flush()


def session_user(request: HttpRequest) -> User | None:
    """Who is signed in here; at most two statements (session, person)."""
    user_id = request.session.get(_USER)
    if not isinstance(user_id, int):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not constant_time_compare(request.session.get(_PROOF, ""), _proof(user)):
        request.session.flush()
        return None
    return user
